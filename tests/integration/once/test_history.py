"""What a person reads of themselves: all of it, and nothing of who has their address now."""

import pytest

from newsletter.ledger import history
from newsletter.models import AddressChange, Subscriber
from newsletter.subscribers import acts, by_mail
from tests import builders

pytestmark = pytest.mark.django_db


def joined(address: str) -> Subscriber:
    asked = builders.sign_up(address)
    acts.confirm(asked)
    return Subscriber.objects.get(address=address)


def moved(person: Subscriber, new: str) -> Subscriber:
    change = AddressChange.objects.create(
        subscriber=person, old_address=person.address, new_address=new
    )
    return by_mail.change_address(change)


def kinds(person: Subscriber) -> list[str]:
    return [event.kind for event in history.events_of(person.subject)]


def test_the_first_consent_is_told_after_two_changes_of_address() -> None:
    person = moved(joined("a@example.org"), "b@example.org")
    person = moved(person, "c@example.org")
    moves = ["address_left", "address_taken"]
    assert kinds(person) == ["confirmed", *moves, *moves]


def test_there_and_back_is_told_once_each() -> None:
    person = moved(joined("a@example.org"), "b@example.org")
    person = moved(person, "a@example.org")
    moves = ["address_left", "address_taken"]
    assert kinds(person) == ["confirmed", *moves, *moves]


def test_nothing_is_told_of_who_has_the_former_address_now() -> None:
    person = moved(joined("a@example.org"), "b@example.org")
    stranger = joined("a@example.org")
    acts.choose_topics(stranger, [], "page")
    assert kinds(person) == ["confirmed", "address_left", "address_taken"]
    held = history.everything(person)
    assert len(held["sign_ups"]) == 1
