"""A subscriber is found at the desk by whatever can be copied from a mail of ours."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter import tokens
from newsletter.models import Delivery, DeliveryKind, Subscriber
from pages.models import NodePage
from tests import builders

SITE = "https://www.bbmri.example"
PROVIDERS = "0102018f2b7c4d1e-1a2b3c4d-000000"
COPIED: dict[str, Callable[[Subscriber, Delivery], str]] = {
    "an address": lambda ada, _mail: ada.address.upper(),
    "one with a name": lambda ada, _mail: f'"Peeters, Ada" <{ada.address}>',
    "a link to write": lambda ada, _mail: f"mailto:{ada.address}?subject=hello",
    "a Message-ID": lambda _ada, mail: mail.message_id,
    "the line it stands in": lambda _ada, mail: f"Message-ID: {mail.message_id}",
    "a delivery's number": lambda _ada, mail: str(mail.uuid),
    "and as reports have it": lambda _ada, mail: mail.uuid.hex,
    "a provider's number": lambda _ada, _mail: PROVIDERS,
    "a provider's Message-ID": lambda _ada, _mail: f"<{PROVIDERS}@eu-west-1.amazonses.com>",
    "a token": lambda ada, _mail: tokens.UNSUBSCRIBE.token_of(ada),
    "a link to leave": lambda ada, _mail: tokens.UNSUBSCRIBE.link("nl", ada),
    "a header's link": lambda ada, _mail: (
        f"List-Unsubscribe: <{SITE}/newsletter/one-click/{tokens.UNSUBSCRIBE.token_of(ada)}/>"
    ),
    "a link to the own page": lambda ada, _mail: tokens.MANAGE.link("en", ada),
    "an old one": lambda ada, _mail: expired(tokens.RECONSENT, ada),
}
pytestmark = pytest.mark.django_db


def expired(purpose: tokens.Purpose, ada: Subscriber) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: 1_500_000_000)
        return purpose.link("en", ada)


@pytest.fixture
def desk(client: Client, manager: User, home: NodePage) -> Client:
    client.force_login(manager)
    return client


def find(desk: Client, pasted: str) -> str:
    answer = desk.post(reverse("subscribers:find"), {"address": pasted})
    return answer.headers.get("Location") or answer.text


@pytest.mark.parametrize("what", COPIED)
def test_what_is_copied_from_a_mail_leads_to_its_subscriber(desk: Client, what: str) -> None:
    ada = builders.subscriber()
    builders.subscriber("bo@example.org")
    mail = builders.delivery(ada, provider_id=PROVIDERS)
    found = find(desk, COPIED[what](ada, mail))
    assert found == reverse("subscribers:inspect", args=[ada.pk])


def test_a_new_mailbox_is_found_by_its_link_to_confirm(desk: Client) -> None:
    change = builders.address_change(builders.subscriber(), "ada@new.example")
    found = find(desk, tokens.CONFIRM_ADDRESS.link("en", change))
    assert found == reverse("subscribers:inspect", args=[change.subscriber_id])


def test_a_mail_to_who_only_signed_up_says_so(desk: Client) -> None:
    asked = builders.sign_up("new@example.org")
    mail = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, asked)
    for pasted in (mail.message_id, tokens.CONFIRM.link("en", asked)):
        found = find(desk, pasted)
        assert "not looked at yet" in found
        assert "no subscriber" in found


def test_a_mail_to_who_was_erased_says_that_and_shows_nobody(desk: Client) -> None:
    ada = builders.subscriber()
    bo = builders.subscriber("bo@example.org")
    mail = builders.delivery(ada)
    ada.delete()
    found = find(desk, mail.message_id)
    assert "no subscriber, or not any more" in found
    assert bo.address not in found


@pytest.mark.parametrize(
    "junk", ["0" * 32, "x" * 1990, f"{'0' * 32}.a.b", "<@>", "Message-ID:", "mailto:", "\\x00<a@b>"]
)
def test_junk_finds_nobody(desk: Client, junk: str) -> None:
    ada = builders.subscriber()
    assert ada.address not in find(desk, junk)
    assert "No subscriber" in find(desk, junk)
