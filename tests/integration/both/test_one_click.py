"""A mail program's own button to unsubscribe (RFC 8058): one POST, without a page."""

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
    ("body", "kind"), [(ONE_CLICK, URLENCODED), (MULTIPART, "multipart/form-data; boundary=b")]
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
        ("", URLENCODED),
        ("List-Unsubscribe=Two-Click", URLENCODED),
        ("list-unsubscribe=One-Click", URLENCODED),
        (f"{ONE_CLICK}&{ONE_CLICK}", URLENCODED),
        (ONE_CLICK, "text/plain"),
        ('{"List-Unsubscribe": "One-Click"}', "application/json"),
    ],
)
def test_another_body_is_no_one_click(ask: Ask, body: str, kind: str, ada: Subscriber) -> None:
    assert ask(body, kind).status_code == HTTPStatus.BAD_REQUEST
    ada.refresh_from_db()
    assert ada.is_confirmed


def test_one_click_takes_post_and_its_own_links_alone(
    ask: Ask, client: Client, ada: Subscriber
) -> None:
    token = tokens.UNSUBSCRIBE.token(ada.uuid.hex)
    for look in (client.get, client.head):
        assert look(f"/newsletter/one-click/{token}/").status_code == 405
    assert ask(token=tokens.MANAGE.token(ada.page_uuid.hex)).status_code == HTTPStatus.NOT_FOUND
    assert ask(token=f"{token[:-1]}!").status_code == HTTPStatus.NOT_FOUND
    ada.refresh_from_db()
    assert ada.is_confirmed
    ada.delete()
    assert ask(token=token).status_code == HTTPStatus.NOT_FOUND
