"""The finder: what is asked for is found, counted and said, on either database; junk is ignored."""

import re
from datetime import timedelta
from http import HTTPStatus
from itertools import product
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from members.codes import TraitKind
from members.models import (
    Biobank,
    BiobanksPage,
    Membership,
    OtherName,
    QualityMark,
    Trait,
)
from pages.models import NodePage
from tests import builders
from tests.integration.both.test_search import HOSTILE
from visitors.cache import generation

MOST_QUERIES = 20
FINDER = "/en/biobanks/"


@pytest.fixture(scope="module")
def made(module_db: Path) -> None:
    home = builders.home()
    builders.finder(home)
    north = builders.network(home, "North", acronym="NN").translation_key
    builders.network(home, "South", acronym="SN")
    ghent = builders.biobank(
        "Bioresource Center Ghent", city="Ghent", host="UZ Gent", open_to_companies=True
    )
    OtherName.objects.create(biobank=ghent, name="Bimetra")
    Membership.objects.create(biobank=ghent, network=north)
    liege = builders.biobank("Biothèque de Liège", city="Liège", acronym="BHUL")
    builders.fact(liege, "introduction", "<p>Tumours &amp; more.</p>", "en")
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.create(biobank=liege, network=north, until=yesterday)
    bordet = builders.biobank("Institut Jules Bordet", city="Brussels")
    QualityMark.objects.create(biobank=bordet, standard="ISO 9001")
    builders.biobank("Gone", withdrawn=yesterday, city="Ghent")
    builders.biobank("Hidden", is_hidden=True, city="Ghent")
    part = builders.collection(ghent, "001")
    Trait.objects.create(
        biobank=ghent, collection=part, kind=TraitKind.MATERIAL, code="TISSUE_FROZEN"
    )
    Trait.objects.create(biobank=liege, kind=TraitKind.MATERIAL, code="TISSUE_FROZEN")
    Trait.objects.create(biobank=liege, kind=TraitKind.MATERIAL, code="DNA")
    Trait.objects.create(biobank=ghent, collection=part, kind=TraitKind.TYPE, code="COHORT")


@pytest.fixture
def finder(db: None, made: None) -> None:
    """Four biobanks, two networks."""


def shown(client: Client, query: str = "", language: str = "en") -> str:
    response = client.get(f"/{language}/biobanks/{query}")
    assert response.status_code == HTTPStatus.OK
    return re.sub(r"\s+", " ", response.text)


def names(client: Client, query: str = "") -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", shown(client, query))


GHENT, LIEGE, BORDET = "Bioresource Center Ghent", "Biothèque de Liège", "Institut Jules Bordet"


@pytest.mark.usefixtures("finder")
def test_all_that_is_shown_is_listed_by_name(client: Client) -> None:
    assert names(client) == [GHENT, LIEGE, BORDET]
    assert "3 biobanks" in shown(client)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ghent", [GHENT]),
        ("gent", [GHENT]),
        ("GAND", [GHENT]),
        ("bimetra", [GHENT]),
        ("uz gent", [GHENT]),
        ("liege", [LIEGE]),
        ("bhul", [LIEGE]),
        ("biotheque", [LIEGE]),
        ("tumours", [LIEGE]),
        ("NN", [GHENT]),
        ("frozen tissue", [GHENT, LIEGE]),
        ("ghnet", [GHENT]),
        ("biotehque", [LIEGE]),
        ("bordte", [BORDET]),
        ("bordet hospital of brussels", [BORDET]),
        ("zzzzzzzz", []),
        ("hidden", []),
        ("%", [GHENT, LIEGE, BORDET]),
    ],
)
@pytest.mark.usefixtures("finder")
def test_words_find_biobanks(client: Client, words: str, found: list[str]) -> None:
    assert sorted(names(client, f"?q={words.replace(' ', '+').replace('%', '%25')}")) == found


