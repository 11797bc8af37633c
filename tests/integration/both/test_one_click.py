"""A mail program's own button to unsubscribe (RFC 8058): one POST; who opens it gets a page."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from newsletter import tokens
from newsletter.models import ConsentEvent, Subscriber
from pages.models import NodePage
from tests import builders

ONE_CLICK = "List-Unsubscribe=One-Click"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = (
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)
Ask = Callable[..., Any]


@pytest.fixture
def ada(home: NodePage) -> Subscriber:
    return builders.subscriber()


@pytest.fixture
def ask(ada: Subscriber) -> Ask:
    """A mail provider's machine: no cookie, no origin."""

    def asking(body: str = ONE_CLICK, kind: str = URLENCODED, token: str = "") -> Any:  # noqa: ANN401  the test client's answer
        token = token or tokens.UNSUBSCRIBE.token(ada.uuid.hex)
        address = f"/newsletter/one-click/{token}/"
        return Client(enforce_csrf_checks=True).post(address, body, content_type=kind)

    return asking


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, URLENCODED),
        (f"{ONE_CLICK}\r\n", URLENCODED),
        (f"{ONE_CLICK}&{ONE_CLICK}", URLENCODED),
        ("List%2DUnsubscribe=One%2DClick", f"{URLENCODED}; charset=utf-8"),
        ("list-unsubscribe=one-click", URLENCODED),
        (MULTIPART, "multipart/form-data; boundary=b"),
        (ONE_CLICK, "text/plain"),
        (f"{ONE_CLICK}\r\n", ""),
        ('{"List-Unsubscribe": "One-Click"}', "application/json"),
        ("", URLENCODED),
        ("", ""),
        ("--b--\r\n", "multipart/form-data; boundary=b"),
    ],
)
def test_one_click_leaves_without_cookie_or_redirect(
    ask: Ask, ada: Subscriber, body: str, kind: str
) -> None:
    for _time in range(2):
        response = ask(body, kind)
        assert response.status_code == HTTPStatus.OK
        assert response.headers["Content-Type"].startswith("text/plain")
        assert "no-store" in response.headers["Cache-Control"]
        assert not response.cookies
    ada.refresh_from_db()
    assert not ada.is_confirmed
    assert list(ConsentEvent.objects.values_list("kind", "method")) == [
        ("confirmed", "form"),
        ("left", "one_click"),
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("List-Unsubscribe=Two-Click", URLENCODED),
        ("email=ada@example.org", URLENCODED),
        (MULTIPART.replace("One-Click", "No"), "multipart/form-data; boundary=b"),
        ("\xff\xfe", "text/plain"),
        ("x" * 3_000_000, "text/plain"),
        ("no", "multipart/form-data"),
    ],
)
def test_another_body_is_no_one_click(ask: Ask, body: str, kind: str, ada: Subscriber) -> None:
    assert ask(body, kind).status_code == HTTPStatus.BAD_REQUEST
    ada.refresh_from_db()
    assert ada.is_confirmed


def test_a_cut_slash_is_no_redirect(ada: Subscriber) -> None:
    address = f"/newsletter/one-click/{tokens.UNSUBSCRIBE.token_of(ada)}"
    assert Client().post(address, ONE_CLICK, content_type=URLENCODED).status_code == HTTPStatus.OK
    ada.refresh_from_db()
    assert not ada.is_confirmed


def test_its_own_links_alone_are_known(ask: Ask, ada: Subscriber) -> None:
    token = tokens.UNSUBSCRIBE.token(ada.uuid.hex)
    assert ask(token=tokens.MANAGE.token(ada.page_uuid.hex)).status_code == HTTPStatus.NOT_FOUND
    assert ask(token=f"{token[:-1]}!").status_code == HTTPStatus.NOT_FOUND
    assert Client().put(f"/newsletter/one-click/{token}/").status_code == 405
    ada.refresh_from_db()
    assert ada.is_confirmed
    ada.delete()
    assert ask(token=token).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Leave the newsletter"),
        ("nl", "nieuwsbrief"),
        ("fr", "lettre d’information"),  # noqa: RUF001  as French writes it
        ("de", "Newsletter"),
    ],
)
def test_who_opens_the_address_gets_a_page_with_one_button_in_their_language(
    client: Client, ada: Subscriber, language: str, words: str
) -> None:
    Subscriber.objects.update(language=language)
    address = f"/newsletter/one-click/{tokens.UNSUBSCRIBE.token_of(ada)}/"
    for _time in range(2):
        page = client.get(address)
        assert page.status_code == client.head(address).status_code == HTTPStatus.OK
    assert f'<html lang="{language}"' in page.text
    assert page.headers["Content-Language"] == language
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert words in main
    [action] = re.findall(r'<form method="post" action="(/\w\w/newsletter/[^"]*)"', main)
    assert main.count("<form") == main.count("<button") == 1
    ada.refresh_from_db()
    assert ada.is_confirmed
    assert client.post(action, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    ada.refresh_from_db()
    assert not ada.is_confirmed


def test_the_links_of_a_test_mail_are_about_nobody(ask: Ask, client: Client) -> None:
    token = tokens.TRIAL.token("0" * 32)
    assert "nobody was unsubscribed" in ask(token=token).text
    for path in ("newsletter/one-click", "nl/newsletter/unsubscribe", "en/newsletter/manage"):
        assert client.get(f"/{path}/{token}/").status_code == HTTPStatus.OK
    assert "test mail" in client.get(f"/newsletter/one-click/{token}/").text
