"""Forms for visitors: taken from this site alone, and always back to it."""

from http import HTTPStatus

import pytest
from django.test import Client

from pages.models import NodePage
from visitors.gate import LONGEST_NEXT

ADDRESSES = ["/preferences/", "/cookies/"]
FORM = {"text": "150", "analytics": "1", "next": "/en/goals/"}
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def strict(home: NodePage) -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://testserver"},
        {"Origin": "http://127.0.0.1:8000"},  # SITE_URL
    ],
)
def test_a_form_from_here_is_taken_without_a_token(
    strict: Client, address: str, headers: dict[str, str]
) -> None:
    response = strict.post(address, FORM, headers=headers)
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert response.headers["Location"].startswith("/en/goals/#")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
        {"Origin": "null"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver/"},
        {"Referer": "http://testserver/en/"},
    ],
)
def test_a_form_from_elsewhere_is_refused_and_sets_nothing(
    strict: Client, address: str, headers: dict[str, str]
) -> None:
    response = strict.post(address, FORM, headers=headers)
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_another_method_changes_nothing(strict: Client, address: str, method: str) -> None:
    response = getattr(strict, method)(address, FORM, headers=HERE)
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert not response.cookies


def test_a_refusal_is_logged_without_who_or_where(
    strict: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for address in ("/preferences/", "/en/newsletter/unsubscribe/a-secret/"):
        strict.post(address, FORM, headers={"Sec-Fetch-Site": "cross-site"})
    names = ("visitors.views.save_display", "newsletter:unsubscribe")
    assert [record.getMessage() for record in caplog.records if record.name == "visitors.gate"] == [
        f"Refused a form that came from elsewhere: {name}" for name in names
    ]


def landing(client: Client, **form: str) -> str:
    response = client.post("/preferences/", {"text": "150"} | form, headers=HERE)
    assert response.status_code == HTTPStatus.SEE_OTHER
    return response.headers["Location"]


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/en/\\..",
        "javascript:alert(1)",
        "/\t/evil.example/",
        " /en/",
        "/en/ x",
        "/en/\r\nSet-Cookie: a=b",
        "/en/\u2028",
        "/en/\u00a0",
        "en/",
        "",
        "/" + "x" * LONGEST_NEXT,
        "/" + "é" * (LONGEST_NEXT // 6),
    ],
)
def test_a_hostile_next_leads_to_the_home(client: Client, home: NodePage, asked: str) -> None:
    assert landing(client, next=asked) == "/en/#display"


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/nl/search/?q=a%20b&page=2", "/nl/search/?q=a%20b&page=2#display"),
        ("/nl/goals/#part", "/nl/goals/#display"),
        ("/en/é/", "/en/%C3%A9/#display"),
        ("/en/?to=https://evil.example", "/en/?to=https://evil.example#display"),
    ],
)
def test_a_next_of_this_site_is_kept_with_its_query(
    client: Client, home: NodePage, asked: str, there: str
) -> None:
    assert landing(client, next=asked) == there


@pytest.mark.parametrize(
    ("referer", "there"),
    [
        ("http://testserver/fr/news/?page=2#x", "/fr/news/?page=2#display"),
        ("http://evil.example/fr/news/", "/en/#display"),
        ("http://testserver//evil.example/", "/en/#display"),
        ("http://[broken", "/en/#display"),
    ],
)
def test_without_a_next_the_page_it_came_from_is_next(
    client: Client, home: NodePage, referer: str, there: str
) -> None:
    headers = HERE | {"Referer": referer}
    response = client.post("/preferences/", {"text": "150"}, headers=headers)
    assert response.headers["Location"] == there
