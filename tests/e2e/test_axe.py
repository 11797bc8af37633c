"""Every public address against axe-core, at the widths of a phone and a desk, in all languages."""

import re
from itertools import product
from urllib.request import urlopen

import pytest

from tests.e2e.looks import LANGUAGES, Look, complaints
from tests.e2e.site import RunningSite

WIDTHS = (1280, 320)
NO_PAGES = ["news/", "events/", "newsletter/issues/"]  # empty lists, which are on no map
NO_PAGES += ["events/past/", "search/", "search/?q=biobank", "search/?q=xyzzy", "nowhere/"]
BIOBANKS = re.compile(r"biobanks/")  # test_finder has those of each kind


def read(address: str) -> str:
    with urlopen(address, timeout=20) as answer:
        return answer.read().decode()


@pytest.mark.audit
@pytest.mark.parametrize("turn", range(8))
def test_axe_finds_nothing(site: RunningSite, turn: int) -> None:
    """Each address, in a language and at a width by turns."""
    maps = re.findall(r"<loc>([^<]*)</loc>", read(f"{site.url}/sitemap.xml"))
    found = "".join(map(read, maps))
    listed = re.findall(rf"<loc>{re.escape(site.url)}/(\w\w)/([^<]*)</loc>", found)
    addresses = {(language, path) for language, path in listed if not BIOBANKS.match(path)}
    paths = sorted(path for language, path in addresses if language == "en")
    assert len(paths) > 20
    assert addresses == set(product(LANGUAGES, paths))
    turns = list(product(LANGUAGES, WIDTHS))
    looks = []
    for place, path in enumerate([*paths, *NO_PAGES]):
        language, width = turns[(place + turn) % len(turns)]
        looks.append(Look(path, language, width=width))
    assert not complaints(site.url, looks)
