"""What no part of the site can read is refused in plain words, on every address; never a 500."""

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from pages.models import NodePage
from tests import builders

LATIN = "application/x-www-form-urlencoded; charset=iso-8859-1"
ADDRESSES = [
    "/",
    "/en/",
    "/en/search/",
    "/en/nowhere/",
    "/admin/login/",
    "/documents/1/x/",
    "/media/images/x",
]
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}


@pytest.fixture
def quiet(home: NodePage) -> Client:
    """A browser that is given the error page a visitor would get."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("query", ["q=%00", "%00=1", "q=%ff", "q=%C3%28", "a=\x00"])
def test_a_query_that_is_no_text_is_refused(quiet: Client, address: str, query: str) -> None:
    response = quiet.get(address, QUERY_STRING=query)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "path", ["/en/%00/", "/%00", "/en/a%00b/", "/admin/%00/", "/documents/1/%00"]
)
def test_a_nul_in_the_path_is_refused(quiet: Client, path: str) -> None:
    assert quiet.get(path).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "path", ["/en/%ff/", "/%C3%28/", "/xx/", "/en/%F0%9F%A7%AA/", "/en/goals/%2e%2e/"]
)
def test_a_path_that_leads_nowhere_is_not_found(quiet: Client, path: str) -> None:
    assert quiet.get(path, follow=True).status_code in REFUSED


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "utf-7", "nonsense", '"'])
@pytest.mark.parametrize("address", ["/en/", "/admin/login/", "/en/nowhere/"])
def test_a_form_in_another_charset_is_refused(quiet: Client, address: str, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    response = quiet.generic("POST", address, b"a=1", content_type=kind)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert quiet.get(address, CONTENT_TYPE=kind).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("body", [b"username=%00&password=x", b"user%00name=x", b"username=\x00"])
def test_a_nul_in_a_form_is_refused(quiet: Client, body: bytes) -> None:
    kind = "application/x-www-form-urlencoded"
    assert (
        quiet.post("/admin/login/", body, content_type=kind).status_code == HTTPStatus.BAD_REQUEST
    )


def test_a_nul_in_a_form_of_parts_is_refused(quiet: Client) -> None:
    assert quiet.post("/admin/login/", {"username": "a\0b"}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("name", ["bbmri_ui", "bbmri_consent", "foreign", "sessionid"])
def test_a_nul_written_in_octal_makes_a_cookie_none(quiet: Client, name: str) -> None:
    fresh = quiet.get("/en/")
    response = quiet.get("/en/", HTTP_COOKIE=f'{name}="a\\000b"')
    assert response.status_code == HTTPStatus.OK
    assert (response.content, response.headers) == (fresh.content, fresh.headers)


def test_broken_parts_of_a_form_are_refused(quiet: Client) -> None:
    kind = "multipart/form-data; boundary=x"
    assert quiet.post("/admin/login/", b"--x\r\nbroken", content_type=kind).status_code < 500
    endless = "multipart/form-data; boundary=" + "x" * 5000
    assert (
        quiet.post("/admin/login/", b"--x", content_type=endless).status_code
        == HTTPStatus.BAD_REQUEST
    )


@pytest.mark.parametrize(
    "header",
    [
        b'Content-Disposition: form-data; name="a"; b*=x; b*0=y',
        b'Content-Disposition: form-data; name="a"; filename="b"; filename*=x; filename*0=y',
        b'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; b*=x; b*0=y',
    ],
)
@pytest.mark.parametrize("address", ["/en/", "/admin/login/", "/preferences/", "/en/nowhere/"])
def test_a_part_with_a_senseless_header_is_refused(
    quiet: Client, address: str, header: bytes
) -> None:
    form = b"--x\r\n" + header + b"\r\n\r\nwords\r\n--x--\r\n"
    response = quiet.generic("POST", address, form, "multipart/form-data; boundary=x")
    assert response.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
@pytest.mark.parametrize(
    "address", ["/en/", "/cookies/", "/admin/login/", "/newsletter/one-click/a-secret/"]
)
def test_a_form_that_breaks_off_is_refused(quiet: Client, address: str, kind: str) -> None:
    sent: dict[str, Any] = {
        "wsgi.input": builders.BrokenOff(),
        "CONTENT_LENGTH": "9",
        "CONTENT_TYPE": kind,
    }
    assert quiet.post(address, **sent).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("address", ["/en/", "/en/search/", "/en/nowhere/"])
def test_a_long_query_is_answered_and_an_endless_one_refused(quiet: Client, address: str) -> None:
    assert quiet.get(address, {"q": "x" * 7400}).status_code < 500
    assert quiet.get(address, {"q": "x" * 7600}).status_code == HTTPStatus.REQUEST_URI_TOO_LONG


@pytest.mark.parametrize(
    "wish", ["", "xx", "nl;q=9", "fr," * 4000, "*", "\xff", "de-DE-x-" + "a" * 10_000]
)
def test_any_wish_for_a_language_is_a_redirect_to_a_home(quiet: Client, wish: str) -> None:
    response = quiet.get("/", HTTP_ACCEPT_LANGUAGE=wish)
    assert response.status_code == HTTPStatus.FOUND
    assert response.headers["Location"] == "/en/"


def test_a_language_without_a_home_is_not_found(quiet: Client) -> None:
    assert quiet.get("/nl/").status_code == HTTPStatus.NOT_FOUND
    assert quiet.get("/nl/goals/").status_code == HTTPStatus.NOT_FOUND


def test_a_stranger_host_is_refused(quiet: Client) -> None:
    assert quiet.get("/en/", HTTP_HOST="evil.example").status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "name", ["wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:index"]
)
def test_the_admin_search_takes_any_words(quiet: Client, admin_of_all: User, name: str) -> None:
    quiet.force_login(admin_of_all)
    for words in ["*", '"', "a OR", "NEAR(", "(" * 50, "'", "\\", "word " * 200]:
        assert quiet.get(reverse(name), {"q": words}).status_code == HTTPStatus.OK
