"""Erasing a subscriber: of the address only hashes are left."""

from collections.abc import Callable
from unittest.mock import Mock

import pytest

from newsletter.models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    LinkRequest,
    SignUp,
    SkipReason,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts, by_mail
from tests import builders

EventKind, Method, Reason = ConsentEvent.Kind, ConsentEvent.Method, Suppression.Reason


def kinds(subject: str) -> list[str]:
    return [event.kind for event in ConsentEvent.objects.of(subject)]


@pytest.fixture
def ada(db: None) -> Subscriber:
    return builders.subscriber()


def test_erasing_keeps_only_hashes(ada: Subscriber) -> None:
    waiting = builders.delivery(ada)
    LinkRequest.objects.create(address=ada.address, subject=ada.subject)
    builders.address_change(ada, "ada@new.example")
    acts.erase(ada, Method.MAIL_LINK)
    for model in (Subscriber, SignUp, LinkRequest, AddressChange):
        assert not model._default_manager.exists(), model
    waiting.refresh_from_db()
    assert (waiting.subscriber, waiting.skip_reason) == (None, SkipReason.GONE)
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.ERASED]
    assert Suppression.objects.standing().get().reason == Reason.ERASED


def test_erasing_reaches_what_was_typed_about_former_addresses(ada: Subscriber) -> None:
    second = by_mail.change_address(builders.address_change(ada, "ada@second.example"))
    third = by_mail.change_address(builders.address_change(second, "ada@third.example"))
    told = third.deliveries.filter(kind=DeliveryKind.ADDRESS_CHANGED)
    ids = list(told.values_list("pk", flat=True))
    acts.erase(third, Method.MAIL_LINK)
    assert not SignUp.objects.exists()
    assert set(Delivery.objects.filter(pk__in=ids).values_list("skip_reason", flat=True)) == {
        SkipReason.GONE
    }


def test_erasing_leaves_alone_who_has_the_former_address_now(ada: Subscriber) -> None:
    moved = by_mail.change_address(builders.address_change(ada, "ada@new.example"))
    heir = builders.subscriber()
    acts.erase(moved, Method.MAIL_LINK)
    assert Subscriber.objects.get() == heir
    assert SignUp.objects.get().subject == heir.subject


def test_erasing_reaches_a_change_that_somebody_else_asked_for(ada: Subscriber) -> None:
    bob = builders.subscriber("bob@example.org")
    builders.address_change(bob, "ADA.peeters@example.org")
    builders.address_change(bob, "bob@new.example")
    acts.erase(ada, Method.MAIL_LINK)
    assert AddressChange.objects.get().new_address == "bob@new.example"


def test_who_was_erased_may_sign_up_afresh(ada: Subscriber) -> None:
    before = ada.uuid
    acts.erase(ada, Method.MAIL_LINK)
    again = builders.subscriber()
    assert again.uuid != before, "links of before lead nowhere"
    assert kinds(again.subject) == [EventKind.CONFIRMED, EventKind.ERASED, EventKind.CONFIRMED]
    assert not Suppression.objects.standing().exists()


GONE: list[Callable[[Subscriber], object]] = [
    lambda someone: acts.leave(someone, Method.PAGE),
    lambda someone: acts.come_back(someone, Method.PAGE),
    lambda someone: acts.choose_topics(someone, [], Method.PAGE),
    lambda someone: acts.choose_language(someone, "nl", Method.PAGE),
    lambda someone: acts.erase(someone, Method.PAGE),
]


@pytest.mark.parametrize("act", GONE)
def test_nothing_happens_to_who_was_erased_meanwhile(
    ada: Subscriber, act: Callable[[Subscriber], object]
) -> None:
    acts.erase(Subscriber.objects.get(), Method.MAIL_LINK)
    with pytest.raises(Subscriber.DoesNotExist):
        act(ada)
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.ERASED]


@pytest.mark.parametrize("act", [GONE[0], *GONE[2:]])
def test_an_act_that_fails_leaves_nothing(
    ada: Subscriber, act: Callable[[Subscriber], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts.chain, "record", Mock(side_effect=RuntimeError))
    with pytest.raises(RuntimeError):
        act(ada)
    ada.refresh_from_db()
    assert (ada.is_confirmed, ada.language, ada.topic_slugs()) == (True, "en", ["newsletter"])
    assert not Delivery.objects.exists()
    assert SignUp.objects.exists()
