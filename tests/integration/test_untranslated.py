"""A site that is not fully translated: what is missing is told, and nothing is a dead end."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import Locale, Page, Site

from pages.models import NodePage
from tests import builders

ALTERNATE = re.compile(r'<link rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"')


@pytest.fixture
def half_translated(home: NodePage) -> NodePage:
    """English and Dutch homes, a page in English only, and one that waits for its translation."""
    dutch, _made = Locale.objects.get_or_create(language_code="nl")
    Locale.objects.get_or_create(language_code="fr")
    home.copy_for_translation(dutch).save_revision().publish()
    builders.text_page(home, "English only")
    builders.text_page(home, "Waiting").copy_for_translation(dutch, alias=True)
    Site.clear_site_root_paths_cache()
    return home


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
    assert "/waiting/" not in client.get("/sitemap.xml").text
    assert client.get("/nl/waiting/").status_code == 302
