"""Each mail can be read by anybody, in their language, and says nothing that a stranger typed."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.test.utils.form_data import nested_form_data, streamfield

from newsletter import mails
from newsletter.models import Delivery, DeliveryKind, SignUp
from newsletter.proofreading import checks
from pages.models import NodePage, SiteIdentity
from tests import builders, mail_layout

KINDS = [kind for kind in DeliveryKind if kind != DeliveryKind.ISSUE]
LANGUAGES = [code for code, _name in site.LANGUAGES]

pytestmark = pytest.mark.django_db


def row(kind: str, language: str = "en") -> Delivery:
    """A delivery of a kind, about what such a one is about."""
    someone = builders.subscriber("ada@example.org", language=language)
    if kind == DeliveryKind.CONFIRM:
        return Delivery.objects.to_sign_up(kind, SignUp.objects.get())
    change = None
    if kind in {DeliveryKind.CONFIRM_ADDRESS, DeliveryKind.ADDRESS_CHANGED}:
        change = someone.address_changes.create(
            old_address="ada@example.org",
            new_address="ada@example.net",
            confirmed_at=timezone.now(),
        )
    return builders.delivery(someone, kind, address_change=change)


def parsed(message: EmailMultiAlternatives) -> EmailMessage:
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body
    return body.get_content()


class Markup(HTMLParser):
    """The tags of a mail, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def links(self) -> set[str]:
        return {said["href"] or "" for tag, said in self.tags if tag == "a"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_complete_in_every_language(home: NodePage, kind: str, language: str) -> None:
    delivery = row(kind, language)
    message = parsed(mails.write(delivery))
    html, text = part(message, "html"), part(message, "plain")
    markup = Markup(html)

    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    assert "BBMRI.be" in message["Subject"]
    assert message["Message-ID"] == delivery.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert ("List-Unsubscribe" in message) == (kind == DeliveryKind.RECONSENT)
    assert dict(markup.tags)["html"]["lang"] == language
    assert "img" not in dict(markup.tags)
    assert mail_layout.faults(html) == []
    assert '<head><meta charset="utf-8">' in html[:200], "browsers look at 1,024 bytes"
    assert checks.of_mail(html, text) == []
    assert markup.links() - {f"{site.SITE_URL}/{language}/"} <= set(re.findall(r"http\S+", text))
    assert "{" not in text
    assert "ada@" not in html + text


def test_what_goes_to_many_is_left_by_one_click(client: Client, home: NodePage) -> None:
    delivery = row(DeliveryKind.RECONSENT)
    message = parsed(mails.write(delivery))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Precedence"] == "bulk"
    assert message["List-Id"] == "<news.bbmri.example>"
    address = message["List-Unsubscribe"].strip("<> ").removeprefix(site.SITE_URL)
    assert client.post(address).status_code == HTTPStatus.OK
    assert delivery.subscriber
    delivery.subscriber.refresh_from_db()
    assert not delivery.subscriber.is_confirmed


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (DeliveryKind.CONFIRM, "ada@example.org"),
        (DeliveryKind.GOODBYE, "ada@example.org"),
        (DeliveryKind.CONFIRM_ADDRESS, "ada@example.net"),
        (DeliveryKind.ADDRESS_CHANGED, "ada@example.org"),
    ],
)
def test_each_mail_goes_to_the_mailbox_it_is_about(home: NodePage, kind: str, address: str) -> None:
    assert mails.write(row(kind)).to == [address]


def test_the_text_to_agree_to_anew_stands_in_the_mail(home: NodePage) -> None:
    delivery = row(DeliveryKind.RECONSENT)
    new = builders.consent_text(version=2, text="I agree to more, as the privacy notice says.")
    message = parsed(mails.write(delivery))
    for kind in ("plain", "html"):
        assert new.text in part(message, kind)
        assert new.notice_url in part(message, kind)
        assert "/unsubscribe/" in part(message, kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_on_an_imported_list_is_told_so_and_what_they_agree_to(
    home: NodePage, language: str
) -> None:
    delivery = row(DeliveryKind.CONFIRM, language)
    asked = mails.write(delivery).body
    SignUp.objects.update(origin=SignUp.Origin.IMPORT)
    delivery.refresh_from_db()
    message = parsed(mails.write(delivery))
    text = part(message, "plain")
    assert ("on a list" in text) == (language == "en")
    assert builders.CONSENT not in asked
    assert mail_layout.faults(part(message, "html")) == []
    assert builders.CONSENT in text


def test_answers_go_to_whoever_reads_them(home: NodePage, settings: Settings) -> None:
    delivery = row(DeliveryKind.GOODBYE)
    assert mails.write(delivery).message()["Reply-To"] is None
    settings.MAIL_REPLY_TO = '"Zoë, the office" <office@bbmri.example>'
    replies = parsed(mails.write(delivery))["Reply-To"]
    assert replies.addresses[0].addr_spec == "office@bbmri.example"


def test_the_words_of_the_button_can_be_told_from_it(home: NodePage) -> None:
    html = part(parsed(mails.write(row(DeliveryKind.CONFIRM))), "html")
    [style] = [said["style"] for tag, said in Markup(html).tags if said.get("class") == "button"]
    assert style
    assert "color: #ffffff" in style
    assert "#0a4a95" not in style


def test_the_name_of_the_site_cannot_begin_another_header(
    client: Client, admin_of_all: User, home: NodePage
) -> None:
    client.force_login(admin_of_all)
    identity = SiteIdentity.objects.get(locale=home.locale)
    menus = {name: streamfield([]) for name in ("header_menu", "footer_menu")}
    typed = {"name": "BBMRI\x0bBcc : e@x.be", "tagline": "", "footer_text": "null"} | menus
    address = reverse("wagtailsnippets_pages_siteidentity:edit", args=[identity.pk])
    assert "no control characters" in client.post(address, nested_form_data(typed)).text
    assert SiteIdentity.objects.get(pk=identity.pk).name == identity.name
