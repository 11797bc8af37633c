"""From the home, links lead to everything that is public; a list with nothing in it has no door."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, TestCase
from django.urls import reverse
from django.utils.translation import override
from pytest_django.fixtures import Settings

from pages.models import NodePage
from tests import builders
from tests.sitemaps import mapped

LANGUAGES = ["en", "nl", "fr", "de"]
pytestmark = pytest.mark.django_db  # so that the database is made for this module
LINK = re.compile(r'<a\s[^>]*?href="([^"#?]*)')
ENTRY = re.compile(r"<loc>([^<]*)</loc>")
VIEWS = ["search", "display_settings", "newsletter:sign_up", "newsletter:send_my_link"]
VIEWS += ["biobanks_csv", "biobanks_json"]
OF_LISTS = ["news_feed", "issue_feed", "events_calendar"]
CATALOGUE = "/catalogue.jsonld"
LISTS = ["news/", "events/", "newsletter/issues/"]


@pytest.fixture(scope="module")
def as_shipped(module_db: Path) -> None:
    """The first content in all languages: no news, no event, no issue."""
    builders.clear_away()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("load_initial_content")


@pytest.fixture
def filled(as_shipped: None, db: None) -> None:
    """Something in every list."""
    node = NodePage.objects.get(locale__language_code="en")
    builders.news(node)
    builders.event(node)
    for each in NodePage.objects.all():
        builders.begun(builders.issue(each))


def unreached(client: Client, language: str, wanted: set[str]) -> tuple[set[str], set[str]]:
    """What no link leads to from the home of a language; and where links do lead, until then."""
    path = f"/{language}/"
    waiting, found = [path], {path}
    while waiting and wanted - found:
        response = client.get(waiting.pop(0))
        assert response.status_code < 400, response.request["PATH_INFO"]
        is_page = "text/html" in response.headers.get("Content-Type", "")
        links = set(map(unescape, LINK.findall(response.text))) if is_page else set()
        waiting += sorted(one for one in links - found if one.startswith(path))
        found |= links
    return wanted - found, found


def listed(client: Client, language: str, settings: Settings) -> set[str]:
    """What the maps for search engines name in a language."""
    addresses = (one.removeprefix(settings.SITE_URL) for one in ENTRY.findall(mapped(client)))
    return {one for one in addresses if one.startswith(f"/{language}/")}


def views(language: str, *names: str) -> set[str]:
    with override(language):
        return {CATALOGUE, *map(reverse, names)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_every_address_and_every_view(
    client: Client, filled: None, language: str, settings: Settings
) -> None:
    wanted = listed(client, language, settings) | views(language, *VIEWS, *OF_LISTS)
    missing, _found = unreached(client, language, wanted)
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_with_nothing_in_it_has_no_door(
    client: Client, as_shipped: None, language: str, settings: Settings
) -> None:
    on_maps = listed(client, language, settings)
    assert len(on_maps) > 40
    missing, found = unreached(client, language, on_maps | views(language, *VIEWS))
    assert not missing
    assert not {f"/{language}/{path}" for path in LISTS} & (found | on_maps)
