"""Headers that Django can't read, as a server hands them on: they count as not sent."""

import io
from typing import Any

import pytest

from bbmri_be.wsgi import application

pytestmark = pytest.mark.usefixtures("home", "one_connection")
UNREADABLE = [
    "text/html; a*=x; a*0=y",
    "text/html; charset*=zzz''x",
    "text/html; a*=idna''%ff",
    "text/html; a*0*=punycode''%ff",
    f"text/html; a*{'1' * 5000}=y",
]
READABLE = ["", ";", "*/*;q=0.8, text/html", "text/html; a*=utf-8''x", "\xff; \xff=\xff"]


def status_of(method: str, path: str, **said: str) -> str:
    """What the server is told to answer."""
    answered: list[Any] = []

    def start(*told: object) -> Any:  # noqa: ANN401  WSGI's way to write, which nobody uses
        answered.extend(told)

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"text=150"),
        "CONTENT_LENGTH": "8",
    }
    b"".join(application(environ | said, start))
    return answered[0]


@pytest.mark.parametrize("header", UNREADABLE + READABLE)
@pytest.mark.parametrize("name", ["CONTENT_TYPE", "HTTP_ACCEPT"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/en/", "200 OK"),
        ("POST", "/preferences/", "303 See Other"),
        ("POST", "/cookies/", "303 See Other"),
        ("POST", "/admin/login/", "403 Forbidden"),
    ],
)
def test_a_strange_type_changes_nothing(
    method: str, path: str, status: str, name: str, header: str
) -> None:
    assert status_of(method, path, **{name: header}) == status


@pytest.mark.parametrize("header", UNREADABLE)
def test_one_strange_type_among_others_is_no_wish(header: str) -> None:
    wish = f"application/json, {header};q=0.5"
    assert status_of("POST", "/preferences/", HTTP_ACCEPT=wish) == "303 See Other"
    assert status_of("POST", "/preferences/", HTTP_ACCEPT="application/json") == "204 No Content"
