"""Every public address against axe-core, at the widths of a phone and a desk, in all languages."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Visitor
from tests.e2e.looks import AXE, EXAMINE, LANGUAGES, on_one_database
from tests.e2e.site import RunningSite

pytestmark = on_one_database
WIDTHS = [1280, 320]
NO_PAGES = ["events/past/", "search/", "search/?q=biobank", "search/?q=xyzzy", "nowhere/"]
BIOBANKS = re.compile(r"/biobanks/")  # test_finder has them: axe is unsure of words in a drawing


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(visitor: Visitor, site: RunningSite, language: str) -> None:
    page = visitor()
    sitemap = page.request.get("/sitemap.xml").text()
    addresses = re.findall(rf"<loc>{re.escape(site.url)}(/{language}/[^<]*)</loc>", sitemap)
    addresses = [address for address in addresses if not BIOBANKS.search(address)]
    assert len(addresses) > 20
    complaints = {}
    for address in [*addresses, *(f"/{language}/{path}" for path in NO_PAGES)]:
        page.goto(address)
        page.evaluate(Axe().axe_script)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if wrongs := page.evaluate(EXAMINE, ["html", AXE]):
                complaints[address, width] = wrongs
    assert not complaints, complaints
