"""The ledger: numbered, chained, and enough to know how everybody stands."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.ledger import chain
from newsletter.models import ConsentEvent, LedgerError
from newsletter.subscribers import acts
from tests import builders

EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method


def history(subject: str) -> list[ConsentEvent]:
    return list(ConsentEvent.objects.of(subject))


def test_events_are_numbered_and_each_holds_the_hash_of_the_one_before(db: None) -> None:
    someone = builders.subscriber()
    acts.choose_language(someone, "nl", Method.PAGE)
    acts.leave(someone, Method.PAGE)
    events = history(someone.subject)
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events] == ["", *(e.row_hash for e in events[:2])]
    assert all(event.row_hash == event.hash() for event in events), "as hashed, so stored"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": EventKind.LEFT},
        {"method": Method.ADMIN},
        {"language": "nl"},
        {"topics": []},
        {"evidence": {}},
        {"at": timezone.now()},
        {"subject": "0" * 64},
        {"seq": 2},
        {"previous_hash": "0" * 64},
        {"consent_text": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_changed_changes_the_hash(db: None, change: dict[str, object]) -> None:
    event = history(builders.subscriber().subject)[0]
    for name, value in change.items():
        setattr(event, name, value)
    assert event.hash() != event.row_hash


def test_an_event_refuses_to_be_saved_again_or_deleted(db: None) -> None:
    event = history(builders.subscriber().subject)[0]
    for act in (
        event.save,
        event.delete,
        ConsentEvent.objects.all().delete,
        lambda: ConsentEvent.objects.update(kind=EventKind.LEFT),
        lambda: ConsentEvent.objects.bulk_update([event], ["kind"]),
    ):
        with pytest.raises(LedgerError):
            act()


def test_a_number_is_given_once(db: None) -> None:
    someone = builders.subscriber()
    twin = ConsentEvent(subject=someone.subject, seq=1, kind=EventKind.LEFT, method=Method.PAGE)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_who_has_no_events_stands_nowhere() -> None:
    assert chain.standing([]) is None


def test_the_ledger_alone_says_how_somebody_stands(db: None) -> None:
    builders.topic("events")
    someone = builders.subscriber()
    acts.choose_topics(someone, ["events"], Method.PAGE)
    acts.choose_language(someone, "fr", Method.PAGE)
    now = chain.standing(history(someone.subject))
    assert now == chain.Standing(True, ("events",), "fr", someone.consent_text_id)

    acts.leave(someone, Method.PAGE)
    left = chain.standing(history(someone.subject))
    assert left is not None
    assert not left.is_confirmed
    acts.come_back(someone, Method.PAGE)
    assert chain.standing(history(someone.subject)) == now


def test_agreeing_anew_while_gone_does_not_confirm() -> None:
    events = [
        ConsentEvent(kind=kind, language="en", topics=[])
        for kind in (EventKind.CONFIRMED, EventKind.LEFT, EventKind.RECONSENTED)
    ]
    now = chain.standing(events)
    assert now is not None
    assert not now.is_confirmed
