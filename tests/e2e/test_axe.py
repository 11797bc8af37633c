"""Every public address against axe-core, at the widths of a phone and a desk, in all languages."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Visitor
from tests.e2e.site import RunningSite

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NO_PAGES = ["events/past/", "search/", "search/?q=biobank", "search/?q=xyzzy", "nowhere/"]
# The browser meets the same pages on either database: one of them has all the languages.
LANGUAGES = ["en"] if os.environ.get("TEST_DATABASE_URL") else ["en", "nl", "fr", "de"]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(visitor: Visitor, site: RunningSite, language: str, width: int) -> None:
    page = visitor(width=width)
    sitemap = page.request.get("/sitemap.xml").text()
    addresses = re.findall(rf"<loc>{re.escape(site.url)}(/{language}/[^<]*)</loc>", sitemap)
    assert len(addresses) > 20
    complaints = {}
    for address in [*addresses, *(f"/{language}/{path}" for path in NO_PAGES)]:
        page.goto(address)
        found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
        if found.violations_count:
            complaints[address] = found.generate_report()
    assert not complaints, complaints
