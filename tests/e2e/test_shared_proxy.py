"""Visitors behind one caching proxy: each at their own look, though they share its pages."""

import re
from http.client import HTTPConnection
from itertools import product
from time import sleep
from urllib.parse import urlsplit

import pytest

from tests.e2e.caching_proxy import Proxy, running
from tests.e2e.site import RunningSite
from visitors.choices import CHOICE_COOKIE, DISPLAY_COOKIE, TEXTS, THEMES

ANSWERS = (None, "0", "1")
LOOKS = list(product(TEXTS, THEMES, ANSWERS))
Look = tuple[str, str, str | None]


def see(address: str, look: Look, path: str = "/en/") -> str:
    """The page that a visitor who chose so gets. It never comes with a cookie."""
    text, theme, answer = look
    chosen = {}
    if (text, theme) != ("100", "auto"):
        chosen[DISPLAY_COOKIE] = f"t{text}.{theme}"
    if answer:
        chosen[CHOICE_COOKIE] = f"1.a{answer}"
    cookie = "; ".join(f"{name}={value}" for name, value in chosen.items())
    connection = HTTPConnection(address, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    got = connection.getresponse()
    html = got.read().decode()
    connection.close()
    assert (got.status, got.headers.get_all("Set-Cookie")) == (200, None)
    return html


def look_of(html: str) -> Look:
    """What a page shows of the choices of who sees it."""
    tag = re.findall(r"<html[^>]*>", html)[0]
    shown = dict(re.findall(r'data-(text|theme)="(\w+)"', tag))
    asks = 'id="cookie-banner"' in html
    counts = "js/analytics" in html
    answer = None if asks else ("1" if counts else "0")
    return shown.get("text", "100"), shown.get("theme", "auto"), answer


def pressed(html: str) -> set[str]:
    """The pressed buttons of the bar."""
    buttons = re.findall(r'<button[^>]*aria-pressed="true"[^>]*>', html)
    return {value for button in buttons for value in re.findall(r'value="(\w+)"', button)}


def pressed_for(look: Look) -> set[str]:
    text, theme, _answer = look
    return {"100" if text == "100" else "150", "auto" if theme == "auto" else "hc"}


@pytest.fixture
def proxy(counting_site: RunningSite) -> Proxy:
    return Proxy(counting_site.url)


def test_two_visitors_go_through_every_combination(proxy: Proxy) -> None:
    """The second goes from the last to the first; they ask in turns, each look twice in a row."""
    seen: dict[Look, str] = {}
    with running(proxy) as address:
        for forth, back in zip(LOOKS, reversed(LOOKS), strict=True):
            for look in (forth, back, forth, back):
                html = see(address, look)
                assert look_of(html) == look
                assert pressed(html) == pressed_for(look)
                assert seen.setdefault(look, html) == html
    assert len(set(seen.values())) == len(LOOKS)
    assert proxy.told["hit"] > len(LOOKS)
    assert {entry.chosen_by["Cookie"] for entry in proxy.stored["/en/"]} >= {""}
    assert not [entry for entry in proxy.stored["/en/"] if "Set-Cookie" in entry.headers]


def test_the_proxy_gives_what_the_site_gives_and_asks_by_its_tag(
    proxy: Proxy, counting_site: RunningSite
) -> None:
    look = ("150", "dark", "1")
    with running(proxy) as address:
        first = see(address, look)
        sleep(1.1)
        assert see(address, look) == first
    assert first == see(urlsplit(counting_site.url).netloc, look)
    assert proxy.told == {"hit": 0, "held": 1, "miss": 1}


def test_a_proxy_that_heeds_no_vary_would_mix_them_up(counting_site: RunningSite) -> None:
    """So the tests above can fail, and what keeps visitors apart is what the site says."""
    with running(Proxy(counting_site.url, heeds_vary=False)) as address:
        see(address, ("100", "auto", None))
        assert look_of(see(address, ("200", "hc", "0"))) == ("100", "auto", None)


@pytest.mark.parametrize("path", ["/admin/login/", "/en/search/?q=law", "/en/nowhere/", "/"])
def test_what_is_for_one_person_or_moment_is_never_stored(
    proxy: Proxy, counting_site: RunningSite, path: str
) -> None:
    with running(proxy) as address:
        connection = HTTPConnection(address, timeout=20)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.request("GET", "/en/", headers={"Cookie": counting_site.session_cookie()})
        connection.getresponse().read()
        connection.close()
    assert not proxy.stored
