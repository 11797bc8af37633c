"""The security headers stand on every answer, whoever gives it."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
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
    name = builders.picture().sizes["card"]["avif"][0][0]
    answer = Client().get(f"/media/{name}")
    assert answer.status_code == 200
    assert set(answer.headers) >= HEADERS
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_visitors_have_the_strict_policy_and_sessions_wagtails(
    home: NodePage, publisher: User
) -> None:
    policy = Client().get("/en/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    browser = Client()
    browser.force_login(publisher)
    for address in ("/en/", "/admin/"):
        policy = browser.get(address).headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy


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
