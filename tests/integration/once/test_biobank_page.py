"""A biobank's own page, and what stands around it: true, linked, said to machines."""

import re
from copy import deepcopy
from datetime import date
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.models import (
    Biobank,
    BiobankFact,
    BiobanksPage,
    Collection,
    FactKind,
    Membership,
    Trait,
)
from pages.models import NodePage
from tests import builders
from tests.integration.known_biobank import ID, address, known_biobank, shown
from tests.integration.once.test_structured_data import things
from tests.sitemaps import mapped
from visitors.cache import generation


@pytest.fixture(scope="module")
def made(module_db: Path) -> Biobank:
    return known_biobank()


@pytest.fixture
def row(db: None, made: Biobank) -> Biobank:
    """A biobank of which everything is known."""
    return deepcopy(made)


def test_a_biobank_says_all_that_is_known(client: Client, row: Biobank) -> None:
    text = shown(client, address(row))
    for words in [
        "Biothèque &lt;Nord&gt;</h1>", "A hospital", "9000 Ghent", "since 1 January 2015",
        "Old name",
        "<b>ISO 20387</b>, assessed by: An accredited body, certificate 7-QM", "We keep it cold.",
        "BB190044", "https://hdl.handle.net/21.T1/x", "https://ror.org/00xmkp704",
        "<p>And blood.</p>",
        f"https://directory.bbmri-eric.eu/ERIC/directory/#/biobank/{ID}",
        "3 March 2026", 'href="#objecting"', "part of All samples",
        f'<a href="{address(row)}all-samples/">All samples</a>',
        "12,345 samples", "1,000 to 10,000 donors", "Breast", "Tissue, frozen",
        "https://bn.example/no", "Write a letter.", "Choose collections of this biobank and ask",
        'formaction="/en/biobanks/shortlist/ask/"', "Website of this biobank",
        "Ask at the reception.",
        '<th scope="row" role="rowheader">', ">Collections of this biobank</caption>",
    ]:  # fmt: skip
        assert words in text, words


def test_what_is_not_known_is_said_or_left_out(client: Client, home: NodePage) -> None:
    builders.finder(home)
    text = shown(client, address(builders.biobank("Bare", candidate_id="bbmri-eric:ID:BE_X")))
    assert "We do not know of a page" in text
    assert "Works with companies" not in text
    assert "BE_X" not in text
    assert "Directory record" not in text
    assert "<table" not in text


def test_an_objection_page_in_another_language_is_better_than_none(
    client: Client, row: Biobank
) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    assert "https://bn.example/no" in shown(client, address(row, "fr"))
    assert "We keep it cold" not in shown(client, address(row, "fr"))


