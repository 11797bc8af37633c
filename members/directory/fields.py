"""Which of our fields is read from which columns, and how."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from members.belgium import is_in_belgium
from members.codes import AGE_RANGE, DISEASE, PLACES, SERVICE, AgeUnit, TraitKind
from members.directory.cleaning import Row
from members.directory.records import Mark

PID = r"[\w.:/-]{1,120}"
LONGEST_NAME = 250
LONGEST_ACRONYM = 60
LONGEST_PLACE = 120
LONGEST_STANDARD = 120
LONGEST_SERVICE = 2_000  # characters of its description, and of its terms of access
MOST_SAMPLES = 2**53  # or donors: beyond it no number of JSON is exact
MAGNITUDES = {str(power) for power in range(PLACES)}
OLDEST = 32_000  # days are a unit of age too
YEARS = range(1900, 2101)  # of a day that may be meant
MOST_COUNTS_READ, MOST_COUNTS = 20_000, 2_000  # of a collection: the largest are kept
DISEASE_CODE = r"[\w.:+*/#-]{1,80}"
COUNTED_CODE = r"[\w.:+*<>=() -]{1,80}"  # age ranges are spelt out
DIRECTORY_ID = r"bbmri-eric:[A-Za-z]{2,20}:[A-Z]{2,5}_[\w.@:-]{1,120}"

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
        code = disease.pattern("name", DISEASE_CODE)
        if code:
            found[code] = disease.label_of(DISEASE, code)
    return [_diagnosis(code, label) for code, label in sorted(found.items())]


@lru_cache(maxsize=4096)
def _diagnosis(code: str, label: str) -> dict[str, str]:
    """One for all who have it: a country's collections have the same again and again."""
    return {"code": code, "label": label}


def marks(row: Row, column: str, level: str) -> Iterator[Mark]:
    """`level`: the column below that says who looked."""
    for mark in row.rows(column):
        assessed = min(mark.codes(level, TraitKind.LEVEL), default="")
        for standard in mark.rows("quality_standard"):
            name = standard.text("label", LONGEST_STANDARD)
            name = name or standard.text("name", LONGEST_STANDARD)
            if name:
                yield Mark(name, assessed, mark.text("certification_number", LONGEST_STANDARD))


def _quality(row: Row, column: str) -> list[dict[str, str]]:
    return [mark._asdict() for mark in sorted(set(marks(row, column, "assess_level_col")))]


def _day(row: Row, column: str) -> date | None:
    told = row.text(column, LONGEST_PLACE)
    try:
        day = datetime.fromisoformat(told).date() if told else None
    except ValueError:
        day = date.max
    if day and day.year not in YEARS:
        row.refuse(column, "is no day")
        return None
    return day


def _networks(row: Row, column: str) -> list[dict[str, str]]:
    found = {}
    for network in row.rows(column):
        directory_id = network.pattern("id", DIRECTORY_ID)
        if directory_id and not network.truth("withdrawn"):
            found[directory_id] = network.text("name", LONGEST_NAME)
    return [{"id": key, "name": name} for key, name in sorted(found.items())]


def _services(row: Row, column: str) -> list[dict[str, Any]]:
    found = [
        {
            "id": service.pattern("id", DIRECTORY_ID),
            "name": service.text("name", LONGEST_NAME),
            "types": sorted(service.codes("serviceTypes", SERVICE)),
            "description": service.text("description", LONGEST_SERVICE, lines=True),
            "url": service.url("descriptionUrl"),
            "access": service.text("accessDescription", LONGEST_SERVICE, lines=True),
            "access_url": service.url("accessDescriptionUrl"),
        }
        for service in row.rows(column)
    ]
    named = (service for service in found if service["name"])
    return sorted(named, key=lambda service: (service["name"], service["id"]))


def _counts(row: Row, column: str) -> list[dict[str, Any]]:
    """Of a disease, sex, age range and sample type, as far as each is told."""
    told = (_count(fact) for fact in row.rows(column, MOST_COUNTS_READ))
    counts = [count for count in told if "samples" in count or "donors" in count]
    if len(counts) > MOST_COUNTS:
        row.note(f"{column} was cut to the {MOST_COUNTS} largest")
    counts.sort(key=lambda count: sorted((key, str(value)) for key, value in count.items()))
    counts.sort(key=lambda count: (-count.get("samples", 0), -count.get("donors", 0)))
    return counts[:MOST_COUNTS]


def _count(fact: Row) -> dict[str, Any]:
    values = {
        "disease": _counted_code(fact, "disease", DISEASE),
        "sex": _counted_code(fact, "sex", TraitKind.SEX),
        "age": _counted_code(fact, "age_range", AGE_RANGE),
        "material": _counted_code(fact, "sample_type", TraitKind.MATERIAL),
        "samples": fact.whole("number_of_samples", MOST_SAMPLES),
        "donors": fact.whole("number_of_donors", MOST_SAMPLES),
    }
    return {name: value for name, value in values.items() if value not in ("", None)}


def _counted_code(fact: Row, column: str, kind: str) -> str:
    for one in fact.rows(column):
        if code := one.pattern("name", COUNTED_CODE):
            one.label_of(kind, code)
            return code
    return ""


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
    "location": _from("location", Row.text, LONGEST_PLACE),
    "told_networks": _from("network", _networks),
    "services": _from("services", _services),
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
    "counts": _from("facts", _counts),
    "counted": _from("timestamp", _day),
    "quality": _from("quality", _quality),
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
    "data_use": TraitKind.DATA_USE,
    "combined_quality": TraitKind.LEVEL,
}
