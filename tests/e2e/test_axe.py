"""Every template against axe-core, at the widths of a phone and of a desk."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Visitor

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ONE_OF_EACH_TEMPLATE = {
    "home": "",
    "goals": "goals/",
    "people": "people/",
    "person": "people/annelies-debucquoy/",
    "networks": "networks/",
    "network": "networks/bwb/",
    "news list, empty": "news/",
    "events list, empty": "events/",
    "past events": "events/past/",
    "text": "for-citizens/what-is-a-biobank/",
    "questions": "faq/",
    "legal": "privacy/",
    "contact": "contact/",
    "search": "search/",
    "search, found": "search/?q=biobank",
    "search, nothing found": "search/?q=xyzzy",
    "not found": "nowhere/",
}


# The browser meets the same pages on either database: one of them has all the languages.
LANGUAGES = ["en"] if os.environ.get("TEST_DATABASE_URL") else ["en", "nl", "fr", "de"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ONE_OF_EACH_TEMPLATE.values(), ids=ONE_OF_EACH_TEMPLATE)
def test_axe_finds_nothing(visitor: Visitor, path: str, width: int, language: str) -> None:
    page = visitor(width=width)
    page.goto(f"/{language}/{path}")
    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