@pytest.mark.usefixtures("finder")
def test_a_slip_is_named_with_what_is_shown_instead(client: Client) -> None:
    text = shown(client, "?q=ghnet")
    assert "Nothing is called “ghnet”" in text
    assert "Nothing is called" not in shown(client, "?q=ghent")
    assert "most of them" in shown(client, "?q=bordet+liege+brussels")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?network=north", [GHENT]),
        ("?network=NORTH", [GHENT]),
        ("?network=south", []),
        ("?city=Ghent", [GHENT]),
        ("?city=gent", [GHENT]),
        ("?city=Ghent&city=Liège", [GHENT, LIEGE]),
        ("?material=TISSUE_FROZEN", [GHENT, LIEGE]),
        ("?material=DNA", [LIEGE]),
        ("?material=TISSUE_FROZEN&network=north", [GHENT]),
        ("?type=COHORT", [GHENT]),
        ("?companies=1", [GHENT]),
        ("?companies=yes", [GHENT]),
        ("?quality=iso-9001", [BORDET]),
        ("?quality=ISO 9001", [BORDET]),
        ("?q=ghent&material=DNA", []),
        ("?sort=city", [BORDET, GHENT, LIEGE]),
        ("?sort=collections", [GHENT, LIEGE, BORDET]),
    ],
)
@pytest.mark.usefixtures("finder")
def test_facets_narrow_the_list(client: Client, query: str, found: list[str]) -> None:
    assert names(client, query) == found


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("?sort=city", "biobanks.csv?sort=city"),
        ("?q=ghent&sort=name", "biobanks.json?q=ghent&amp;sort=name"),
        ("?q=ghent&sort=best", 'biobanks.csv?q=ghent"'),
        ("?sort=name", 'biobanks.csv"'),
    ],
)
@pytest.mark.usefixtures("finder")
def test_files_of_the_list_are_in_its_order(client: Client, query: str, link: str) -> None:
    assert link in shown(client, query)


@pytest.mark.usefixtures("finder")
def test_each_option_counts_what_it_would_leave(client: Client) -> None:
    text = shown(client, "?material=DNA")
    assert re.search(r'value="DNA" checked> <span>DNA \(1\)', text)
    assert "Tissue, frozen (2)" in text, "within a facet one value more widens the list"
    assert "Ghent (0)" not in text
    assert "Liège (1)" in text


@pytest.mark.usefixtures("finder")
def test_a_hidden_collection_gives_its_biobank_nothing(client: Client) -> None:
    Biobank.objects.get(name=GHENT).collections.update(is_hidden=True)
    generation.raise_it()
    assert names(client, "?material=TISSUE_FROZEN") == [LIEGE]
    assert names(client, "?type=COHORT") == [GHENT, LIEGE, BORDET], "no such type any more: ignored"


JUNK = [
    "?network=nowhere", "?city=%3Cscript%3E", "?material=x&material=y", "?companies=maybe",
    "?quality=%27%22", "?sort=up", "?unknown=1", "?c=x&c=-1&c=99999999999", "?type=&city=",
    "?disease=x&disease=Z99-&age=-1&age=131&sex=%3C&field=DNA&data=1&show=maybe",
]  # fmt: skip


@pytest.mark.parametrize("query", JUNK)
@pytest.mark.usefixtures("finder")
def test_junk_is_ignored(client: Client, query: str) -> None:
    assert names(client, query) == [GHENT, LIEGE, BORDET]
    assert "<script>" not in shown(client, query)


@pytest.mark.usefixtures("finder")
def test_whatever_is_typed_is_answered(client: Client, subtests: pytest.Subtests) -> None:
    asked = [(FINDER, name) for name in ("q", "city", "sort", "c", "disease")]
    asked += [(f"{FINDER}{place}", "c") for place in ("shortlist/", "shortlist.csv")]
    asked += [(address, "q") for address in ("/en/biobanks.csv", "/en/biobanks.json")]
    for words, (address, name) in product(HOSTILE, asked):
        with subtests.test(words=words, address=address, name=name):
            assert client.get(address, {name: words}).status_code == HTTPStatus.OK


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "", "1.0"])
@pytest.mark.usefixtures("finder")
def test_a_page_that_is_none_is_not_found(client: Client, number: str) -> None:
    assert client.get(FINDER, {"page": number}).status_code == HTTPStatus.NOT_FOUND


