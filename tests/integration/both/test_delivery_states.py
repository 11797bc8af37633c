"""What is drawn of a delivery's states is what its verbs do, and all that they do."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from newsletter.models import Delivery, DeliveryQuerySet, DeliveryState, SkipReason
from newsletter.models import delivery_states as drawing
from newsletter.sending.statements import Statements
from tests import builders
from worker.faults import Fault
from worker.verdicts import Verdict, VerdictKind

CLAIM, MINUTE = uuid4(), timedelta(minutes=1)
ARCHITECTURE = Path(__file__).parents[3] / "docs" / "architecture.md"
ARROW = re.compile(r" ──(\w+)──> ")
BY_A_WORKER = (DeliveryState.CLAIMED, DeliveryState.SENDING)

Act = Callable[[DeliveryQuerySet], int]
Arrows = set[tuple[str, str]]


def drawn_in(text: str | None) -> list[str]:
    return [line for line in (text or "").splitlines() if ARROW.search(line)]


def arrows() -> Mapping[str, Arrows]:
    """From and to, by verb."""
    found = defaultdict[str, Arrows](set)
    for line in drawn_in(drawing.__doc__):
        leaving, *rest = ARROW.split(line)
        for verb, entering in zip(rest[::2], rest[1::2], strict=True):
            found[verb] |= {(a, b) for a in leaving.split(", ") for b in entering.split(", ")}
            leaving = entering
    return found


def begin(rows: DeliveryQuerySet) -> int:
    with connection.cursor() as cursor:
        return Statements(CLAIM, "1 = 1").begin(rows.get(), cursor)


def settle(state: str) -> Act:
    def act(rows: DeliveryQuerySet) -> int:
        with connection.cursor() as cursor:
            said = Verdict(VerdictKind.FINAL)
            return Statements(CLAIM, "1 = 1").settle(rows.get(), state, said, cursor)

    return act


VERBS: Mapping[str, Sequence[Act]] = {
    "take": [lambda rows: rows.take(uuid4(), MINUTE)],
    "begin": [begin],
    "settle": [settle(state) for state in ("accepted", "rejected", "uncertain")],
    "give_back": [DeliveryQuerySet.give_back],
    "put_off": [lambda rows: rows.put_off(MINUTE, error_code="connect")],
    "give_up": [lambda rows: rows.give_up(error_code="gave up")],
    "retry": [lambda rows: rows.retry(MINUTE, error_code="450")],
    "lose": [lambda rows: rows.lose(error_code="worker")],
    "skip": [lambda rows: rows.skip(SkipReason.LEFT)],
    "reconcile": [DeliveryQuerySet.reconcile],
    "arrive": [DeliveryQuerySet.arrive],
    "turn_down": [lambda rows: rows.turn_down(error_code="blocked")],
    "treat_as_sent": [DeliveryQuerySet.treat_as_sent],
    "send_again": [DeliveryQuerySet.send_again],
}


def left_in(rows: DeliveryQuerySet, state: str, *, in_doubt: bool) -> None:
    now = timezone.now()
    fields: dict[str, Any] = {"state": state, "in_doubt": in_doubt, "attempt_started_at": now}
    fields["fault"] = Fault.US
    is_lost = state == DeliveryState.UNCERTAIN  # while its worker was only slow
    is_held, is_open = state in BY_A_WORKER, state in drawing.OPEN
    rows.update(
        claim=CLAIM if is_held or is_lost else None,
        claimed_until=now + MINUTE if is_held else None,
        finished_at=None if is_open else now,
        skip_reason="" if state != DeliveryState.SKIPPED else SkipReason.GONE,
        **fields,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_moves_what_is_drawn_and_nothing_else(verb: str) -> None:
    rows = Delivery.objects.filter(pk=builders.delivery(builders.subscriber()).pk)
    moved = set()
    for state in DeliveryState.values:
        for in_doubt in (False, True):
            for act in VERBS[verb]:
                left_in(rows, state, in_doubt=in_doubt)
                before, count = rows.values().get(), act(rows)
                row = rows.get()
                if count:
                    moved.add((state, row.state))
                    assert (row.finished_at is None) == (row.state in drawing.OPEN)
                    assert (row.claim is not None) == (row.state in BY_A_WORKER or verb == "lose")
                else:
                    assert rows.values().get() == before
    assert moved == arrows()[verb]


def test_each_arrow_has_its_verb_and_each_verb_its_arrow() -> None:
    methods = {name for name in vars(drawing.DeliveryTransitions) if not name.startswith("_")}
    assert set(arrows()) == set(VERBS) == methods | {"begin", "settle"}


def test_the_architecture_shows_the_same_drawing() -> None:
    assert drawn_in(ARCHITECTURE.read_text(encoding="utf-8")) == drawn_in(drawing.__doc__)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["", Fault.READER, Fault.MOMENT])
def test_what_is_rejected_for_no_fault_of_ours_is_never_sent_again(fault: str) -> None:
    rows = Delivery.objects.filter(pk=builders.delivery(builders.subscriber()).pk)
    left_in(rows, DeliveryState.REJECTED, in_doubt=False)
    rows.update(fault=fault)
    assert not rows.send_again()
