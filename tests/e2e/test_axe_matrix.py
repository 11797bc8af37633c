"""axe-core finds nothing and doubts nothing, in looks in which every two choices meet.

Text has 7:1 in all of them, and nothing scrolls sideways. `make audit` has the home in every look,
and each other page in every size and colour.
"""

from collections.abc import Iterator
from itertools import combinations, cycle, product

import pytest

from tests.e2e.furnished import ADDRESSES, furnished
from tests.e2e.looks import (
    COLOURS,
    LANGUAGES,
    MORE_CONTRAST,
    TEXTS,
    WIDTHS,
    Look,
    all_pairs,
    by_turns,
    complaints,
    every_two_choices,
)
from tests.e2e.site import RunningSite

# Beside a page of each kind: views, answers of the search, no page, and what a form led to.
MORE_PATHS = [
    "display-settings/",
    "display-settings/#display",
    "search/",
    "search/?q=biobank",
    "search/?q=xyzzy",
    "events/past/",
    "nowhere/",
    "goals/#cookies-accepted",
    "goals/#cookies-rejected",
]


@pytest.fixture(scope="module")
def full_site(site: RunningSite) -> Iterator[RunningSite]:
    with furnished(site) as full:
        yield full


def home_looks(language: str) -> list[Look]:
    """All of them: those of one document follow each other, with the script and without."""
    choices = product(TEXTS, COLOURS, [False, True], [True, False], WIDTHS)
    looks = [Look("", language, *choice) for choice in choices]
    return sorted(looks, key=lambda look: (look.text, not look.has_script, str(look.document)))


def other_paths(full_site: RunningSite) -> list[str]:
    kinds = [path for path in full_site.shell(ADDRESSES).split() if path != "."]
    assert len(kinds) > 10
    return [*kinds, *MORE_PATHS]


def test_the_home_meets_every_two_choices(full_site: RunningSite) -> None:
    assert not complaints(full_site.url, every_two_choices([""]))


@pytest.mark.audit
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_in_every_look(full_site: RunningSite, language: str) -> None:
    looks = home_looks(language)
    assert len(looks) * 4 == 1152
    assert not complaints(full_site.url, looks)


def test_each_other_page_by_turns(full_site: RunningSite) -> None:
    assert not complaints(full_site.url, by_turns(other_paths(full_site)))


@pytest.mark.audit
def test_each_other_page_meets_every_two_choices(full_site: RunningSite) -> None:
    assert not complaints(full_site.url, every_two_choices(other_paths(full_site)))


@pytest.mark.audit
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_other_page_in_every_size_and_colour(full_site: RunningSite, language: str) -> None:
    """What else there is to choose is taken by turns."""
    rows = product(other_paths(full_site), TEXTS, [*COLOURS, *MORE_CONTRAST])
    turns = cycle(product([False, True], [True, False], WIDTHS))
    looks = [
        Look(path, language, text, colours, *turn)
        for (path, text, colours), turn in zip(rows, turns, strict=False)
    ]
    assert not complaints(full_site.url, looks)


def test_what_opens_over_a_page_on_a_phone(full_site: RunningSite) -> None:
    rows = all_pairs(["site-menu"], LANGUAGES, TEXTS, [*COLOURS, *MORE_CONTRAST])
    looks = [
        Look("", language, text, colours, width=320, opened=panel)
        for panel, language, text, colours in rows
    ]
    assert not complaints(full_site.url, looks)


def test_all_pairs_are_all_there() -> None:
    factors = (["a", "b", "c"], [1, 2, 3, 4], [True, False])
    rows = all_pairs(*factors)
    assert len(rows) < 3 * 4 * 2
    for one, other in combinations(range(3), 2):
        assert {(row[one], row[other]) for row in rows} == set(
            product(factors[one], factors[other])
        )
