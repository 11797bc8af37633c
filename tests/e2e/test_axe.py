"""Every public address against axe-core, at the widths of a phone and a desk, in all languages."""

import re
from itertools import product
from urllib.request import urlopen

from tests.e2e.looks import Look, complaints
from tests.e2e.site import RunningSite

NO_PAGES = ["events/past/", "search/", "search/?q=biobank", "search/?q=xyzzy", "nowhere/"]
BIOBANKS = re.compile(r"biobanks/")  # test_finder has those of each kind


def test_axe_finds_nothing(site: RunningSite) -> None:
    with urlopen(f"{site.url}/sitemap.xml", timeout=20) as answer:
        sitemap = answer.read().decode()
    listed = re.findall(rf"<loc>{re.escape(site.url)}/(\w\w)/([^<]*)</loc>", sitemap)
    addresses = [(language, path) for language, path in listed if not BIOBANKS.match(path)]
    languages = {language for language, _path in addresses}
    assert len(languages) == 4
    assert len(addresses) > 20 * len(languages)
    addresses += product(languages, NO_PAGES)
    assert not complaints(
        site.url,
        [
            Look(path, language, width=width)
            for language, path in addresses
            for width in (1280, 320)
        ],
    )
