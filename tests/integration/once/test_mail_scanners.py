"""Machines that open every address of a mail before its reader does: they change nothing."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from http import HTTPStatus

import pytest
from django.apps import apps
from django.conf import settings
from django.core.serializers import serialize
from django.test import Client

from newsletter import mails
from newsletter.issues.messages import IssueMessage
from newsletter.models import Delivery, DeliveryKind
from pages.models import NodePage
from tests import builders

OF_A_CHANGE = {DeliveryKind.CONFIRM_ADDRESS, DeliveryKind.ADDRESS_CHANGED}


def one_of_each(home: NodePage) -> Iterator[tuple[str, bytes]]:
    someone = builders.subscriber("ada@example.org")
    asked = builders.sign_up("bo@example.org")
    about = {"old_address": someone.address, "new_address": "ada@new.example"}
    change = someone.address_changes.create(**about)
    for kind in set(DeliveryKind) - {DeliveryKind.ISSUE, DeliveryKind.CONFIRM}:
        more = {"address_change": change} if kind in OF_A_CHANGE else {}
        yield kind, mails.write(builders.delivery(someone, kind, **more)).message().as_bytes()
    confirm = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, asked)
    yield DeliveryKind.CONFIRM, mails.write(confirm).message().as_bytes()
    mailing = builders.begun(builders.issue(home))
    issue = builders.delivery(someone, DeliveryKind.ISSUE, mailing=mailing)
    yield DeliveryKind.ISSUE, IssueMessage(mailing).to(issue, someone).message().as_bytes()


def links_of(wire: bytes) -> set[str]:
    message = message_from_bytes(wire, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    heads = [str(value) for value in message.values()]
    pattern = rf"{re.escape(settings.SITE_URL)}([^\s<>\"')]*)"
    return set(re.findall(pattern, "\n".join([*parts, *heads]).replace("&amp;", "&")))


def everything() -> str:
    models = apps.get_app_config("newsletter").get_models()
    return serialize("json", [row for model in models for row in model._default_manager.all()])


@pytest.mark.django_db
def test_opening_every_link_of_every_mail_changes_nothing(client: Client, home: NodePage) -> None:
    links = {kind: links_of(wire) for kind, wire in one_of_each(home)}
    assert links.keys() == set(DeliveryKind)
    assert all(links.values())
    names = {link.split("/newsletter/")[-1].split("/")[0] for link in set().union(*links.values())}
    assert {
        "confirm",
        "never-again",
        "manage",
        "unsubscribe",
        "one-click",
        "undo",
        "erase",
    } <= names
    assert {"download", "change-address", "confirm-address", "reconsent"} <= names
    before = everything()
    for link in sorted(set().union(*links.values())):
        for look in (client.get, client.head, client.get):
            status = look(link).status_code
            if "/newsletter/" in link:
                assert status == HTTPStatus.OK, link
    assert everything() == before
