"""A person's history as they read it themselves, and all that is held of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from newsletter.ledger import chain
from newsletter.models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    DeliveryReport,
    LinkRequest,
    SignUp,
    Subscriber,
    Suppression,
)

EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method

WHAT = {
    EventKind.CONFIRMED: _("You confirmed that you want the newsletter."),
    EventKind.TOPICS_CHANGED: _("You chose other topics."),
    EventKind.LANGUAGE_CHANGED: _("You chose another language."),
    EventKind.LEFT: _("You left."),
    EventKind.RETURNED: _("You came back."),
    EventKind.RECONSENTED: _("You agreed to a new text."),
    EventKind.ADDRESS_LEFT: _("You gave up your former address."),
    EventKind.ADDRESS_TAKEN: _("You took your new address."),
    EventKind.SUPPRESSED: _("We stopped writing to this address."),
    EventKind.ERASED: _("Your data was erased."),
}
HOW = {
    Method.FORM: _("in the form, then by the link in our mail"),
    Method.IMPORT: _("with evidence we were given, then by the link in our mail"),
    Method.PAGE: _("on this page"),
    Method.MAIL_LINK: _("by a link in a mail"),
    Method.ONE_CLICK: _("with the button of a mail program"),
    Method.PROVIDER: _("after a report of a mail provider"),
    Method.ADMIN: _("by our staff, on request"),
    Method.SCHEDULE: _("at the end of the time we keep it"),
}


def events_of(subject: str) -> list[ConsentEvent]:
    """All of a person, oldest first, from every address they had before as well.

    Of a former address only what was before they gave it up: somebody else may have it now.
    """
    found: dict[int, ConsentEvent] = {}
    looking = {subject: _all_of(subject)}
    while looking:
        who, events = looking.popitem()
        fresh = [event for event in events if event.pk not in found]
        found |= {event.pk: event for event in fresh}
        for move in (event for event in fresh if event.kind == EventKind.ADDRESS_TAKEN):
            old = move.evidence["from"]
            looking[old] = [*looking.get(old, []), *_until_left(old, who, move)]
    return [found[pk] for pk in sorted(found)]


def _all_of(subject: str) -> list[ConsentEvent]:
    return list(ConsentEvent.objects.of(subject).select_related("consent_text"))


def _until_left(old: str, new: str, move: ConsentEvent) -> Iterator[ConsentEvent]:
    events = [event for event in _all_of(old) if event.pk < move.pk]
    last = max((e.seq for e in events if e.evidence.get("to") == new), default=0)
    return (event for event in events if event.seq <= last)


def agreed(subscriber: Subscriber, events: list[ConsentEvent]) -> ConsentEvent | None:
    """When the person last said yes to the text that holds."""
    yes = (EventKind.CONFIRMED, EventKind.RECONSENTED)
    found = [e for e in events if e.kind in yes and e.consent_text == subscriber.consent_text]
    return found[-1] if found else None


@dataclass(frozen=True)
class Entry:
    """A line of the history: when, what and how."""

    at: datetime
    what: str
    how: str


def in_words(events: Iterable[ConsentEvent]) -> list[Entry]:
    """Newest first. Asking comes before the first yes: the yes keeps when."""
    entries = []
    for event in events:
        if asked := event.evidence.get("asked_at"):
            entries.append(Entry(datetime.fromisoformat(asked), *_asking(event.evidence)))
        entries.append(
            Entry(event.at, str(WHAT[EventKind(event.kind)]), str(HOW[Method(event.method)]))
        )
    return entries[::-1]


def _asking(evidence: dict[str, Any]) -> tuple[str, str]:
    """What was asked, and where."""
    if given := evidence.get("import"):
        return str(_("You asked for it, says a list that we were given.")), given.get("how", "")
    return str(_("You asked for it.")), evidence.get("page", "")


def everything(subscriber: Subscriber) -> dict[str, Any]:
    """All that is held of a person, to take along (GDPR art. 15(3), 20(1))."""
    events = events_of(subscriber.subject)
    asked = _of_person(subscriber, "subject", "made_at")
    mails = Q(subscriber=subscriber) | _of_person(subscriber, "recipient", "made_at")
    topics = subscriber.subscriptions.select_related("topic")
    return {
        "subscriber": _row(subscriber),
        "topics": [{"topic": each.topic.slug, "since": each.since} for each in topics],
        "agreed_to": _row(subscriber.consent_text),
        "history": [_row(event) for event in events],
        "sign_ups": _rows(SignUp.objects.filter(asked)),
        "mails": _rows(Delivery.objects.filter(mails)),
        "reports_on_mails": _rows(
            DeliveryReport.objects.filter(delivery__in=Delivery.objects.filter(mails))
        ),
        "link_requests": _rows(LinkRequest.objects.filter(asked)),
        "address_changes": _rows(AddressChange.objects.filter(subscriber=subscriber)),
        "not_written_to": _rows(
            Suppression.objects.filter(_of_person(subscriber, "subject", "since"))
        ),
    }


def _of_person(subscriber: Subscriber, who: str, when: str) -> Q:
    """Rows of a person's address, and of former ones from before each was given up."""
    theirs = Q(**{who: subscriber.subject})
    for old, given_up in chain.former(subscriber.subject).items():
        theirs |= Q(**{who: old, f"{when}__lte": given_up})
    return theirs


def _rows(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: Model) -> dict[str, Any]:
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