def test_words_of_the_directory_are_marked_as_english(client: Client, row: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    assert '<span lang="en">Breast</span>' in shown(client, address(row, "fr"))


def test_a_part_of_what_is_hidden_is_counted_for_itself(client: Client, row: Biobank) -> None:
    assert catalogue().collections == 1
    Collection.objects.filter(name="All samples").update(is_hidden=True)
    generation.raise_it()
    assert catalogue().collections == 1
    assert [entry.collections for entry in catalogue().entries] == [1]
    assert "part of" not in shown(client, address(row))
    assert "isPartOf" not in client.get(address(row)).text
    assert "isPartOf" not in client.get("/catalogue.jsonld").text


def test_old_addresses_lead_to_the_new_one(client: Client, row: Biobank) -> None:
    old = address(row)
    row.slug = "new"
    row.save()
    response = client.get(old)
    assert response.status_code == HTTPStatus.MOVED_PERMANENTLY
    assert response.headers["Location"] == "/en/biobanks/new/"
    Biobank.objects.update(is_hidden=True)
    assert client.get(old).status_code == HTTPStatus.NOT_FOUND
    assert client.get("/en/biobanks/new/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "slug", ["nowhere", "x" * 200, "shortlist/x", "..%2f", "a%20b", "%F0%9F%A7%AA"]
)
def test_an_address_that_is_none_is_not_found(client: Client, row: Biobank, slug: str) -> None:
    assert client.get(f"/en/biobanks/{slug}/").status_code == HTTPStatus.NOT_FOUND


def test_a_withdrawn_biobank_says_so(client: Client, row: Biobank) -> None:
    row.withdrawn = date(2026, 4, 1)
    row.save()
    text = shown(client, address(row))
    assert "has not listed this biobank since 1 April 2026" in text
    assert '<meta name="robots" content="noindex">' in text
    assert "<table" not in text
    assert row.slug not in mapped(client)


def test_a_biobank_is_known_by_one_address_in_each_language(client: Client, row: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    text = shown(client, address(row))
    site = "http://127.0.0.1:8000"
    assert f'<link rel="canonical" href="{site}{address(row)}">' in text
    assert f'hreflang="fr" href="{site}{address(row, "fr")}"' in text
    assert f'<a href="{address(row, "fr")}" hreflang="fr"' in text
    assert '<a href="/en/biobanks/">Biobanks</a></li> <li aria-current="page">Bioth' in text
    assert "<title> Biothèque" in text or "<title>Biothèque" in text
    told = mapped(client)
    assert told.count(f"<loc>{site}{address(row)}</loc>") == 1
    assert f'hreflang="fr" href="{site}{address(row, "fr")}"' in told


def test_a_biobank_is_described_to_machines(client: Client, row: Biobank) -> None:
    found = things(client, address(row))
    organization, catalog = found["Organization"], found["DataCatalog"]
    assert organization["identifier"] == ID
    assert organization["memberOf"][0]["name"] == "North"
    assert len(catalog["dataset"]) == 2
    assert "part: a collection of Bioth" in client.get(address(row)).text
    assert "license" not in found["Dataset"]
    assert found["Dataset"]["includedInDataCatalog"]["@id"] == catalog["@id"]
    assert found["BreadcrumbList"]["itemListElement"][-1]["name"] == row.name


def many(row: Biobank, number: int) -> None:
    for one in range(number):
        part = builders.collection(
            row, f"more-{one}", name=f"Study {one:02}", size=10,
            diagnoses=[
                {"code": f"urn:miriam:icd:E{code}", "label": f"Label {code}"}
                for code in range(10, 50)
            ] if one == 12 else [],
        )  # fmt: skip
        Trait.objects.create(biobank=row, collection=part, kind=TraitKind.MATERIAL, code="DNA")


def test_many_collections_are_folded_and_none_lists_all_its_diseases(
    client: Client, row: Biobank
) -> None:
    few = shown(client, address(row))
    assert "more collections" not in few
    assert 'name="find"' not in few
    many(row, 58)
    text = shown(client, address(row))
    assert "60 collections" in text
    assert "at least 12,925 samples" in text, "the part is counted in its whole"
    first, folded = text[text.index("<table") :].split("48 more collections")
    assert first.count('name="c"') == 12
    assert folded.count('name="c"') == 48
    assert first.index("All samples</a>") < first.index("part of All") < first.index("Study 00</a>")
    assert "Label 12 and 37 more" in re.sub(r"<[^>]*>", "", folded).replace("  ", " ")
    assert "Label 13" not in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("suikerziekte", ["Study 12"]), ("gezwel", ["All samples", "Study 05"]),
        ("E11", ["Study 12"]), ("label 40", ["Study 12"]),
        ("the study 07", ["Study 07"]), ("tissue frozen", ["All samples"]), ("xyzzy", []),
        ("<script>", []), ("suikerziekte xyzzy", []),
    ],
)  # fmt: skip
def test_collections_are_found_among_those_of_a_biobank(
    client: Client, row: Biobank, words: str, found: list[str]
) -> None:
    builders.concept("diabetes", "E10-E14", en="diabetes", nl="suikerziekte")
    builders.concept("growth", "C00-C97", en="study 05", nl="gezwel")
    many(row, 13)
    chosen = Collection.objects.get(name="Study 01").key
    text = shown(client, f"{address(row)}?{urlencode({'find': words, 'c': chosen})}")
    assert re.findall(r'<th scope="row" role="rowheader"> <a [^>]*>([^<]*)</a>', text) == found
    assert f"{len(found)} of 15 collections" in text
    assert f'<input type="hidden" name="c" value="{chosen}">' in text, "what is chosen stays so"
    assert "<script>" not in text


def test_a_page_costs_the_same_with_many_collections(client: Client, row: Biobank) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(client, address(row))
        return len(queries)

    shown(client, address(row))
    few = cost()
    for number in range(20):
        one = builders.collection(row, f"more-{number}")
        Trait.objects.create(biobank=row, collection=one, kind=TraitKind.MATERIAL, code="DNA")
    shown(client, address(row))
    assert cost() == few <= 20


def card(client: Client, path: str) -> str:
    """What is told of an address where it is shared."""
    text = shown(client, path)
    (told,) = re.findall(r'<meta name="description" content="([^"]*)">', text)
    assert f'<meta property="og:description" content="{told}">' in text
    assert '<meta property="og:title" content="Bioth' in text
    return told


def test_a_biobank_has_a_card_in_each_language(client: Client, row: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    assert card(client, address(row)) == "We keep it cold."
    BiobankFact.objects.filter(kind=FactKind.INTRODUCTION).delete()
    assert card(client, address(row)) == "Tissue. And blood."
    assert card(client, address(row, "fr")) == (
        "Biothèque &lt;Nord&gt;, une biobanque à Gand. Elle compte 2 collections."
    )
    Biobank.objects.update(description="x" * 900)
    assert len(card(client, address(row))) == 200


# Around it


def test_networks_and_home_count_their_biobanks(client: Client, row: Biobank) -> None:
    home = shown(client, "/en/")
    assert '<b>1</b> <a href="/en/biobanks/"> biobank </a>' in home
    network = shown(client, "/en/networks/north/")
    assert f'<a href="{address(row)}">' in network
    assert "?network=north" in network
    Membership.objects.all().delete()
    builders.biobank("Another")
    assert "<b>2</b>" in shown(client, "/en/")
    assert address(row) not in shown(client, "/en/networks/north/")


def test_the_site_search_finds_biobanks(client: Client, row: Biobank) -> None:
    text = shown(client, "/en/search/?q=biotheque")
    assert "1 biobank for “biotheque”" in text
    assert f'href="{address(row)}"' in text
    assert "No results for" not in text
    assert "No results for" in shown(client, "/en/search/?q=zzzzz")
