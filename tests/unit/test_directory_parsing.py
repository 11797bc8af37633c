"""Whatever the Directory sends becomes clean records, or a note that names the row."""

from datetime import date
from typing import Any

import pytest

from members.belgium import is_in_belgium
from members.codes import AGE_RANGE, DISEASE, TraitKind
from members.directory.columns import CORE, EVERYTHING, query, without
from members.directory.families import effectively_withdrawn, without_cycles
from members.directory.parsing import parse
from members.directory.records import Code, Directory, Mark
from tests.directory import (
    Row,
    biobank_id,
    biobank_row,
    coded,
    collection_id,
    collection_row,
    count_row,
    network_row,
    reply,
    service_row,
)

BANK = biobank_id(1)


def read(biobanks: list[Row], collections: list[Row] | None = None) -> Directory:
    return parse(reply(biobanks, collections)["data"], EVERYTHING)


def test_a_row_becomes_a_record() -> None:
    directory = read([biobank_row()], [collection_row()])
    assert directory.notes == ()
    biobank, collection = directory.biobanks[0], directory.collections[0]
    assert biobank.facts["name"] == "Biobank 1"
    assert (biobank.facts["latitude"], biobank.facts["longitude"]) == (51.02, 3.73)
    assert biobank.facts["open_to_companies"] is True
    assert collection.facts["size_magnitude"] == 4
    assert Code(TraitKind.MATERIAL, "TISSUE_FROZEN") in collection.codes


def test_a_table_that_is_empty_is_not_in_the_answer() -> None:
    assert parse({}, EVERYTHING) == Directory()


@pytest.mark.parametrize(
    ("spoilt", "about"),
    [
        (f"{biobank_id(1)} ", biobank_id(1)),
        (f"\ufeff{biobank_id(1)}\u200b", biobank_id(1)),
        ("bbmri-eric:ID: BE_1", biobank_id(1)),
    ],
)
def test_what_crept_into_an_id_is_taken_out_and_noted(spoilt: str, about: str) -> None:
    parts = [collection_row(1, "a"), collection_row(1, "b") | {"biobank": {"id": spoilt}}]
    directory = read([biobank_row() | {"id": spoilt}], parts)
    assert [one.directory_id for one in directory.biobanks] == [about]
    assert [one.biobank_id for one in directory.collections] == [about] * 2
    assert "from its id" in directory.notes[0]


def test_a_reference_in_other_letters_is_followed() -> None:
    part = collection_row("x", "a", parent_collection={"id": collection_id("X", "B")})
    part["biobank"] = {"id": biobank_id("X").lower()}
    directory = read([biobank_row("x")], [part, collection_row("x", "b")])
    assert {one.biobank_id for one in directory.collections} == {biobank_id("x")}
    assert directory.collections[0].parent_id == collection_id("x", "b")


def test_a_parent_that_can_not_be_read_is_not_told() -> None:
    spoilt = [{"id": "?"}, {"id": 7}, "all", {"deep": {"deep": {}}}]
    rows = [
        collection_row(1, number, parent_collection=parent) for number, parent in enumerate(spoilt)
    ]
    directory = read([biobank_row()], rows)
    assert {one.parent_id for one in directory.collections} == {None}


def test_of_two_rows_with_one_id_the_good_one_is_read() -> None:
    for other in (biobank_row(name="Other", withdrawn=True), biobank_row() | {"id": f"{BANK} "}):
        directory = read([other, biobank_row(2), biobank_row(name="Good")])
        assert [one.facts["name"] for one in directory.biobanks] == ["Good", "Biobank 2"]
        assert not directory.biobanks[0].is_withdrawn


def test_a_row_without_an_id_may_be_any() -> None:
    rows = [biobank_row(), biobank_row(2) | {"id": "?"}]
    directory = read(rows, [collection_row(), collection_row(2)])
    assert directory.unnamed == {"Biobanks"}
    assert directory.unread == {collection_id(2)}


