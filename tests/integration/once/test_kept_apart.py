"""What is kept of one visitor never reaches another: not a look, not a header, not a session."""

import re
from http import HTTPStatus
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import PageViewRestriction

from pages.models import NodePage
from tests import builders
from tests.integration.once.test_page_cache import HOME, kept_pages, shelf
from visitors.choices import CHOICE_COOKIE, DISPLAY_COOKIE, TEXTS, THEMES
from visitors.notice.notices import CookieNotice

pytestmark = pytest.mark.usefixtures("keeping")


@pytest.fixture(autouse=True)
def empty_shelf(keeping: None) -> None:
    cache.clear()


# What a look may change: attributes of <html>, which button is pressed and what is told of that,
# the question and its answer, Matomo's loader.
OF_A_LOOK = re.compile(
    r"""(?<=<html\ lang="en")[^>]*
    | (?<=aria-pressed=")\w+
    | <p\ class="saved".*?</p>
    | <section\ id="cookie.*?</section>
    | <script\ src="[^"]*analytics\.js".*?</script>""",
    re.VERBOSE | re.DOTALL,
)


def test_no_visitor_gets_the_look_another_chose_and_looks_differ_in_nothing_else(
    home: NodePage, settings: Settings
) -> None:
    """Both go through every combination, the second from the last to the first."""
    settings.MATOMO_URL, settings.MATOMO_SITE_ID = "https://statistics.example.org/", 7
    words = {"text": "We count visits.", "link_text": "More about it"}
    CookieNotice.publish({"en": words}, material=True)
    looks = list(product(TEXTS, THEMES, (None, "0", "1")))
    one, other = Client(), Client()

    def see(browser: Client, look: tuple[str, str, str | None]) -> str:
        text, theme, answer = look
        browser.cookies[DISPLAY_COOKIE] = f"t{text}.{theme}"
        browser.cookies[CHOICE_COOKIE] = f"1.a{answer}" if answer else ""
        return browser.get(HOME).content.decode()

    seen: dict[tuple[str, str, str | None], str] = {}
    for forth, back in zip(looks, reversed(looks), strict=True):
        for browser, look in ((one, forth), (other, back)):
            html = see(browser, look)
            assert seen.setdefault(look, html) == html
    for (text, theme, answer), html in seen.items():
        tag = html[html.index("<html") : html.index(">", html.index("<html"))]
        assert (f'data-text="{text}"' in tag) == (text != "100")
        assert (f'data-theme="{theme}"' in tag) == (theme != "auto")
        assert ('name="analytics"' in html) == (answer is None)
        assert ("analytics.js" in html) == (answer == "1")
    assert len({"".join(OF_A_LOOK.sub("", html).split()) for html in seen.values()}) == 1


def test_hostile_cookies_get_the_page_of_a_new_visitor(home: NodePage) -> None:
    fresh = Client().get(HOME).content
    for value in ("t100.pink", "x" * 3000, '"><script>', "t150.dark.x"):
        browser = Client()
        browser.cookies[DISPLAY_COOKIE] = browser.cookies[CHOICE_COOKIE] = value
        assert browser.get(HOME).content == fresh


# What proxies, browsers and strangers say beside what a page is asked by.
MISLEADING = {
    "Accept": "application/json",
    "Accept-Language": "fr",
    "Forwarded": "host=evil.example;proto=https",
    "If-Match": '"another"',
    "If-Modified-Since": "Wed, 25 Nov 2099 10:00:00 GMT",
    "If-Range": '"another"',
    "Origin": "https://evil.example",
    "Range": "bytes=0-9",
    "Referer": "https://evil.example/",
    "User-Agent": "<script>alert(1)</script>",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Scheme": "https",
    "X-HTTP-Method-Override": "POST",
    "X-Original-URL": "/admin/",
    "X-Requested-With": "XMLHttpRequest",
    "X-Rewrite-URL": "/admin/",
}


def test_no_header_of_one_visitor_changes_the_page_of_the_next(home: NodePage) -> None:
    clean = Client().get(HOME)
    for name, value in MISLEADING.items():
        cache.clear()
        first, next_one = Client().get(HOME, headers={name: value}), Client().get(HOME)
        for answer in (first, next_one):
            assert (answer.status_code, answer.content) == (HTTPStatus.OK, clean.content), name
            assert answer.headers == clean.headers, name


def test_who_asks_first_by_head_leaves_the_whole_page_to_the_next(home: NodePage) -> None:
    Client().head(HOME)
    assert len(Client().get(HOME).content) > 1000


def test_hosts_do_not_share_pages(home: NodePage) -> None:
    Client().get(HOME)
    before = kept_pages()
    Client().get(HOME, headers={"Host": "localhost"})
    assert kept_pages() > before
    assert Client().get(HOME, headers={"Host": "evil.example"}).status_code == 400


def test_a_session_gets_nothing_kept_and_leaves_nothing(home: NodePage, publisher: User) -> None:
    browser = Client()
    browser.force_login(publisher)
    answer = browser.get(HOME)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not [key for key in shelf() if "page:" in key]
    Client().get(HOME)
    assert b"wagtail-userbar" not in Client().get(HOME).content


def test_a_private_page_is_not_kept(home: NodePage, publisher: User) -> None:
    page = builders.text_page(home)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    browser = Client()
    browser.force_login(publisher)
    assert browser.get(page.url).status_code == HTTPStatus.OK
    assert Client().get(page.url).status_code == HTTPStatus.FOUND
    assert not [key for key in shelf() if "page:" in key]


def test_a_preview_neither_takes_nor_leaves_a_kept_page(home: NodePage) -> None:
    Client().get(HOME)
    before = shelf()
    home.title = "A title nobody has published"
    preview = home.make_preview_request()
    assert "A title nobody has published" in preview.content.decode()
    assert {key for key in shelf() if "page:" in key} <= before
    assert b"nobody has published" not in Client().get(HOME).content
