"""Changing the address: the new mailbox confirms, and the links in the former one end."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from newsletter import addresses
from newsletter.models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts, by_mail
from newsletter.subscribers.sign_up_queue import decide_sign_ups
from pages.models import NodePage
from tests import builders
from tests.integration.mail_links import (
    ADA,
    OF_A_SUBSCRIBER,
    address_of,
    change_of,
    kinds,
    press,
    refusal,
)


@pytest.fixture
def ada(home: NodePage) -> Subscriber:
    return builders.subscriber(ADA)


def test_an_address_changes_when_its_new_owner_confirms(client: Client, ada: Subscriber) -> None:
    asked = press(client, address_of("change-address", ada), email="ada@new.example")
    assert "Check the mail of your new address" in asked.text
    change = AddressChange.objects.get()
    mail = Delivery.objects.get(kind=DeliveryKind.CONFIRM_ADDRESS)
    assert (mail.address_change, mail.recipient) == (
        change,
        addresses.read("ada@new.example").subject,
    )
    ada.refresh_from_db()
    assert ada.address == ADA
    for _time in range(2):
        assert "is confirmed" in press(client, address_of("confirm-address", change)).text
    ada.refresh_from_db()
    assert ada.address == "ada@new.example"
    assert Delivery.objects.filter(kind=DeliveryKind.ADDRESS_CHANGED).count() == 1
    assert kinds() == ["confirmed", "address_left", "address_taken"]


@pytest.mark.parametrize("typed", ["", "ada", ADA.lower(), "a\r\n@b.example", "a@" + "b" * 9_999])
def test_a_bad_new_address_is_refused(client: Client, ada: Subscriber, typed: str) -> None:
    response = press(client, address_of("change-address", ada), email=typed)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not AddressChange.objects.exists()


def test_a_void_change_of_address_has_the_page_of_a_link_that_does_not_work(
    client: Client, ada: Subscriber
) -> None:
    old, new = change_of(ada), change_of(ada, "ada@other.example")
    press(client, address_of("confirm-address", new))
    void = address_of("confirm-address", old)
    assert refusal(client, void) == refusal(client, "/en/newsletter/confirm-address/x/")
    ada.refresh_from_db()
    assert ada.address == "ada@other.example"


def test_anothers_address_is_answered_like_any_and_not_taken(
    client: Client, ada: Subscriber
) -> None:
    builders.subscriber("bo@example.org")
    address = address_of("change-address", ada)
    answers = [press(client, address, email=each) for each in ("bo@example.org", "new@example.org")]
    assert answers[0].content == answers[1].content
    change = AddressChange.objects.get(new_address="bo@example.org")
    assert "was not changed" in press(client, address_of("confirm-address", change)).text
    ada.refresh_from_db()
    assert ada.address == ADA


def test_new_addresses_are_written_to_three_times_a_day(client: Client, ada: Subscriber) -> None:
    for number in range(5):
        press(client, address_of("change-address", ada), email=f"ada{number}@new.example")
    assert AddressChange.objects.count() == 3
    Delivery.objects.update(made_at=timezone.now() - timedelta(days=1, minutes=1))
    press(client, address_of("change-address", ada), email="ada9@new.example")
    assert AddressChange.objects.count() == 4


def test_a_strangers_mailbox_is_asked_three_times_a_month_by_however_many(
    client: Client, home: NodePage
) -> None:
    for name in ("ada", "bo", "cy", "di"):
        reader = builders.subscriber(f"{name}@example.org")
        spelling = f"victim+{name}@new.example"
        press(client, address_of("change-address", reader), email=spelling)
    mails = Delivery.objects.filter(kind=DeliveryKind.CONFIRM_ADDRESS)
    assert mails.count() == 3
    builders.sign_up("victim@new.example")
    decide_sign_ups()
    assert not Delivery.objects.filter(kind=DeliveryKind.CONFIRM).exists()


@pytest.mark.parametrize("name", [name for name in OF_A_SUBSCRIBER if name != "unsubscribe"])
def test_the_link_in_the_former_mailbox_ends_with_the_change_of_address(
    client: Client, ada: Subscriber, name: str
) -> None:
    former = address_of(name, ada)
    assert client.get(former).status_code == HTTPStatus.OK
    by_mail.change_address(change_of(ada))
    assert refusal(client, former)
    ada.refresh_from_db()
    assert client.get(address_of(name, ada)).status_code == HTTPStatus.OK


def test_the_former_mailboxs_link_to_leave_works_and_shows_nothing_of_the_new_address(
    client: Client, ada: Subscriber
) -> None:
    former = address_of("unsubscribe", ada)
    by_mail.change_address(change_of(ada, "ada@new.example"))
    asked, left = client.get(former), press(client, former)
    undo = left.text.split('action="')[-1].split('"')[0]
    pages = [asked, left, client.get(undo), press(client, undo)]
    acts.suppress(
        Subscriber.objects.get().subject, Suppression.Reason.STAFF, ConsentEvent.Method.ADMIN
    )
    pages += [client.get(former), press(client, undo)]
    assert "You have left" in left.text
    assert not [page for page in pages if "new.example" in page.text]