def test_of_a_list_the_rest_is_read_and_what_can_not_be_is_told() -> None:
    row = collection_row(
        materials=[*coded("SERUM"), "DNA"], diagnosis_available=[*coded("ORPHA:558"), {"name": "?"}]
    )
    directory = read([biobank_row()], [row])
    collection = directory.collections[0]
    assert Code(TraitKind.MATERIAL, "SERUM") in collection.codes
    assert TraitKind.MATERIAL not in collection.kinds
    assert [one["code"] for one in collection.facts["diagnoses"]] == ["ORPHA:558"]
    assert collection.unread == {"diagnoses"}


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("age_unit", {"name": "FORTNIGHT"}, "age_unit"),
        ("order_of_magnitude", {"name": "many"}, "size_magnitude"),
    ],
)
def test_a_code_of_ours_that_is_unknown_is_noted(column: str, value: Row, field: str) -> None:
    directory = read([biobank_row()], [collection_row() | {column: value}])
    assert directory.collections[0].unread == {field}
    assert "has a code that we don't know" in directory.notes[0]


def test_many_diagnoses_of_several_systems_are_read() -> None:
    systems = ("urn:miriam:icd:C", "ORPHA:", "SNOMEDCT:", "icd-o-3:8140/")
    found = [{"name": f"{systems[turn % 4]}{turn}", "label": "x" * 99} for turn in range(10_000)]
    found[0]["label"] = "x" * 10_000
    directory = read([biobank_row()], [collection_row(diagnosis_available=found)])
    assert len(directory.collections[0].facts["diagnoses"]) == 10_000
    assert directory.notes == (f"{collection_id(1)}: label was cut after 250 characters",)


@pytest.mark.parametrize(
    "row",
    [
        "no row",
        None,
        {},
        {"id": 12, "name": "Number"},
        {"id": "bbmri-eric:ID:BE_<b>", "name": "Markup"},
        {"id": "../../etc", "name": "Path"},
    ],
)
def test_a_row_without_an_id_is_skipped_and_noted(row: object) -> None:
    directory = parse({"Biobanks": [row, biobank_row()]}, EVERYTHING)
    assert [one.directory_id for one in directory.biobanks] == ["bbmri-eric:ID:BE_1"]
    assert "row 1 of Biobanks: skipped" in " ".join(directory.notes)


@pytest.mark.parametrize("name", [None, "", "  ", 7, "<br>"])
def test_a_row_without_a_name_is_skipped_but_counts_as_there(name: object) -> None:
    directory = read([biobank_row() | {"name": name}])
    assert directory.biobanks == ()
    assert directory.unread == {"bbmri-eric:ID:BE_1"}
    assert "skipped, it has no name" in directory.notes[-1]


def test_of_two_rows_with_one_id_the_first_is_read() -> None:
    directory = read([biobank_row(name="First"), biobank_row(name="Second")])
    assert [one.facts["name"] for one in directory.biobanks] == ["First"]
    assert "they have one id" in directory.notes[0]


@pytest.mark.parametrize("tables", [{"Biobanks": "many"}, {"Biobanks": {"id": 1}}, {"Biobanks": 3}])
def test_a_table_that_is_no_list_is_skipped_and_noted(tables: Row) -> None:
    assert "no list" in parse(tables, EVERYTHING).notes[0]


def test_codes_that_are_none_are_noted_and_unknown_ones_kept() -> None:
    materials = [{"name": "NEW_ONE"}, {"name": "<b>"}, {"label": "No name"}, "text", None]
    directory = read([biobank_row()], [collection_row(materials=materials)])
    codes = {one.code for one in directory.collections[0].codes if one.kind == TraitKind.MATERIAL}
    assert codes == {"NEW_ONE"}
    assert len(directory.notes) == 3


def test_quality_marks_and_diagnoses() -> None:
    mark = {
        "quality_standard": {"name": "iso20387", "label": "ISO 20387"},
        "assess_level_bio": {"name": "accredited"},
        "certification_number": "BE-17",
    }
    row = collection_row(diagnosis_available=coded("urn:miriam:icd:C18", "ORPHA:558"))
    directory = read([biobank_row(quality=[mark])], [row])
    assert directory.biobanks[0].quality == {Mark("ISO 20387", "accredited", "BE-17")}
    codes = [one["code"] for one in directory.collections[0].facts["diagnoses"]]
    assert codes == ["ORPHA:558", "urn:miriam:icd:C18"]


