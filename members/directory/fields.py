"""Which of our fields is read from which columns, and how."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from members.belgium import is_in_belgium
from members.codes import PLACES, AgeUnit, TraitKind
from members.directory.cleaning import Row

PID = r"[\w.:/-]{1,120}"
LONGEST_NAME = 250
LONGEST_ACRONYM = 60
MOST_SAMPLES = 2**53  # or donors: beyond it no number of JSON is exact
MAGNITUDES = {str(power) for power in range(PLACES)}
OLDEST = 32_000  # days are a unit of age too

# The columns it is read from, and how. A field is left alone unless all were asked for.
Field: TypeAlias = tuple[tuple[str, ...], Callable[[Row], Any]]
Fields: TypeAlias = Mapping[str, Field]  # by our name


def _from(column: str, read: Callable[..., Any], *how: Any, **more: Any) -> Field:
    """From one column, as the row reads it."""
    return (column,), lambda row: read(row, column, *how, **more)


def _coordinate(which: int) -> Field:
    def read(row: Row) -> float | None:
        # Noted once, though the two are read each for itself.
        quiet = row if which == 0 else Row(row.about, row.columns)
        latitude, longitude = quiet.decimal("latitude"), quiet.decimal("longitude")
        if latitude is None and longitude is None:
            return None
        if latitude is not None and longitude is not None and is_in_belgium(latitude, longitude):
            return (latitude, longitude)[which]
        quiet.note("the coordinates are not in Belgium")
        quiet.unread.add("latitude")
        return None

    return ("latitude", "longitude"), read


def _unit(row: Row, column: str) -> str:
    return min(_known(row, column, set(AgeUnit.values)), default="")


def _magnitude(row: Row, column: str) -> int | None:
    return min((int(code) for code in _known(row, column, MAGNITUDES)), default=None)


def _known(row: Row, column: str, codes: set[str]) -> frozenset[str]:
    found = row.codes(column)
    if found - codes:
        row.refuse(column, "has a code that we don't know")
    return found & codes


def _diagnoses(row: Row, column: str) -> list[dict[str, str]]:
    found = {}
    for disease in row.rows(column):
        code = disease.pattern("name", r"[\w.:+*/#-]{1,80}")
        if code:
            found[code] = disease.text("label", 250)
    return [_diagnosis(code, label) for code, label in sorted(found.items())]


@lru_cache(maxsize=4096)
def _diagnosis(code: str, label: str) -> dict[str, str]:
    """One for all who have it: a country's collections have the same again and again."""
    return {"code": code, "label": label}


BIOBANK_FIELDS: Fields = {
    "name": _from("name", Row.text, LONGEST_NAME),
    "pid": _from("pid", Row.pattern, PID),
    "acronym": _from("acronym", Row.text, LONGEST_ACRONYM),
    "description": _from("description", Row.text, lines=True),
    "website": _from("url", Row.url),
    "juridical_person": _from("juridical_person", Row.text, LONGEST_NAME),
    "latitude": _coordinate(0),
    "longitude": _coordinate(1),
    "open_to_companies": _from("collaboration_commercial", Row.truth),
    "open_to_non_profit": _from("collaboration_non_for_profit", Row.truth),
}
COLLECTION_FIELDS: Fields = {
    "name": _from("name", Row.text, LONGEST_NAME),
    "acronym": _from("acronym", Row.text, LONGEST_ACRONYM),
    "description": _from("description", Row.text, lines=True),
    "website": _from("url", Row.url),
    "size": _from("size", Row.whole, MOST_SAMPLES),
    "size_magnitude": _from("order_of_magnitude", _magnitude),
    "donors": _from("number_of_donors", Row.whole, MOST_SAMPLES),
    "donors_magnitude": _from("order_of_magnitude_donors", _magnitude),
    "age_low": _from("age_low", Row.whole, OLDEST),
    "age_high": _from("age_high", Row.whole, OLDEST),
    "age_unit": _from("age_unit", _unit),
    "diagnoses": _from("diagnosis_available", _diagnoses),
    "commercial_use": _from("commercial_use", Row.truth),
    "access_description": _from("access_description", Row.text, lines=True),
    "access_url": _from("access_uri", Row.url),
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
