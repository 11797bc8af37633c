"""A collection's own page: what it has, how much, under which terms, and how to ask for it."""

import re
from copy import deepcopy
from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.codes import TraitKind
from members.models import (
    Biobank,
    BiobanksPage,
    CodeLabel,
    Collection,
    OldCollectionSlug,
    Trait,
)
from tests import builders
from tests.integration.once.test_structured_data import things
from tests.sitemaps import maps
from visitors.cache import generation

SITE = "http://127.0.0.1:8000"
HERE = "biobanks/bank-of-the-north/breast-study/"
C50, I10 = "urn:miriam:icd:C50", "urn:miriam:icd:I10"
DISEASES = [
    {"code": "NI", "label": "NI"},
    {"code": "ORPHA:586", "label": "Cystic fibrosis"},
    {"code": C50, "label": "Malignant neoplasm of breast"},
    {"code": "urn:miriam:icd:C50.1", "label": "Central <portion>"},
    {"code": "urn:miriam:icd:D05", "label": ""},
    *(
        {"code": f"urn:miriam:icd:E{number}", "label": f"Label {number}"}
        for number in range(10, 90)
    ),
]
COUNTS = [
    {"disease": C50, "sex": "*", "age": "*", "material": "*", "samples": 50, "donors": 20},
    {"disease": I10, "sex": "*", "age": "*", "material": "*", "samples": 7000},
    {"disease": C50, "sex": "FEMALE", "age": "Aged (>80 years)", "samples": 10, "donors": 4},
    {"disease": C50, "sex": "FEMALE", "age": "Child", "samples": 3, "donors": 4},
    {"disease": C50, "sex": "MALE", "age": "Child", "material": "DNA", "samples": 9},
]  # fmt: skip


@pytest.fixture(scope="module")
def made(module_db: Path) -> Collection:
    finder = builders.finder(builders.home())
    finder.asking = "<p>Write a letter.</p>"
    finder.save_revision().publish()
    builders.translation_of(finder, "nl")
    builders.concept("breast-cancer", "C50", en="breast cancer", nl="borstkanker")
    builders.concept("early-cancer", "D00-D09", en="early cancer", nl="vroege kanker")
    builders.concept("growths", "C00-D48", "chapter", en="cancer and more", nl="kanker en meer")
    CodeLabel.objects.create(kind="disease", code=I10, label="High pressure")
    bank = builders.biobank("Bank of the North", city="Ghent", website="https://bn.example/")
    builders.fact(bank, "mailbox", "office@bn.example")
    whole = builders.collection(bank, "all", name="All of it")
    row = builders.collection(
        bank, directory_id="bbmri-eric:ID:BE_1:collection:1", name="Breast study",
        acronym="BS", parent=whole, size=12345,
        donors_magnitude=3, age_low=18, age_unit="YEAR", diagnoses=DISEASES, counts=COUNTS,
        counted=date(2026, 5, 4), commercial_use=False, description="Many <samples>.",
        access_description="On request.", access_url="https://bn.example/access",
        website="https://bn.example/breast", source="directory",
        quality=[{"standard": "ISO 20387", "level": "accredited", "certificate_number": "7-QM"}],
    )  # fmt: skip
    builders.collection(bank, "part", name="Left side", parent=row, size=7)
    builders.collection(bank, "secret", name="Secret part", parent=row, is_hidden=True)
    held = [
        (TraitKind.MATERIAL, "TISSUE_FROZEN"), (TraitKind.FEE, "samples"),
        (TraitKind.DATA_USE, "DUO_0000021"),
    ]  # fmt: skip
    Trait.objects.bulk_create(
        Trait(biobank=bank, collection=row, kind=kind, code=code) for kind, code in held
    )
    generation.forget()
    return row


@pytest.fixture
def row(db: None, made: Collection) -> Collection:
    return deepcopy(made)


def shown(client: Client, query: str = "", language: str = "en") -> str:
    response = client.get(f"/{language}/{HERE}{query}")
    assert response.status_code == HTTPStatus.OK
    return re.sub(r"\s+", " ", response.text)


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