def test_a_star_is_any_and_each_code_keeps_its_label() -> None:
    row = collection_row(
        sex=[{"name": "*", "label": "Any"}],
        data_categories=[
            {"name": "CT", "label": "CT <b>imaging</b>"},
            {"name": "OTHER_DATA", "label": "OTHER_DATA"},
        ],
        diagnosis_available=[{"name": "*", "label": "Any"}, {"name": "ORPHA:558", "label": "M"}],
        materials=[{"name": "DNA"}],
    )
    directory = read([biobank_row()], [row, collection_row(part=2, materials=coded("DNA"))])
    assert Code(TraitKind.SEX, "*") in directory.collections[0].codes
    assert directory.labels[Code(TraitKind.DATA, "CT")] == "CT imaging"
    assert directory.labels[Code(DISEASE, "ORPHA:558")] == "M"
    assert Code(TraitKind.DATA, "OTHER_DATA") not in directory.labels
    assert directory.labels[Code(TraitKind.MATERIAL, "DNA")] == "Dna"


def test_counts_are_told_by_what_they_count_and_the_largest_are_kept() -> None:
    facts = [count_row(sex=None, number_of_samples=n, number_of_donors=None) for n in range(2_100)]
    bad = [count_row(number_of_samples="many", number_of_donors=None), "text", count_row("<b>")]
    directory = read([biobank_row()], [collection_row(facts=[*facts, *bad])])
    counts = directory.collections[0].facts["counts"]
    assert len(counts) == 2_000
    assert counts[0] == {
        "disease": "urn:miriam:icd:C50",
        "age": "Aged (>80 years)",
        "material": "DNA",
        "samples": 2_099,
    }
    assert directory.labels[Code(AGE_RANGE, "Aged (>80 years)")] == "Aged"
    assert len(directory.notes) == 4


def test_networks_and_services_are_told_without_what_is_withdrawn_or_nameless() -> None:
    networks = [network_row("Two", 2), network_row("Gone", 3, withdrawn=True), network_row("One")]
    services = [service_row(), service_row(None), service_row("Anew", descriptionUrl="no")]
    directory = read([biobank_row(network=networks, services=services)])
    facts = directory.biobanks[0].facts
    assert [one["name"] for one in facts["told_networks"]] == ["One", "Two"]
    assert [(one["name"], one["url"]) for one in facts["services"]] == [
        ("Anew", ""),
        ("Sequencing", "https://biobank.example/sequencing"),
    ]


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2016-11-15T09:53:13+0100", date(2016, 11, 15)),
        ("2016-11-15", date(2016, 11, 15)),
        ("9999-11-15", None),
        ("last week", None),
        (20161115, None),
    ],
)
def test_the_day_of_the_numbers_is_a_day_or_noted(told: object, day: date | None) -> None:
    directory = read([biobank_row()], [collection_row(timestamp=told)])
    assert directory.collections[0].facts["counted"] == day
    assert bool(directory.notes) is (day is None)


def test_what_an_older_directory_does_not_have_is_not_told() -> None:
    """Nor is a column that is not what it should be a reason to fail."""
    optional = {"network", "services", "quality", "facts", "data_use", "combined_quality"}
    asked = {table: columns - optional for table, columns in EVERYTHING.items()}
    directory = parse(reply([biobank_row()], [collection_row()])["data"], asked)
    assert not {"told_networks", "services"} & directory.biobanks[0].facts.keys()
    assert not {"counts", "quality"} & directory.collections[0].facts.keys()
    assert TraitKind.DATA_USE not in directory.collections[0].kinds
    broken = dict.fromkeys(optional, 3)
    assert read([biobank_row() | broken], [collection_row() | broken]).notes


def test_a_collection_of_a_biobank_that_is_not_there_is_skipped() -> None:
    directory = read([biobank_row(1)], [collection_row(2)])
    assert directory.collections == ()
    assert directory.unread == {collection_id(2)}


def part_of(part: str, whole: str, **columns: Any) -> Row:
    return collection_row(1, part, parent_collection={"id": collection_id(1, whole)}, **columns)


def test_a_cycle_of_parents_is_cut_and_noted() -> None:
    directory = read([biobank_row()], [part_of("a", "b"), part_of("b", "a"), part_of("c", "a")])
    parents = {one.directory_id[-1]: one.parent_id for one in directory.collections}
    assert parents == {"a": "", "b": "", "c": collection_id(1, "a")}
    assert len(directory.notes) == 2


def test_a_part_of_what_is_withdrawn_is_withdrawn() -> None:
    rows = [
        collection_row(1, "top", withdrawn=True),
        part_of("middle", "top"),
        part_of("low", "middle"),
        collection_row(1, "other"),
    ]
    directory = read([biobank_row()], rows)
    assert [one.is_withdrawn for one in directory.collections] == [True, True, True, False]


