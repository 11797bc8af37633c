"""What people ask the finder, in their words and in codes: what is right for them stands first."""

from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import Client

from members import initial_biobanks
from members.codes import TraitKind
from members.diseases import first_rows
from members.finder.catalogue import catalogue
from members.finder.finding import Found, find
from members.finder.why import Told
from members.finder.wishes import wish_of
from members.models import Biobank, Collection, Trait
from tests import builders
from visitors.cache import generation

ICD = "urn:miriam:icd:"
# Collections, by name: their codes, sample types, field, and what they say.
ROWS: dict[str, tuple[str, str, str]] = {
    "Mammary": ("C50.9 D05", "TISSUE_FROZEN", ""),
    "Bowel": ("C18", "TISSUE_FROZEN DNA", ""),
    "All tumours": ("C00-D48", "TISSUE_FROZEN", ""),
    "Anything": ("*", "SERUM", ""),
    "Sugar": ("E11 E10", "SERUM DNA", ""),
    "Memory": ("G30", "SERUM", ""),
    "Lungs": ("J45.0", "DNA", ""),
    "Airways of smokers": ("J44", "", ""),
    "Gut": ("K50 K51", "SERUM", ""),
    "Thick blood": ("ORPHA:586", "DNA", ""),
    "Heart attack registry": ("", "SERUM", "Plasma drawn within a day."),
    "Trial": ("", "DNA", "Women with borstkanker and their sisters."),
    "Virus": ("U07.1", "SERUM", ""),
}
QUESTIONS: list[tuple[str, set[str]]] = [
    ("q=breast cancer", {"Mammary", "Trial"}),
    ("q=borstkanker", {"Mammary", "Trial"}),
    ("q=cancer du sein", {"Mammary", "Trial"}),
    ("q=Brustkrebs", {"Mammary", "Trial"}),
    ("q=brest cancer", {"Mammary", "Trial"}),
    ("q=breast tumour tissue", {"Mammary"}),
    ("q=C50", {"Mammary", "Trial"}),
    ("q=C50.9", {"Mammary"}),
    ("q=D05", {"Mammary"}),
    ("q=C18-C21", {"Bowel"}),
    ("q=darmkanker DNA", {"Bowel"}),
    ("q=diabetes", {"Sugar"}),
    ("q=suikerziekte", {"Sugar"}),
    ("q=Zuckerkrankheit", {"Sugar"}),
    ("q=diabète de type 2", {"Sugar"}),
    ("q=samples of people with Alzheimer", {"Memory"}),
    ("q=astma", {"Lungs"}),
    ("q=maladie de Crohn", {"Gut"}),
    ("q=ORPHA:586", {"Thick blood"}),
    ("q=mucoviscidose", {"Thick blood"}),
    ("q=heart attack", {"Heart attack registry"}),
    ("q=hartaanval", {"Heart attack registry"}),
    ("q=corona", {"Virus"}),
    ("disease=C50", {"Mammary"}),
    ("disease=C00-D48", {"Mammary", "Bowel", "All tumours"}),
    ("disease=C18&disease=G30", {"Bowel", "Memory"}),
    ("disease=ORPHA:586", {"Thick blood"}),
    ("disease=C00-D48&material=DNA", {"Bowel"}),
    ("q=suikerziekte&material=DNA", {"Sugar"}),
    ("q=diabetes&age=12", set()),
    ("q=diabetes&age=40", {"Sugar"}),
    ("q=Alzheimer&companies=1", set()),
    ("q=C50&disease=G30", set()),
    ("disease=x&age=-1&age=900&sex=%00&field=nothing&q=Crohn", {"Gut"}),
]
# Of the first content: what should stand first; none: that nobody has it.
FIRST = {
    "uza": "uza", "UZ Gent": "uz-gent", "gand": "uz-gent", "ghnet": "uz-gent", "bimetra": "uz-gent",
    "Saint-Luc": "saint-luc", "St Luc": "saint-luc", "saint luk": "saint-luc",
    "Erasmus hospital": "erasme", "Erasmeziekenhuis": "erasme", "hôpital Erasme": "erasme",
    "Jules Bordet": "bordet", "bordte": "bordet", "tumour bank Bordet": "bordet",
    "Luik": "bhul", "Lüttich": "bhul", "BHUL": "bhul", "Namen": "chu-ucl-namur",
    "Mont-Godinne": "chu-ucl-namur", "biobanks in Wallonia": "chu-ucl-namur", "Mol": "vito",
    "vito": "vito", "Leuven": "uz-leuven", "Löwen": "uz-leuven", "Louvain": "uz-leuven",
    "Hasselt": "jessa", "jessa ziekenhuis": "jessa", "Limburg": "ubilim",
    "tropical medicine": "itm", "Tropeninstitut": "itm", "Sciensano": "sciensano",
    "breast cancer": "gza", "borstkanker": "gza", "Brustkrebs": "gza", "prostaatkanker": "gza",
    "corona": "uza", "COVID-19": "uza", "cardiovascular": "uz-gent", "heart": "uz-gent",
    "FFPE": "uza", "Blutproben": "uza", "ISO 9001 Bordet": "bordet", "ISO 20387": None,
    "Malines": None, "melanoma": None, "zzzzzzzz": None,
}  # fmt: skip
ALLOWED = 2