def test_a_collection_says_all_that_is_known(client: Client, row: Collection) -> None:
    text = shown(client)
    for words in [
        "Breast study</h1>", "12,345 samples", "1,000 to 10,000 donors", "age: from 18 years",
        "Counted on 4 May 2026.", "Tissue, frozen", "Not open to commercial use", "On request.",
        "Fee for access to</dt>", "Approval by an ethics committee",
        "https://bn.example/access", "office@bn.example", "Website of this biobank",
        'href="/en/biobanks/bank-of-the-north/#asking">How to ask for samples',
        "ISO 20387, assessed by: An accredited body, certificate 7-QM", "Ghent", "(other site)",
        'href="/en/biobanks/bank-of-the-north/all-of-it/">All of it</a>', row.directory_url,
        'href="/en/biobanks/bank-of-the-north/left-side/">Left side</a>, 7 samples',
        '<div class="prose" lang="en"><p>Many &lt;samples&gt;.</p></div>',
        '<a href="/en/biobanks/bank-of-the-north/">Bank of the North</a></li>'
        ' <li aria-current="page">Breast study</li>',
    ]:  # fmt: skip
        assert words in text, words
    assert "Secret part" not in text


def test_of_what_is_not_known_nothing_is_said(client: Client, row: Collection) -> None:
    text = client.get("/en/biobanks/bank-of-the-north/left-side/").text
    for heading in ("Diseases of the donors", "How many of each", "What it holds", "Its parts"):
        assert heading not in text
    assert "<dd></dd>" not in re.sub(r"\s+", "", text)


def test_diseases_stand_by_chapter_folded_in_our_words_or_marked(
    client: Client, row: Collection
) -> None:
    english, dutch = words_of(shown(client)), shown(client, language="nl")
    assert "Cancer and more (ICD-10 C00-D48): 3 Breast cancer (ICD-10 C50)" in english
    assert "ICD-10 E00-E90: 80 Label 10" in english, "a chapter that the table does not have"
    assert "Orphanet: 1 Cystic fibrosis (ORPHA:586)" in english
    assert "NI" not in re.findall(r"\w+", english), "what says that nothing is known"
    assert "Kanker en meer (ICD-10 C00-D48): 3</summary>" in dutch
    assert "<li>Borstkanker (ICD-10 C50)</li>" in dutch
    assert '<li><span lang="en">Central &lt;portion&gt;</span> (ICD-10 C50.1)</li>' in dutch
    assert "<li>Vroege kanker (ICD-10 D05)</li>" in dutch, "no label: of what it is a part"
    assert dutch.count("<details>") == dutch.count("<summary>") == 3