def test_long_chains_of_parts_are_followed() -> None:
    chain = {str(number): str(number + 1) for number in range(5000)}
    assert without_cycles(chain) == (chain, set())
    assert len(effectively_withdrawn({"5000"}, chain)) == 5001
    assert without_cycles(chain | {"5000": "0"})[0] == {}


def test_the_smallest_question_is_read_without_the_rest() -> None:
    answer = reply([biobank_row()], [collection_row()])["data"]
    directory = parse(answer, CORE)
    assert directory.biobanks[0].facts == {"name": "Biobank 1"}
    assert directory.biobanks[0].quality is None
    assert directory.collections[0].kinds == frozenset()
    assert directory.collections[0].parent_id is None


def test_a_refusal_names_the_columns_to_leave_out() -> None:
    fewer = without(
        EVERYTHING,
        [
            "Validation error (FieldUndefined@[Biobanks/pid]) : Field 'pid' in type 'Biobanks'",
            "Field 'certification_number' in type 'QualityInfoBiobanks' is undefined",
            "Field 'name' in type 'Biobanks' is undefined",
        ],
    )
    assert EVERYTHING["Biobanks"] - fewer["Biobanks"] == {"pid", "quality"}
    assert fewer["Collections"] == EVERYTHING["Collections"]
    assert "pid" not in query(fewer)
    for message, left_out in {
        "Field 'description' in type 'Services' is undefined": {"services"},
        "Field 'network' in type 'Biobanks' is undefined": {"network"},
        "Field 'sex' in type 'CollectionFacts' is undefined": {"facts"},
        "Field 'sex' in type 'Collections' is undefined": {"sex"},
    }.items():
        fewer = without(EVERYTHING, [message])
        gone = [column for table in EVERYTHING for column in EVERYTHING[table] - fewer[table]]
        assert set(gone) == left_out


def test_a_question_names_its_node_and_asks_for_nobody() -> None:
    text = query(EVERYTHING)
    assert text.count('national_node: { id: { equals: "BE" } }') == 2
    assert text.count("{") == text.count("}")
    assert not {"contact", "head", "email", "Persons"} & set(text.split())


@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("Liège", 50.572026, 5.564681),
        ("Brussels", 50.886017, 4.332605),
        ("Yvoir", 50.3591, 4.883199),
        ("Ostend", 51.23, 2.92),
        ("Arlon", 49.68, 5.82),
        ("Mouscron", 50.74, 3.21),
        ("Eupen", 50.63, 6.03),
        ("Turnhout", 51.32, 4.95),
        ("Maaseik", 51.10, 5.79),
        ("Chimay", 50.05, 4.32),
    ],
)
def test_belgian_towns_are_in_belgium(place: str, latitude: float, longitude: float) -> None:
    assert is_in_belgium(latitude, longitude)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("the sea", 51.5, 2.8),
        ("nowhere", 0.0, 0.0),
        ("Lille", 50.63, 3.06),
        ("Cologne", 50.94, 6.96),
        ("Rotterdam", 51.92, 4.48),
        ("swapped", 4.35, 50.85),
        ("Luxembourg", 49.61, 6.13),
        ("infinity", float("inf"), 4.0),
    ],
)
def test_the_sea_and_abroad_are_not(place: str, latitude: float, longitude: float) -> None:
    assert not is_in_belgium(latitude, longitude)


@pytest.mark.parametrize("said", ["perhaps", 2, [], ""])
def test_a_row_that_may_or_may_not_be_withdrawn_stays_as_it_is(said: object) -> None:
    rows = [collection_row(1, "a", withdrawn=said), collection_row(1, "b")]
    directory = read([biobank_row(1), biobank_row(2, withdrawn=said)], rows)
    assert directory.unread == {biobank_id(2), collection_id(1, "a")}
    assert f"{collection_id(1, 'a')}: withdrawn is neither yes nor no" in directory.notes
    assert [one.directory_id for one in directory.collections] == [collection_id(1, "b")]


def test_a_parent_that_was_skipped_is_not_told() -> None:
    directory = read(
        [biobank_row()], [collection_row(1, "top") | {"name": ""}, part_of("a", "top")]
    )
    assert [one.parent_id for one in directory.collections] == [None]
    assert "the link stays" in directory.notes[-1]
