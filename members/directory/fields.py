"""Which of our fields is read from which columns, and how."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from members.belgium import is_in_belgium
from members.codes import PLACES, AgeUnit, TraitKind
from members.directory.cleaning import Row

PID = r"[\w.:/-]{1,120}"
LONGEST_NAME = 250
LONGEST_ACRONYM = 60
MOST_SAMPLES = 2**53  # or donors: beyond it no number of JSON is exact
OLDEST = 32_000  # days are a unit of age too

Reader: TypeAlias = Callable[[Row], Any]

# Our field: the columns it is read from, and how. A field is left alone unless all were asked for.
Readers: TypeAlias = Mapping[str, tuple[tuple[str, ...], Reader]]


def _coordinate(which: int) -> Reader:
    def read(row: Row) -> float | None:
        # Noted once, though the two are read each for itself.
        quiet = row if which == 0 else Row(row.about, row.columns)
        latitude, longitude = quiet.decimal("latitude"), quiet.decimal("longitude")
        if latitude is None and longitude is None:
            return None
        if latitude is not None and longitude is not None and is_in_belgium(latitude, longitude):
            return (latitude, longitude)[which]
        quiet.note("the coordinates are not in Belgium")
        return None

    return read


def _unit(row: Row) -> str:
    codes = row.codes("age_unit") & set(AgeUnit.values)
    return min(codes, default="")


def _magnitude(column: str) -> Reader:
    def read(row: Row) -> int | None:
        code = min(row.codes(column), default="")
        return int(code) if code.isdecimal() and int(code) < PLACES else None

    return read


def _diagnoses(row: Row) -> list[dict[str, str]]:
    found = {}
    for disease in row.rows("diagnosis_available"):
        code = disease.pattern("name", r"[\w.:+*-]{1,80}")
        if code:
            found[code] = disease.text("label", 250)
    return [{"code": code, "label": label} for code, label in sorted(found.items())]


BIOBANK_FIELDS: Readers = {
    "name": (("name",), lambda row: row.text("name", LONGEST_NAME)),
    "pid": (("pid",), lambda row: row.pattern("pid", PID)),
    "acronym": (("acronym",), lambda row: row.text("acronym", LONGEST_ACRONYM)),
    "description": (("description",), lambda row: row.text("description", lines=True)),
    "website": (("url",), lambda row: row.url("url")),
    "juridical_person": (
        ("juridical_person",),
        lambda row: row.text("juridical_person", LONGEST_NAME),
    ),
    "latitude": (("latitude", "longitude"), _coordinate(0)),
    "longitude": (("latitude", "longitude"), _coordinate(1)),
    "open_to_companies": (
        ("collaboration_commercial",),
        lambda row: row.truth("collaboration_commercial"),
    ),
    "open_to_non_profit": (
        ("collaboration_non_for_profit",),
        lambda row: row.truth("collaboration_non_for_profit"),
    ),
}
COLLECTION_FIELDS: Readers = {
    "name": (("name",), lambda row: row.text("name", LONGEST_NAME)),
    "acronym": (("acronym",), lambda row: row.text("acronym", LONGEST_ACRONYM)),
    "description": (("description",), lambda row: row.text("description", lines=True)),
    "website": (("url",), lambda row: row.url("url")),
    "size": (("size",), lambda row: row.whole("size", MOST_SAMPLES)),
    "size_magnitude": (("order_of_magnitude",), _magnitude("order_of_magnitude")),
    "donors": (("number_of_donors",), lambda row: row.whole("number_of_donors", MOST_SAMPLES)),
    "donors_magnitude": (
        ("order_of_magnitude_donors",),
        _magnitude("order_of_magnitude_donors"),
    ),
    "age_low": (("age_low",), lambda row: row.whole("age_low", OLDEST)),
    "age_high": (("age_high",), lambda row: row.whole("age_high", OLDEST)),
    "age_unit": (("age_unit",), _unit),
    "diagnoses": (("diagnosis_available",), _diagnoses),
    "commercial_use": (("commercial_use",), lambda row: row.truth("commercial_use")),
    "access_description": (
        ("access_description",),
        lambda row: row.text("access_description", lines=True),
    ),
    "access_url": (("access_uri",), lambda row: row.url("access_uri")),
}
CODE_COLUMNS = {
    "materials": TraitKind.MATERIAL,
    "storage_temperatures": TraitKind.TEMPERATURE,
    "type": TraitKind.TYPE,
    "data_categories": TraitKind.DATA,
    "categories": TraitKind.CATEGORY,
    "sex": TraitKind.SEX,
    "access_fee": TraitKind.FEE,
    "access_joint_project": TraitKind.JOINT_PROJECT,
}