def test_many_are_shown_page_by_page(client: Client, home: NodePage) -> None:
    builders.finder(home)
    for number in range(21):
        builders.biobank(f"Biobank {number:02}", city="Ghent")
    assert len(names(client)) == 20
    assert "Page 1 of 2" in shown(client, "?city=Ghent")
    assert 'href="?city=Ghent&amp;page=2"' in shown(client, "?city=Ghent")
    second = shown(client, "?city=Ghent&page=2")
    assert names(client, "?city=Ghent&page=2") == ["Biobank 20"]
    assert "<title> Biobanks (page 2)" in second


@pytest.mark.usefixtures("finder")
def test_nothing_found_offers_ways_on(client: Client) -> None:
    text = shown(client, "?q=zzzzzzzz&city=Ghent")
    assert "No biobank fits" in text
    assert f'href="{FINDER}">clear' in text
    assert "directory.bbmri-eric.eu" in text


def test_without_a_biobank_the_finder_says_so(client: Client, home: NodePage) -> None:
    builders.finder(home)
    assert "No biobanks yet" in shown(client)


@pytest.mark.usefixtures("finder")
def test_the_map_has_a_labelled_link_for_each_town(client: Client) -> None:
    drawing = re.findall(r"<svg.*?</svg>", shown(client))[-1]
    assert drawing.count("<text") == 3
    assert drawing.count("<polygon") == 1
    assert 'href="?city=Ghent"' in drawing
    assert "Ghent (1)" in drawing
    assert "style=" not in drawing


@pytest.mark.usefixtures("finder")
def test_what_was_chosen_goes_along_and_is_seen(client: Client) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    bank = Biobank.objects.get(name=GHENT)
    told = builders.collection(bank, directory_id="bbmri-eric:ID:BE_7", source="directory")
    own = builders.collection(bank, "own", name="Own")
    text = shown(client, f"?city=Ghent&c={told.key}&c={own.key}")
    assert text.count('<input type="hidden" name="c"') == 2
    carried = f"c=bbmri-eric:ID:BE_7&amp;c={bank.slug}/own"
    assert f"{bank.slug}/?{carried}" in text
    assert f"shortlist/?{carried}" in text
    assert "Chosen collections: <b>2</b>" in text
    assert f'href="?city=Ghent&amp;c={bank.slug}%2Fown">Take off' in text
    assert 'href="?city=Ghent">Empty the shortlist' in text
    kept = "c=bbmri-eric%3AID%3ABE_7&amp;c=" + bank.slug + "%2Fown"
    assert f'href="/fr/biobanks/?city=Ghent&amp;{kept}" hreflang="fr"' in text
    assert "Chosen collections" not in shown(client, "?c=x&c=1x&c=")


def test_queries_are_few_and_do_not_grow(client: Client, home: NodePage) -> None:
    builders.finder(home)
    counts = []
    for number in range(30):
        one = builders.biobank(f"Biobank {number}", city=("Ghent", "Mol")[number % 2])
        builders.fact(one, "introduction", "<p>x</p>", "en")
        if number in {1, 29}:
            generation.forget()
            with CaptureQueriesContext(connection) as queries:
                names(client, "?q=biobank")
            counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES


@pytest.mark.usefixtures("finder")
def test_a_change_shows_at_once(client: Client) -> None:
    assert "Renamed" not in shown(client)
    row = Biobank.objects.get(name=GHENT)
    row.name = "Renamed <b>"
    row.save()
    assert escape("Renamed <b>") in shown(client)


@pytest.mark.usefixtures("finder")
def test_the_finder_is_one_address_for_search_engines(client: Client) -> None:
    text = shown(client, "?material=DNA")
    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/biobanks/">' in text
    assert "hreflang=" not in re.sub(r"<body.*", "", text)
    for number in range(40):
        builders.biobank(f"Frozen {number}")
    assert 'href="http://127.0.0.1:8000/en/biobanks/?page=2">' in shown(client, "?page=2")
    assert 'rel="canonical"' not in shown(client, "?q=frozen&page=2")
    assert '<meta name="robots" content="noindex">' in shown(client, "?q=ghent")
