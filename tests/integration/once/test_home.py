"""The home: its bands as editors arrange them, nothing empty drawn, the map true and readable."""

import re
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.test import Client, TestCase

from members.finder.catalogue import catalogue
from pages.blocks.home import FIRST_BANDS
from pages.models import NodePage
from tests import builders

LANGUAGES = ["en", "nl", "fr", "de"]
FIRST_ROUND_TRIP = 14 * 1024  # bytes, headers included
HEADINGS = re.compile(r'<h2 id="([\w-]+)"')
pytestmark = pytest.mark.django_db
LONG = "Die Biobanken Belgiens mit Proben und Daten für die Gesundheitsforschung unter einem Dach"


@pytest.fixture(scope="module")
def browser(module_db: Path) -> Client:
    """A visitor of the site with its first content in all languages."""
    builders.clear_away()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("load_initial_content")
    return Client()


def bands(page: NodePage, *names: str) -> None:
    page.bands = [(name, None) for name in names]
    page.save()


def headings(client: Client) -> list[str]:
    return HEADINGS.findall(client.get("/en/").text.partition("<main")[2].partition("</main>")[0])


def furnish(home: NodePage, news: int = 1, events: int = 1) -> None:
    builders.goals(home, "Advise")
    builders.network(home)
    builders.role(builders.person(home))
    for number in range(news):
        builders.news(home, f"News {number}", picture=builders.picture())
    for number in range(events):
        builders.event(home, f"Event {number}", in_days=number + 1)


def test_editors_order_the_bands_and_leave_out_what_they_like(
    client: Client, home: NodePage
) -> None:
    furnish(home)
    everything = headings(client)
    assert {"our-networks", "our-goals", "our-people", "latest-news"} <= set(everything)
    bands(home, "people", "goals")
    assert headings(client) == ["our-people", "our-goals"]
    bands(home)
    assert headings(client) == []


def test_a_band_with_nothing_in_it_is_not_drawn(client: Client, home: NodePage) -> None:
    bands(home, *FIRST_BANDS)
    markup = client.get("/en/").text
    assert not re.findall(r'class="band (?:where|abreast|split)', markup)
    assert 'class="band doors"' not in markup


def test_one_news_item_stands_alone_and_of_eleven_events_the_next_are_listed(
    client: Client, home: NodePage
) -> None:
    furnish(home, news=1, events=11)
    markup = client.get("/en/").text
    assert markup.count('class="card event"') == 3
    assert markup.count('<li class="news"') == 1
    assert 'href="/en/events/"' in markup


def test_the_promise_is_the_title_and_the_standing_is_told_beside_it(
    client: Client, home: NodePage
) -> None:
    assert "<h1>Belgium (Member)</h1>" in client.get("/en/").text
    home.promise = LONG
    home.save()
    markup = client.get("/en/").text
    assert f'<h1 class="long">{LONG}</h1>' in markup
    assert '<p class="label">Belgium (Member)</p>' in markup


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_field_and_what_is_often_looked_for_lead_to_biobanks(
    browser: Client, language: str
) -> None:
    markup = browser.get(f"/{language}/").text
    form = re.search(r'<form class="search-form"\s+action="([^"]+)"', markup)
    assert form
    assert form[1] == f"/{language}/biobanks/"
    wished = re.findall(rf'href="(/{language}/biobanks/\?q=[^"]+)"', markup)
    assert len(wished) == 4
    for address in wished:
        assert 'class="search-results"' in browser.get(address).text, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_beside_the_map_says_all_that_the_map_shows(
    browser: Client, language: str
) -> None:
    markup = browser.get(f"/{language}/").text
    drawn, _end, listed = markup.partition('<svg class="country"')[2].partition("</svg>")
    towns = re.findall(r"<text [^>]*>([^<]+) \((\d+)\)</text>", drawn)
    assert sum(int(number) for _name, number in towns) == len(catalogue().entries)
    for name, number in towns:
        assert f">{name} ({number})</a>" in listed
    cities = re.findall(r'href="([^"]+\?city=[^"]+)" tabindex="-1"', drawn)
    assert len(cities) == len(towns)
    assert "aria-hidden" in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_and_its_headers_come_in_one_round_trip(browser: Client, language: str) -> None:
    response = browser.get(f"/{language}/", HTTP_ACCEPT_ENCODING="br")
    assert response.headers["Content-Encoding"] == "br"
    assert brotli.decompress(response.content)
    head = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    assert len(response.content) + head <= FIRST_ROUND_TRIP
