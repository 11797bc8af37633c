"""An answer of the Directory, made into records. Pure: it reads no database and no network."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from members.directory.cleaning import Row
from members.directory.columns import Asked
from members.directory.families import effectively_withdrawn, without_cycles
from members.directory.fields import (
    BIOBANK_FIELDS,
    CODE_COLUMNS,
    COLLECTION_FIELDS,
    Fields,
    marks,
)
from members.directory.records import Code, Directory, FetchedBiobank, FetchedCollection

BIOBANK_ID = r"bbmri-eric:[A-Za-z]{2,20}:[A-Z]{2,5}_[\w.@:-]{1,120}"
COLLECTION_ID = r"bbmri-eric:[A-Za-z]{2,20}:[A-Z]{2,5}_[\w.@:-]{1,200}"


@dataclass
class _Reading:
    """What is gathered while an answer is read."""

    asked: Asked
    notes: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_usable(self, row: Row, facts: Mapping[str, Any]) -> bool:
        """Skips a row without a name, and one that may or may not be withdrawn."""
        said = row.columns.get("withdrawn")
        if not facts["name"]:
            self.skip(row, "it has no name")
        elif said is not None and row.truth("withdrawn") is None:
            self.skip(row, "so it stays as it is")
        else:
            return True
        return False

    def skip(self, row: Row, why: str) -> None:
        row.note(f"skipped, {why}")
        self.unread.add(row.about)

    def rows(self, answer: Mapping[str, Any], table: str, id_pattern: str) -> Iterator[Row]:
        """The table's rows that have an id of their own. An empty table is not in the answer."""
        found = answer.get(table) or []
        if not isinstance(found, list):
            self.notes.append(f"{table}: skipped, it is no list")
            return
        seen: set[str] = set()
        for number, columns in enumerate(found, start=1):
            row = Row(f"row {number} of {table}", {}, self.notes, labels=self.labels)
            if not isinstance(columns, Mapping):
                row.note("skipped, it is no row")
                continue
            row.columns = columns
            row.about = row.pattern("id", id_pattern) or row.about
            if not row.columns.get("id") or row.about != row.columns["id"]:
                row.note("skipped, it has no id")
            elif row.about in seen:
                row.note("skipped, the id came before")
            else:
                seen.add(row.about)
                yield row

    def facts(self, row: Row, table: str, fields: Fields) -> dict[str, Any]:
        asked = self.asked[table]
        return {
            name: read(row) for name, (columns, read) in fields.items() if asked.issuperset(columns)
        }


def parse(answer: Mapping[str, Any], asked: Asked) -> Directory:
    """`answer`: what the reply has under `data`. Raises nothing: what can't be read is noted."""
    reading = _Reading(asked)
    biobanks = tuple(_biobanks(answer, reading))
    known = {biobank.directory_id for biobank in biobanks}
    collections = _families(_collections(answer, reading, known), reading)
    # A label that only repeats its code says nothing.
    labels = {
        Code(*key): label for key, label in reading.labels.items() if label not in ("", key[1])
    }
    return Directory(biobanks, collections, frozenset(reading.unread), tuple(reading.notes), labels)


def _biobanks(answer: Mapping[str, Any], reading: _Reading) -> Iterator[FetchedBiobank]:
    for row in reading.rows(answer, "Biobanks", BIOBANK_ID):
        facts = reading.facts(row, "Biobanks", BIOBANK_FIELDS)
        if not reading.is_usable(row, facts):
            continue
        has_quality = "quality" in reading.asked["Biobanks"]
        yield FetchedBiobank(
            directory_id=row.about,
            is_withdrawn=bool(row.truth("withdrawn")),
            facts=facts,
            quality=frozenset(marks(row, "quality", "assess_level_bio")) if has_quality else None,
            place=facts.get("location", ""),
        )


def _collections(
    answer: Mapping[str, Any], reading: _Reading, biobanks: set[str]
) -> Iterator[FetchedCollection]:
    asked = reading.asked["Collections"]
    has_parents = "parent_collection" in asked
    kinds = {column: kind for column, kind in CODE_COLUMNS.items() if column in asked}
    for row in reading.rows(answer, "Collections", COLLECTION_ID):
        facts = reading.facts(row, "Collections", COLLECTION_FIELDS)
        biobank_id = _id_below(row, "biobank")
        if not reading.is_usable(row, facts):
            continue
        if biobank_id not in biobanks:
            reading.skip(row, "its biobank is not in the answer")
        else:
            yield FetchedCollection(
                directory_id=row.about,
                biobank_id=biobank_id,
                is_withdrawn=bool(row.truth("withdrawn")),
                facts=facts,
                parent_id=_id_below(row, "parent_collection") if has_parents else None,
                codes=frozenset(_codes(row, kinds)),
                kinds=frozenset(kinds.values()),
            )


def _codes(row: Row, kinds: Mapping[str, str]) -> Iterator[Code]:
    for column, kind in kinds.items():
        yield from (Code(kind, code) for code in row.codes(column, kind))


def _id_below(row: Row, column: str) -> str:
    ids = (str(below.columns.get("id") or "") for below in row.rows(column))
    return next(ids, "")


def _families(
    found: Iterable[FetchedCollection], reading: _Reading
) -> tuple[FetchedCollection, ...]:
    """Parents that exist and lead to an end; withdrawn is what any ancestor is."""
    collections = {one.directory_id: one for one in found}
    parents = {}
    for one in collections.values():
        if one.parent_id in reading.unread:
            reading.notes.append(f"{one.directory_id}: its parent was skipped, the link stays")
        elif one.parent_id and one.parent_id not in collections:
            reading.notes.append(f"{one.directory_id}: its parent is not in the answer")
        elif one.parent_id:
            parents[one.directory_id] = one.parent_id
    sound, cyclic = without_cycles(parents)
    reading.notes += [f"{one}: it is a part of itself, so of nothing" for one in sorted(cyclic)]
    withdrawn = {key for key, one in collections.items() if one.is_withdrawn}
    gone = effectively_withdrawn(withdrawn, sound)
    return tuple(
        replace(one, parent_id=_link(one, sound, reading), is_withdrawn=key in gone)
        for key, one in collections.items()
    )


def _link(one: FetchedCollection, sound: Mapping[str, str], reading: _Reading) -> str | None:
    """None where the answer doesn't tell: the column was not asked for, or the parent skipped."""
    is_told = one.parent_id is not None and one.parent_id not in reading.unread
    return sound.get(one.directory_id, "") if is_told else None
