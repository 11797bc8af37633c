"""The security headers stand on every answer, whoever gives it."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from bbmri_be.environment import BASE_DIR
from pages.models import NodePage
from tests import builders
from visitors.headers import ALWAYS

HEADERS = {*ALWAYS, "Content-Security-Policy", "Cross-Origin-Resource-Policy"}
ADDRESSES = {
    "page": "/en/",
    "not found": "/en/nowhere/",
    "redirect": "/",
    "refused": "/en/%00",
    "too long": f"/en/?q={'x' * 5000}",
    "feed": "/en/news/feed/",
    "health": "/health/live",
    "robots": "/robots.txt",
    "admin": "/admin/login/",
    "choices": "/preferences/",
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_every_answer_has_them(home: NodePage, kind: str) -> None:
    answer = Client().get(ADDRESSES[kind])
    assert set(answer.headers) >= HEADERS
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_another_host_is_refused_with_them(home: NodePage) -> None:
    answer = Client().get("/en/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert set(answer.headers) >= HEADERS


def test_a_kept_page_has_them(home: NodePage, keeping: None) -> None:
    first, kept = Client().get("/en/"), Client().get("/en/")
    assert first.headers == kept.headers
    assert set(kept.headers) >= HEADERS


def test_an_unexpected_error_has_them(home: NodePage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(NodePage, "serve", fail)
    answer = Client(raise_request_exception=False).get("/en/")
    assert answer.status_code == 500
    assert set(answer.headers) >= HEADERS


def test_a_static_file_has_them_and_is_for_this_site_alone(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.css").write_text("p {}")
    settings.STATIC_ROOT = tmp_path
    answer = Client().get("/static/a.css")
    assert answer.status_code == 200
    assert set(answer.headers) >= HEADERS
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_picture_has_them_and_may_be_shown_by_a_mail(home: NodePage) -> None:
    name = builders.large_picture().sizes["card"]["avif"][0][0]
    answer = Client().get(f"/media/{name}")
    assert answer.status_code == 200
    assert set(answer.headers) >= HEADERS
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def policy_of(answer: HttpResponseBase) -> str:
    return answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", [a for kind, a in ADDRESSES.items() if kind != "admin"])
def test_whoever_asks_has_the_visitors_strict_policy(
    home: NodePage, admin_of_all: User, address: str
) -> None:
    policy = policy_of(Client().get(address))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    browser = Client()
    browser.force_login(admin_of_all)
    assert policy_of(browser.get(address)) == policy
    assert policy_of(Client().get(address, HTTP_COOKIE="sessionid=a-cookie-of-nobody")) == policy


@pytest.mark.parametrize("address", ["/administration/", "/adminx/", "/en/admin/", "/admin"])
def test_only_below_the_admins_address_is_its_policy(home: NodePage, address: str) -> None:
    assert "unsafe" not in policy_of(Client().get(address))


def test_the_admin_and_its_previews_have_wagtails_policy(
    home: NodePage, publishing: Client
) -> None:
    page = builders.text_page(home)
    page.save_revision()
    for address in ("/admin/", f"/admin/pages/{page.pk}/view_draft/"):
        policy = policy_of(publishing.get(address))
        assert "script-src 'self' 'unsafe-inline'" in policy
        assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("value", ["x", "a-cookie-of-nobody", "x" * 3000, "é", '"', "'; DROP"])
@pytest.mark.parametrize("kind", ADDRESSES)
def test_nobodys_session_changes_no_header(
    home: NodePage, keeping: None, kind: str, value: str
) -> None:
    fresh, false = Client().get(ADDRESSES[kind]), Client()
    false.cookies["sessionid"] = value
    answer = false.get(ADDRESSES[kind])
    assert without_moment(answer) == without_moment(fresh)
    assert not answer.cookies or kind == "admin"


def without_moment(answer: HttpResponseBase) -> tuple[int, dict[str, str]]:
    headers = dict(answer.headers)
    headers.pop("Expires", None)
    return answer.status_code, headers


@pytest.mark.parametrize("state", ["signed out", "reset"])
def test_a_session_of_no_account_is_nobodys(
    home: NodePage, keeping: None, publishing: Client, state: str
) -> None:
    key = publishing.cookies["sessionid"].value
    publishing.post("/admin/logout/")
    if state == "reset":  # Django keeps the token of a new password in a session
        session = SessionStore()
        session["_password_reset_token"] = "token"  # noqa: S105  nobody's
        session.create()
        key = session.session_key
    answer = Client().get("/en/", HTTP_COOKIE=f"sessionid={key}")
    assert answer.headers == Client().get("/en/").headers


def test_a_session_is_looked_up_once(home: NodePage, publishing: Client) -> None:
    publishing.get("/en/")
    with CaptureQueriesContext(connection) as asked:
        assert "wagtail-userbar" in publishing.get("/en/").text
    assert sum("django_session" in query["sql"] for query in asked) == 1


def test_the_proxy_says_the_same_of_its_own_answers_and_never_twice() -> None:
    proxy = (BASE_DIR / "deploy" / "nginx.conf").read_text()
    told = dict(re.findall(r"^  add_header ([\w-]+) \$(\w+) always;", proxy, re.MULTILINE))
    assert set(told) >= HEADERS | {"Strict-Transport-Security"}
    assert proxy.count("add_header ") == len(told)  # one in a server or location drops these
    for name, value in ALWAYS.items():
        upstream = name.lower().replace("-", "_")
        (said,) = re.findall(
            rf'map \$upstream_http_{upstream} \${told[name]} {{\s*"" "?([^}}]+?)"?;\s*}}', proxy
        )
        assert said == value
