"""Whatever oddity a row has, nothing is withdrawn, nothing is lost, and it is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.directory import importing
from members.directory.sources import File
from members.models import Biobank, Collection, QualityMark, Trait
from tests.directory import (
    Row,
    biobank_id,
    biobank_row,
    coded,
    collection_id,
    collection_row,
    reply,
)
from tests.integration.directory_runs import last_run

pytestmark = pytest.mark.django_db
OURS = {"host": "Our host", "district": "Sart Tilman", "is_hidden": False}
MARK = {"quality_standard": {"name": "ISO 20387"}, "assess_level_bio": {"name": "eric"}}
Rows = tuple[list[Row], list[Row]]  # biobanks, collections


def good() -> Rows:
    biobanks = [biobank_row(number, quality=[MARK]) for number in ("AAA", "BBB", "CCC")]
    whole = collection_row("AAA", "whole")
    part = collection_row(
        "AAA",
        "part",
        acronym="P",
        description="Tumours, kept.\nDNA",
        url="https://part.example/",
        parent_collection={"id": collection_id("AAA", "whole")},
        size=10_000,
        number_of_donors=1_500,
        age_low=1,
        age_high=90,
        age_unit={"name": "YEAR"},
        categories=coded("oncology"),
        diagnosis_available=coded("urn:miriam:icd:C18", "ORPHA:558"),
        commercial_use=True,
        access_description="Ask the office.",
        access_uri="https://part.example/access",
    )
    return biobanks, [whole, part, collection_row("BBB"), collection_row("CCC")]


def import_(folder: Path, rows: Rows) -> str:
    """What the notes of the run say."""
    file = folder / "answer.json"
    file.write_text(json.dumps(reply(*rows)), encoding="utf-8")
    source = File(file)
    importing.carry_out(importing.begin(source, is_forced=False), source)
    return last_run().notes


@pytest.fixture(scope="module")
def known(module_db: Path) -> None:
    """All rows, and what is ours."""
    import_(module_db, good())
    Biobank.objects.update(**OURS)


@pytest.fixture
def folder(known: None, tmp_path: Path) -> Path:
    return tmp_path


def all_rows() -> dict[str, list[Any]]:
    """What is stored, by our keys: ids may be written otherwise."""
    of_row = {"as_of", "directory_id"}
    return {
        "biobanks": [
            {name: value for name, value in row.items() if name not in of_row}
            for row in Biobank.objects.order_by("pk").values()
        ],
        "collections": [
            {name: value for name, value in row.items() if name not in of_row}
            for row in Collection.objects.order_by("pk").values()
        ],
        "codes": sorted(Trait.objects.values_list("collection", "biobank", "kind", "code")),
        "quality": sorted(QualityMark.objects.values_list("biobank", "standard", "level")),
    }


Change = Callable[[list[Row], list[Row]], Any]  # of good rows


def bank(**columns: Any) -> Change:
    return lambda biobanks, _collections: biobanks[0].update(columns)


def part(**columns: Any) -> Change:
    return lambda _biobanks, collections: collections[1].update(columns)


def again(place: int, **columns: Any) -> Change:
    """The row a second time, before it."""
    return lambda biobanks, _collections: biobanks.insert(0, biobanks[place] | columns)


def deep(levels: int) -> list[Any]:
    nested: list[Any] = []
    for _level in range(levels):
        nested = [nested]
    return nested


AAA, PART = biobank_id("AAA"), collection_id("AAA", "part")
NOT_WEB, NO_NUMBER = "is no web address", "is no number from 0"
ODDITIES: dict[str, tuple[Change, str]] = {
    # Ids
    "a blank after the id": (bank(id=f"{AAA} "), "removed from its id"),
    "a blank in the id": (bank(id="bbmri-eric:ID: BE_AAA"), "removed from its id"),
    "signs nobody sees": (bank(id=f"\ufeff{AAA}\u200b"), "removed from its id"),
    "other letters": (bank(id=AAA.replace("AAA", "aaa")), "its id in other letters says"),
    "small letters": (bank(id=AAA.lower()), "its id in other letters says"),
    "markup in the id": (bank(id=f"<b>{AAA}</b>"), "row 1 of Biobanks: skipped, it has no id"),
    "no id": (bank(id=None), "row 1 of Biobanks: skipped, it has no id"),
    "an id that is a number": (bank(id=7), "none is withdrawn because it is missing"),
    "no row": (lambda banks, _parts: banks[0].clear(), "row 1 of Biobanks: skipped"),
    "a blank in a collection's id": (part(id=f" {PART}"), "removed from its id"),
    "a collection in other letters": (part(id=PART.upper()), "its id in other letters says"),
    "a collection without id": (part(id=""), "row 2 of Collections: skipped, it has no id"),
    "its biobank's id spoilt": (part(biobank={"id": f"{AAA}\u200b"}), ""),
    "its biobank in other letters": (part(biobank={"id": AAA.lower()}), ""),
    "its biobank is not there": (part(biobank={"id": biobank_id("X")}), "is not in the answer"),
    "it has no biobank": (part(biobank=None), "its biobank is not in the answer"),
    "its parent's id spoilt": (part(parent_collection={"id": "?"}), "parent_collection.id is not"),
    "its parent is no row": (part(parent_collection="whole"), "holds something that is no row"),
    "the id twice": (again(0), "one of two rows was skipped"),
    "the id twice, once withdrawn": (again(0, withdrawn=True), "one of two rows was skipped"),
    "the id twice, once spoilt": (again(0, id=f"{AAA} ", name="X"), "one of two rows was skipped"),
    "a name that is no text": (bank(name=7), "skipped, it has no name"),
    "perhaps withdrawn": (bank(withdrawn="perhaps"), "withdrawn is neither yes nor no"),
    "perhaps withdrawn, in other letters": (
        bank(id=AAA.lower(), withdrawn="perhaps"),
        "withdrawn is neither yes nor no",
    ),
    # Values
    "blanks around a url": (bank(url=" https://biobank.example/AAA "), "url was read as https://"),
    "slashes alone": (
        bank(url="//biobank.example/AAA"),
        "url was read as https://biobank.example/AAA",
    ),
    "no scheme": (bank(url="biobank.example/AAA"), "url was read as https://biobank.example/AAA"),
    "no url": (bank(url="see our page"), NOT_WEB),
    "a url of a script": (part(access_uri="javascript:alert(1)"), f"access_uri {NOT_WEB}"),
    "a pid with blanks": (bank(pid=" 21.T12995/be-AAA\ufeff"), ""),
    "a pid that is none": (bank(pid="to be made"), "pid is not of the form it should have"),
    "ten or ten thousand": (part(size="10,000"), f"size {NO_NUMBER}"),
    "one or a thousand": (part(number_of_donors="1.500"), f"number_of_donors {NO_NUMBER}"),
    "thousands with blanks": (part(size="10 000"), ""),
    "a negative number": (part(age_low=-1), f"age_low {NO_NUMBER}"),
    "a huge number": (part(age_high=10**30), f"age_high {NO_NUMBER}"),
    "a latitude in words": (bank(latitude="north"), "latitude is no number"),
    "in the sea": (bank(latitude="0", longitude="0"), "the coordinates are not in Belgium"),
    "half a place": (bank(longitude=None), "the coordinates are not in Belgium"),
    "a text that is a list": (part(description=["Tumours"]), "description is no text"),
    "blocks": (part(description="<p>Tumours, kept.<ul><li>DNA</li></ul>"), "markup was removed"),
    "signs that have no width": (bank(juridical_person="A hos\xadpital\ufeff"), "can't be shown"),
    "html everywhere": (bank(name="<b>Biobank</b> AAA", acronym="<i>BAAA</i>"), "markup was"),
    "yes and no": (bank(collaboration_commercial="ja"), "is neither yes nor no"),
    "a code that is none": (part(materials=[{"name": "<b>"}]), "something that is no code"),
    "codes without rows": (
        part(materials=["SERUM", 7]),
        "materials holds something that is no row",
    ),
    "deep": (part(materials=deep(500)), "materials holds something that is no row"),
    "a unit of age that we don't know": (part(age_unit={"name": "FORTNIGHT"}), "don't know"),
    "a diagnosis that is none": (
        part(diagnosis_available=[*coded("ORPHA:558"), {"name": "?"}]),
        "diagnosis_available.name is not of the form",
    ),
    "a mark that is no row": (bank(quality=["ISO 20387"]), "quality holds something"),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_what_is_odd_is_named_and_nothing_is_lost(folder: Path, oddity: str) -> None:
    change, words = ODDITIES[oddity]
    before = all_rows()
    rows = good()
    change(*rows)
    notes = import_(folder, rows)
    assert words in notes
    assert bool(notes) == bool(words)
    assert all_rows() == before
    import_(folder, good())
    assert all_rows() == before


def stay(**about: Any) -> Biobank:
    """The biobank that was there first, with what is ours."""
    biobank = Biobank.objects.get(slug="biobank-aaa")
    assert {name: getattr(biobank, name) for name in OURS} == OURS
    assert biobank.withdrawn is None
    return biobank


def moved_to(name: str) -> Rows:
    """AAA under a new id, its persistent identifier as it was."""
    biobanks, collections = good()
    biobanks[0]["id"] = biobank_id(name)
    for row in collections[:2]:
        row["id"] = row["id"].replace("BE_AAA", f"BE_{name}")
        row["biobank"] = {"id": biobank_id(name)}
    collections[1]["parent_collection"] = {"id": collections[0]["id"]}
    return biobanks, collections


@pytest.mark.parametrize("is_told", [True, False])
def test_a_biobank_that_is_registered_anew_stays_the_same(folder: Path, is_told: bool) -> None:
    """The former record is gone from the answer, or is in it as withdrawn, with its collections."""
    before = all_rows()
    rows = moved_to("NEW")
    if is_told:
        gone = [one | {"withdrawn": True} for one in good()[0][:1]]
        rows = ([*gone, *rows[0]], [*good()[1][:2], *rows[1]])
    for _time in range(2):
        import_(folder, rows)
        assert all_rows() == before
    assert stay().directory_id == biobank_id("NEW")
    parts = stay().collections.values_list("directory_id", flat=True)
    assert set(parts) == {collection_id("NEW", "whole"), collection_id("NEW", "part")}


def test_of_a_biobank_that_is_split_one_half_is_the_same(folder: Path) -> None:
    biobanks, collections = good()
    other = biobanks[0] | {"id": biobank_id("HALF"), "name": "Half"}
    collections[1]["biobank"] = {"id": biobank_id("HALF")}
    import_(folder, ([other, *biobanks], collections))
    half = Biobank.objects.get(directory_id=biobank_id("HALF"))
    assert stay().directory_id == AAA
    assert Collection.objects.get(directory_id=PART).biobank == half


def test_of_biobanks_that_are_merged_one_goes_on(folder: Path) -> None:
    biobanks, collections = moved_to("MERGED")
    collections[2]["biobank"] = {"id": biobank_id("MERGED")}
    del biobanks[1]
    import_(folder, (biobanks, collections))
    assert stay().directory_id == biobank_id("MERGED")
    assert stay().collections.count() == 3
    assert list(Biobank.objects.exclude(withdrawn=None)) == [
        Biobank.objects.get(name="Biobank BBB")
    ]
    assert not Collection.objects.exclude(withdrawn=None).exists()


def test_ten_thousand_diagnoses_are_kept_and_not_written_again(folder: Path) -> None:
    biobanks, collections = good()
    codes = [
        f"{system}:{turn}" for system in ("ORPHA", "icd", "SCT", "omim") for turn in range(2_500)
    ]
    collections[1]["diagnosis_available"] = coded(*codes)
    import_(folder, (biobanks, collections))
    assert len(Collection.objects.get(directory_id=PART).diagnoses) == 10_000
    with CaptureQueriesContext(connection) as queries:
        import_(folder, (biobanks, collections))
    assert not [query for query in queries if 'UPDATE "members_collection"' in query["sql"]]