@pytest.fixture(scope="module")
def rows(module_db: Path) -> None:
    first_rows.load()
    builders.finder(builders.home())
    for number, (name, (codes, materials, said)) in enumerate(ROWS.items()):
        bank = builders.biobank(f"House {number}", city=("Ghent", "Liège")[number % 2])
        listed = [
            {"code": f"{ICD}{code}".replace(f"{ICD}ORPHA", "ORPHA")} for code in codes.split()
        ]
        row = builders.collection(bank, name=name, diagnoses=listed, description=said)
        kind = TraitKind.MATERIAL
        Trait.objects.bulk_create(
            Trait(biobank=bank, collection=row, kind=kind, code=code) for code in materials.split()
        )
    Collection.objects.filter(name="Sugar").update(age_low=18, age_high=99, age_unit="YEAR")
    generation.raise_it()


@pytest.fixture
def asked(db: None, rows: None) -> None:
    """Collections that their codes or their words tell apart."""


def found(query: str) -> Found:
    known = catalogue()
    return find(wish_of(QueryDict(f"{query}&show=collections"), known), known)


@pytest.mark.usefixtures("asked")
def test_what_is_asked_for_is_found_and_nothing_else(subtests: pytest.Subtests) -> None:
    for query, names in QUESTIONS:
        with subtests.test(query):
            assert {part.name for _entry, part in found(query).parts} == names


@pytest.mark.usefixtures("asked")
def test_each_result_says_what_it_is_about_and_wider_ones_come_after(client: Client) -> None:
    text = " ".join(client.get("/en/biobanks/?q=borstkanker").text.split())
    assert "Breast cancer: 1 collection </b> <a" in text
    assert "“borstkanker”" in text
    assert "<title> borstkanker: 2 biobanks" in text.replace("  ", " ")
    told = Told(found("q=borstkanker"))
    wider = [(result.entry.name, result.reasons[0].about) for result in told.wider]
    assert wider == [
        ("House 2", "Cancer and other tumours"),
        ("House 3", "Any disease"),
    ]


@pytest.mark.usefixtures("asked")
def test_what_nobody_has_leads_on(client: Client) -> None:
    text = " ".join(client.get("/en/biobanks/?q=melanoma&city=Ghent").text.split())
    assert "Melanoma" in text
    assert "More general" in text
    text = " ".join(client.get("/en/biobanks/?disease=G30&city=Ghent&material=DNA").text.split())
    assert "No biobank fits" in text
    assert "leave out" in text


@pytest.mark.usefixtures("asked")
def test_counts_are_of_what_a_choice_would_show(subtests: pytest.Subtests) -> None:
    for query in ("material=DNA", "q=cancer", "disease=C00-D48"):
        for facet in found(query).facets:
            for option in (*facet.options, *facet.more):
                if not option.is_chosen and facet.name not in query:
                    with subtests.test(query=query, option=option.value):
                        chosen = found(f"{query}&{facet.name}={option.value}")
                        assert chosen.number == option.count > 0


def test_of_the_first_content_what_is_meant_stands_first(db: None) -> None:
    first_rows.load()
    builders.finder(builders.home())
    initial_biobanks.load()
    generation.raise_it()
    wrong = {
        words: got
        for words, slug in FIRST.items()
        for got in [next((entry.slug for entry in found(f"q={words}").entries), None)]
        if got != slug
    }
    assert len(FIRST) >= 40
    assert len(wrong) <= ALLOWED, wrong


def test_publishing_a_page_leaves_the_biobanks_as_they_were_read(db: None) -> None:
    home = builders.home()
    builders.biobank("Kept")
    before = catalogue().holdings
    builders.text_page(home, "New")
    assert catalogue().holdings is before
    Biobank.objects.get().save()
    assert catalogue().holdings is not before
