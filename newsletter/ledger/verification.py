"""Does each hash chain of the ledger hold, and does everybody stand as it says?

Histories are read one after the other, some thousands at a time beside the subscribers they are
about, so that a large ledger needs little memory and few queries. What is found names a person by
the beginning of their hash: never by an address.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from newsletter import addresses
from newsletter.ledger.chain import Standing, standing
from newsletter.models import ConsentEvent, ConsentText, LedgerPurge, Subscriber

AT_ONCE = 2000  # histories: their events and subscribers are in memory together
EVENTS_AT_ONCE = 2000
EventKind = ConsentEvent.Kind
BEGINNINGS = {EventKind.CONFIRMED, EventKind.ADDRESS_TAKEN}
CLOSED = {EventKind.ERASED, EventKind.ADDRESS_LEFT}  # after these only a beginning may come

Texts = dict[int, ConsentText]
Move = tuple[str, str]  # from one subject to another


@dataclass(frozen=True)
class History:
    """One person's events, oldest first."""

    subject: str
    events: list[ConsentEvent]

    @property
    def name(self) -> str:
        return _name(self.subject)

    @property
    def last(self) -> ConsentEvent:
        return self.events[-1]


@dataclass
class Report:
    """What was read, and what does not fit."""

    events: int = 0
    people: int = 0
    faults: list[str] = field(default_factory=list)


def verify() -> Report:
    texts = {text.pk: text for text in ConsentText.objects.all()}
    report = Report(faults=[*_wrong_texts(texts.values()), *_open_purges()])
    moves = Moves()
    read = _histories(texts)
    while batch := list(islice(read, AT_ONCE)):
        _verify_batch(batch, report, texts, moves)
    report.faults += moves.faults()
    report.faults += _without_history()
    return report


def _name(subject: str) -> str:
    return subject[:12]


def _wrong_texts(texts: Iterable[ConsentText]) -> Iterator[str]:
    for text in texts:
        if hashlib.sha256(text.words.encode()).hexdigest() != text.sha256:
            yield f"consent text {text.pk} ({text}): its words are not those that were hashed"


def _open_purges() -> Iterator[str]:
    """Nobody sees one that is at work: it is opened and closed in one transaction."""
    for purge in LedgerPurge.objects.filter(finished_at=None):
        yield f"purge {purge.pk}: left open, so that events can be deleted"


def _histories(texts: Texts) -> Iterator[History]:
    events = ConsentEvent.objects.order_by("subject", "seq").iterator(EVENTS_AT_ONCE)
    for subject, theirs in groupby(events, key=lambda event: event.subject):
        yield History(subject, [_with_text(event, texts) for event in theirs])


def _with_text(event: ConsentEvent, texts: Texts) -> ConsentEvent:
    """Spares a query an event. In the place of a text that is gone stands an empty one."""
    if (key := event.consent_text_id) is not None:
        event.consent_text = texts.get(key) or ConsentText(pk=key)
    return event


def _verify_batch(histories: list[History], report: Report, texts: Texts, moves: "Moves") -> None:
    subscribers = _subscribers_of(history.subject for history in histories)
    for history in histories:
        report.people += 1
        report.events += len(history.events)
        report.faults += _broken_links(history)
        moves.add(history)
        if list(_differences(history, subscribers.get(history.subject))):
            report.faults += _looked_at_again(history.subject, texts)


def _subscribers_of(subjects: Iterable[str]) -> dict[str, Subscriber]:
    found = Subscriber.objects.filter(subject__in=list(subjects)).prefetch_related("topics")
    return {each.subject: each for each in found}


@transaction.atomic
def _looked_at_again(subject: str, texts: Texts) -> list[str]:
    """Something may have happened between reading the events and reading the subscriber."""
    subscriber = Subscriber.objects.select_for_update().filter(subject=subject).first()
    events = [_with_text(event, texts) for event in ConsentEvent.objects.of(subject)]
    return list(_differences(History(subject, events), subscriber)) if events else []


# The chain


def _broken_links(history: History) -> Iterator[str]:
    before: ConsentEvent | None = None
    for number, event in enumerate(history.events, start=1):
        said = f"event {event.pk} of {history.name}"
        if event.seq != number:
            yield f"{said}: its number is {event.seq} and should be {number}"
        if event.previous_hash != (before.row_hash if before else ""):
            yield f"{said}: it is not chained to the event before"
        if event.consent_text and event.consent_text._state.adding:
            yield f"{said}: consent text {event.consent_text_id}, which it names, is gone"
        elif event.row_hash != event.hash():
            yield f"{said}: it does not say what was hashed"
        if _is_out_of_place(event, before):
            place = f"after {before.kind}" if before else "first"
            yield f"{said}: '{event.kind}' cannot come {place}"
        before = event


def _is_out_of_place(event: ConsentEvent, before: ConsentEvent | None) -> bool:
    is_beginning = event.kind in BEGINNINGS
    return not is_beginning and (before is None or before.kind in CLOSED)


# How people stand


def _differences(history: History, subscriber: Subscriber | None) -> Iterator[str]:
    now = standing(history.events)
    if subscriber is None:
        if history.last.kind not in CLOSED:
            yield f"{history.name}: no subscriber, and the last event is '{history.last.kind}'"
        return
    if history.last.kind in CLOSED:
        yield f"{history.name}: a subscriber, though the last event is '{history.last.kind}'"
    for what, said, kept in _compared(now or Standing(is_confirmed=False), subscriber):
        if said != kept:
            yield f"{history.name}: {what} is {kept}, by the ledger {said}"
    if not _is_named_by(subscriber):
        yield f"{history.name}: the hash is not that of the address (is ADDRESS_KEY another?)"


def _compared(now: Standing, subscriber: Subscriber) -> Iterator[tuple[str, object, object]]:
    yield "confirmed", now.is_confirmed, subscriber.is_confirmed
    yield "language", now.language, subscriber.language
    yield "text", now.text_id, subscriber.consent_text_id
    yield "topics", sorted(now.topics), sorted(each.slug for each in subscriber.topics.all())


def _is_named_by(subscriber: Subscriber) -> bool:
    try:
        address = addresses.read(subscriber.address)
    except ValidationError:
        return False
    return (address.key, address.subject) == (subscriber.key, subscriber.subject)


def _without_history() -> Iterator[str]:
    events = ConsentEvent.objects.filter(subject=OuterRef("subject"))
    for subscriber in Subscriber.objects.exclude(Exists(events)).only("pk", "subject").iterator():
        yield f"{_name(subscriber.subject)}: subscriber {subscriber.pk} has no events"


# From one address to another


@dataclass
class Moves:
    """Each history that ends with a new address must go on there, and the other way round."""

    left: dict[Move, datetime] = field(default_factory=dict)
    taken: set[Move] = field(default_factory=set)

    def add(self, history: History) -> None:
        for event in history.events:
            if event.kind == EventKind.ADDRESS_LEFT:
                self.left[history.subject, event.evidence.get("to", "")] = event.at
            elif event.kind == EventKind.ADDRESS_TAKEN:
                self.taken.add((event.evidence.get("from", ""), history.subject))

    def faults(self) -> Iterator[str]:
        purged_before = timezone.now() - timedelta(days=settings.NEWSLETTER_DAYS["ledger"])
        for move in self.left.keys() - self.taken:
            if self.left[move] >= purged_before:
                yield f"{_name(move[0])}: went to another address, whose history does not say so"
        for move in self.taken - self.left.keys():
            yield f"{_name(move[1])}: came from another address, whose history does not say so"
