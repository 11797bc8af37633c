"""A site that is not fully translated: what is missing is told, and nothing is a dead end."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import Locale, Page

from pages.models import NodePage
from tests import builders
from tests.sitemaps import mapped

ALTERNATE = re.compile(r'<link rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"')


@pytest.fixture(scope="module")
def made(module_db: Path) -> NodePage:
    home = builders.home()
    dutch, _made = Locale.objects.get_or_create(language_code="nl")
    Locale.objects.get_or_create(language_code="fr")
    home.copy_for_translation(dutch).save_revision().publish()
    builders.alone(builders.text_page(home, "English only"))
    builders.text_page(home, "Waiting")
    return home


@pytest.fixture
def half_translated(db: None, made: NodePage) -> NodePage:
    """English and Dutch homes, a page in English only, and one that waits for its translation."""
    return deepcopy(made)


def test_a_language_without_a_home_is_not_offered(
    client: Client, half_translated: NodePage
) -> None:
    markup = client.get("/en/").text
    assert 'href="/nl/"' in markup
    assert "Français" not in markup
    assert "fr" not in dict(ALTERNATE.findall(markup))


def test_a_missing_translation_says_so_and_leads_to_the_nearest_page(
    client: Client, half_translated: NodePage
) -> None:
    markup = client.get("/en/english-only/").text
    assert re.search(r'<a href="/nl/"[^>]*>Nederlands</a>\s*\(niet vertaald\)', markup)
    assert "nl" not in dict(ALTERNATE.findall(markup))
    assert client.get("/nl/english-only/").status_code == 404


def test_an_untranslated_page_says_so_and_keeps_the_original_address(
    client: Client, half_translated: NodePage, settings: Settings
) -> None:
    markup = client.get("/nl/waiting/").text
    assert "nog niet vertaald" in markup
    assert f'<link rel="canonical" href="{settings.SITE_URL}/en/waiting/">' in markup
    assert re.search(r'<main[^>]* lang="en"', markup)


def test_a_restricted_page_leaks_nothing_through_its_translations(
    client: Client, half_translated: NodePage
) -> None:
    page = Page.objects.get(slug="waiting", locale__language_code="en")
    page.view_restrictions.create(restriction_type="login")
    assert "/waiting/" not in mapped(client)
    assert client.get("/nl/waiting/").status_code == 302


def test_the_sitemap_has_each_page_under_its_canonical_address_alone(
    client: Client, half_translated: NodePage
) -> None:
    addresses = re.findall(r"<loc>[^<]*?(/[a-z]{2}/[^<]*)</loc>", mapped(client))
    assert "/en/waiting/" in addresses
    for address in addresses:
        canonical = re.search(r'rel="canonical" href="([^"]+)"', client.get(address).text)
        assert canonical
        assert canonical[1].endswith(address)


def test_a_language_whose_home_is_withdrawn_is_told_nowhere(
    client: Client, half_translated: NodePage
) -> None:
    NodePage.objects.get(locale__language_code="nl").unpublish()
    assert "/nl/" not in mapped(client)
    for address in ["/nl/", "/nl/waiting/", "/nl/search/", "/nl/news/feed/", "/nl/events/feed.ics"]:
        assert client.get(address).status_code == 404, address


def test_a_part_of_a_page_names_no_translations(client: Client, half_translated: NodePage) -> None:
    builders.event(half_translated, "Long ago", in_days=-9)
    assert ALTERNATE.findall(client.get("/en/events/").text)
    assert not ALTERNATE.findall(client.get("/en/events/past/").text)


def test_nobody_can_forge_a_canonical_address(client: Client, half_translated: NodePage) -> None:
    for number in ["77", "²", "1"]:
        markup = client.get("/en/", {"page": number}).text
        assert re.findall(r'rel="canonical" href="([^"]+)"', markup)[0].endswith("/en/")


def test_a_refused_language_is_not_given(client: Client, half_translated: NodePage) -> None:
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="nl;q=0").headers["Location"] == "/en/"
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="nl").headers["Location"] == "/nl/"