def table(text: str, caption: str) -> list[list[str]]:
    (found,) = re.findall(rf"<caption>{caption}</caption>(.*?)</table>", text)
    rows = re.findall(r"<tr>(.*?)</tr>", found)
    return [
        [words_of(cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", one)] for one in rows
    ]


def test_the_counts_are_tables_in_which_nothing_is_counted_twice(
    client: Client, row: Collection
) -> None:
    text = shown(client)
    assert table(text, "By disease") == [
        ["Disease", "Samples", "Donors"],
        ["High pressure (ICD-10 I10)", "7,000", "not known"],
        ["Breast cancer (ICD-10 C50)", "50", "20"],
    ]
    assert table(text, "By sex") == [["Sex", "Samples"], ["Female", "13"]]
    assert [line[0] for line in table(text, "By age")] == [
        "Age", "Children (2 to 12 years)", "Older people (80 years and over)",
    ]  # fmt: skip
    assert text.count("Added up from the rows that the Directory gives.") == 3


def test_it_can_be_chosen_and_stays_so(client: Client, row: Collection) -> None:
    other = Collection.objects.get(name="Left side").key
    text = shown(client, f"?c={other}")
    assert f'<input type="hidden" name="c" value="{other}">' in text
    assert f'<input type="hidden" name="c" value="{row.key}">' in text
    assert 'formaction="/en/biobanks/shortlist/ask/"' in text
    text = shown(client, f"?c={other}&c={row.key}")
    assert "Chosen collections: <b>2</b>" in text
    assert "This collection is on your shortlist." in text
    assert f'href="/en/biobanks/bank-of-the-north/all-of-it/?c={row.key}&amp;c={other}"' in text


def test_old_addresses_lead_to_the_new_one_with_what_was_chosen(
    client: Client, row: Collection
) -> None:
    OldCollectionSlug.objects.create(biobank=row.biobank, slug="once", collection=row)
    bank = Biobank.objects.get()
    bank.slug = "new"
    bank.save()
    for old in ("bank-of-the-north/breast-study", "bank-of-the-north/once", "new/once"):
        response = client.get(f"/nl/biobanks/{old}/?c=new/left-side")
        assert response.status_code == HTTPStatus.MOVED_PERMANENTLY
        assert response.headers["Location"] == "/nl/biobanks/new/breast-study/?c=new/left-side"
    Collection.objects.filter(pk=row.pk).update(is_hidden=True)
    assert client.get("/nl/biobanks/new/once/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("address", ["bank-of-the-north/none", "none/breast-study", "shortlist/x",
                                     "bank-of-the-north/" + "x" * 200, "bank-of-the-north/a%20b",
                                     "bank-of-the-north/breast-study/more"])  # fmt: skip
def test_an_address_that_is_none_is_not_found(
    client: Client, row: Collection, address: str
) -> None:
    assert client.get(f"/en/biobanks/{address}/").status_code == HTTPStatus.NOT_FOUND


def test_what_is_hidden_has_no_page(client: Client, row: Collection) -> None:
    hidden = client.get("/en/biobanks/bank-of-the-north/secret-part/")
    assert hidden.status_code == HTTPStatus.NOT_FOUND
    Biobank.objects.update(is_hidden=True)
    assert client.get(f"/en/{HERE}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("model", [Biobank, Collection])
def test_what_is_withdrawn_says_since_when(
    client: Client, row: Collection, model: type[Biobank | Collection]
) -> None:
    model.objects.update(withdrawn=date(2026, 4, 1))
    text = shown(client)
    assert "since 1 April 2026" in text
    assert '<meta name="robots" content="noindex">' in text
    assert "Put it on the shortlist" not in text
    assert "collections" not in maps(client)


def test_machines_know_it_by_one_address_in_each_language(client: Client, row: Collection) -> None:
    text, told = shown(client), maps(client)["collections"]
    assert f'<link rel="canonical" href="{SITE}/en/{HERE}">' in text
    assert f'hreflang="nl" href="{SITE}/nl/{HERE}"' in text
    assert told.count(f"<loc>{SITE}/en/{HERE}</loc>") == 1
    assert told.count("<loc>") == 2 * 3, "two languages, three that are shown"
    assert f'hreflang="nl" href="{SITE}/nl/{HERE}"' in told
    found = things(client, f"/en/{HERE}")
    assert found["Dataset"]["@id"] == f"{SITE}/en/{HERE}#dataset"
    assert found["Dataset"]["identifier"] == row.directory_id
    assert found["Dataset"]["isPartOf"]["@id"].endswith("/all-of-it/#dataset")
    assert len(found["Dataset"]["hasPart"]) == 1
    steps = [step["item"] for step in found["BreadcrumbList"]["itemListElement"][-2:]]
    assert steps == [f"{SITE}/en/biobanks/bank-of-the-north/", f"{SITE}/en/{HERE}"]


def test_it_has_a_card_in_each_language(client: Client, row: Collection) -> None:
    assert '<meta name="description" content="Many &lt;samples&gt;.">' in shown(client)
    assert BiobanksPage.objects.count() == 2
    (told,) = re.findall(
        r'<meta property="og:description" content="([^"]*)">', shown(client, language="nl")
    )
    assert told.startswith("Breast study, een collectie van Bank of the North. 12.345 stalen, ")
    assert "Borstkanker" in told


def test_it_costs_twelve_queries_and_shows_a_change_at_once(
    client: Client, row: Collection
) -> None:
    def cost() -> int:
        generation.raise_it()
        shown(client)
        with CaptureQueriesContext(connection) as queries:
            shown(client, "?find=x")  # a page that is not kept
        return len(queries)

    few = cost()
    for number in range(20):
        builders.collection(row.biobank, f"more-{number}", name=f"More {number}", parent=row)
    assert cost() == few <= 12
    assert "More 7</a>" in shown(client)
