"""Writing to the consent ledger, an append-only hash chain; reading from it how a person stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from newsletter.models import ConsentEvent, Subscriber

EventKind = ConsentEvent.Kind
CONFIRMS = {EventKind.CONFIRMED, EventKind.RETURNED, EventKind.ADDRESS_TAKEN}
ENDS = {EventKind.LEFT, EventKind.ADDRESS_LEFT, EventKind.SUPPRESSED, EventKind.ERASED}


@transaction.atomic
def record(event: ConsentEvent) -> ConsentEvent:
    """Add an event to a person's history, numbered and chained to the one before.

    Whoever calls holds the lock on the person's row. Where two write at once all the same, the
    second raises IntegrityError: a number is given once.
    """
    last = ConsentEvent.objects.of(event.subject).last()
    event.seq = last.seq + 1 if last else 1
    event.previous_hash = last.row_hash if last else ""
    event.save()
    return event


def record_of(
    subscriber: Subscriber, kind: str, method: str, evidence: dict[str, Any] | None = None
) -> None:
    """Add what a subscriber did, and how they stand after it."""
    record(
        ConsentEvent(
            subject=subscriber.subject,
            kind=kind,
            method=method,
            language=subscriber.language,
            consent_text=subscriber.consent_text,
            topics=subscriber.topic_slugs(),
            evidence=evidence or {},
        )
    )


def former(subject: str) -> dict[str, datetime]:
    """The subjects of the addresses that a person had before, each with when it was given up."""
    found: dict[str, datetime] = {}
    looking = {subject}
    while looking:
        moves = ConsentEvent.objects.filter(subject__in=looking, kind=EventKind.ADDRESS_TAKEN)
        before = {move.evidence["from"]: move.at for move in moves}
        looking = before.keys() - found.keys() - {subject}
        found |= {old: before[old] for old in looking}
    return found


@dataclass(frozen=True)
class Standing:
    """How a person stands by the ledger alone. `text_id`: the wording agreed to last."""

    is_confirmed: bool
    topics: tuple[str, ...] = ()
    language: str = ""
    text_id: int | None = None


def standing(events: Iterable[ConsentEvent]) -> Standing | None:
    """What a person's events, oldest first, add up to. None where there are none."""
    now: Standing | None = None
    for event in events:
        before = now or Standing(is_confirmed=False)
        is_confirmed = event.kind in CONFIRMS or (before.is_confirmed and event.kind not in ENDS)
        now = Standing(
            is_confirmed,
            tuple(event.topics),
            event.language,
            event.consent_text_id or before.text_id,
        )
    return now
