"""The links in mails, as tests make and press them."""

from http import HTTPStatus
from typing import Any

from django.test import Client

from newsletter import addresses, tokens
from newsletter.models import AddressChange, ConsentEvent, Subscriber
from newsletter.subscribers import by_mail

HERE = {"Sec-Fetch-Site": "same-origin"}
ADA = "Ada.Peeters@example.org"
OF_A_SUBSCRIBER = {
    "manage": tokens.MANAGE,
    "unsubscribe": tokens.UNSUBSCRIBE,
    "undo": tokens.UNDO,
    "undo-now": tokens.UNDO_NOW,
    "erase": tokens.ERASE,
    "download": tokens.DOWNLOAD,
    "change-address": tokens.CHANGE_ADDRESS,
    "reconsent": tokens.RECONSENT,
}
OTHERS = {
    "confirm": tokens.CONFIRM,
    "never-again": tokens.NEVER_AGAIN,
    "confirm-address": tokens.CONFIRM_ADDRESS,
}
ALL = OF_A_SUBSCRIBER | OTHERS


def change_of(subscriber: Subscriber, new: str = "ada@new.example") -> AddressChange:
    by_mail.ask_new_address(subscriber, addresses.read(new))
    return subscriber.address_changes.latest("pk")


def address_of(name: str, row: Any, language: str = "en") -> str:  # noqa: ANN401  of any of the links' models
    return f"/{language}/newsletter/{name}/{token_for(ALL[name], row)}/"


def token_for(purpose: tokens.Purpose, row: Any) -> str:  # noqa: ANN401  whatever it is about
    about = getattr(row, purpose.by, row.uuid)  # also of a row that the purpose is not for
    return purpose.token(about.hex)


def press(client: Client, address: str, **form: str) -> Any:  # noqa: ANN401  the test client's answer
    return client.post(address, form, headers=HERE)


def kinds() -> list[str]:
    return list(ConsentEvent.objects.values_list("kind", flat=True))


def refusal(client: Client, address: str) -> bytes:
    shown, sent = client.get(address), press(client, address)
    assert shown.status_code == sent.status_code == HTTPStatus.NOT_FOUND
    assert shown.content == sent.content
    return sent.content
