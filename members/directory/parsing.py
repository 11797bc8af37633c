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
    unnamed: set[str] = field(default_factory=set)
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

    def rows(self, answer: Mapping[str, Any], table: str, id_pattern: str) -> list[Row]:
        """The table's rows that have an id of their own. An empty table is not in the answer.

        Of two with one id, the one whose id had not to be mended is read, or that is not withdrawn.
        """
        found = answer.get(table) or []
        if not isinstance(found, list):
            self.notes.append(f"{table}: skipped, it is no list")
            self.unnamed.add(table)
            return []
        rows: dict[str, Row] = {}
        for number, columns in enumerate(found, start=1):
            row = self._named(table, number, columns, id_pattern)
            if row and row.about in rows:
                row.note("one of two rows was skipped, they have one id")
                rows[row.about] = min(rows[row.about], row, key=_rank)
            elif row:
                rows[row.about] = row
        return list(rows.values())

    def _named(self, table: str, number: int, columns: object, id_pattern: str) -> Row | None:
        """A row whose id can be read. Any other may be whichever row we know."""
        row = Row(f"row {number} of {table}", {}, self.notes, labels=self.labels)
        if isinstance(columns, Mapping):
            row.columns = columns
        key = row.identifier(id_pattern)
        if not key:
            row.note("skipped, it has no id" if row.columns else "skipped, it is no row")
            self.unnamed.add(table)
            return None
        row.about = key
        if key != row.columns["id"]:
            row.note("blanks or signs that can't be shown were removed from its id")
        return row

    def facts(self, row: Row, table: str, fields: Fields) -> dict[str, Any]:
        asked = self.asked[table]
        return {
            name: read(row) for name, (columns, read) in fields.items() if asked.issuperset(columns)
        }


def parse(answer: Mapping[str, Any], asked: Asked) -> Directory:
    """`answer`: what the reply has under `data`. Raises nothing: what can't be read is noted."""
    reading = _Reading(asked)
    biobanks = tuple(_biobanks(answer, reading))
    known = _by_id(biobank.directory_id for biobank in biobanks)
    collections = _families(_collections(answer, reading, known), reading)
    # A label that only repeats its code says nothing.
    labels = {
        Code(*key): label for key, label in reading.labels.items() if label not in ("", key[1])
    }
    return Directory(
        biobanks,
        collections,
        frozenset(reading.unread),
        frozenset(reading.unnamed),
        notes=tuple(reading.notes),
        labels=labels,
    )


def _rank(row: Row) -> tuple[bool, bool]:
    return row.about != row.columns["id"], row.columns.get("withdrawn") is True


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
            unread=_unread(row, BIOBANK_FIELDS) | row.unread & {"quality"},
        )


def _collections(
    answer: Mapping[str, Any], reading: _Reading, biobanks: Mapping[str, str]
) -> Iterator[FetchedCollection]:
    asked = reading.asked["Collections"]
    has_parents = "parent_collection" in asked
    kinds = {column: kind for column, kind in CODE_COLUMNS.items() if column in asked}
    for row in reading.rows(answer, "Collections", COLLECTION_ID):
        facts = reading.facts(row, "Collections", COLLECTION_FIELDS)
        biobank_id = _found(_id_below(row, "biobank", BIOBANK_ID) or "", biobanks)
        if not reading.is_usable(row, facts):
            continue
        if biobank_id not in biobanks:
            reading.skip(row, "its biobank is not in the answer")
        else:
            codes = frozenset(_codes(row, kinds))
            read = {kind for column, kind in kinds.items() if column not in row.unread}
            parent_id = _id_below(row, "parent_collection", COLLECTION_ID) if has_parents else None
            yield FetchedCollection(
                directory_id=row.about,
                biobank_id=biobank_id,
                is_withdrawn=bool(row.truth("withdrawn")),
                facts=facts,
                parent_id=parent_id,
                codes=codes,
                kinds=frozenset(read),
                unread=_unread(row, COLLECTION_FIELDS),
            )


def _codes(row: Row, kinds: Mapping[str, str]) -> Iterator[Code]:
    for column, kind in kinds.items():
        yield from (Code(kind, code) for code in row.codes(column, kind))


def _unread(row: Row, fields: Fields) -> frozenset[str]:
    return frozenset(name for name, (columns, _read) in fields.items() if row.unread & {*columns})


def _id_below(row: Row, column: str, id_pattern: str) -> str | None:
    """Empty where the row has none; None where it can't be read."""
    below = next(row.rows(column), None)
    if below is None:
        return None if column in row.unread else ""
    key = below.identifier(id_pattern)
    if not key:
        below.refuse("id", "is not of the form it should have")
    return key or None


def _by_id(ids: Iterable[str]) -> dict[str, str]:
    """Each as it is, and in small letters for those who write it otherwise."""
    exact = {one: one for one in ids}
    return {one.casefold(): one for one in exact} | exact


def _found(key: str, known: Mapping[str, str]) -> str:
    return known.get(key) or known.get(key.casefold(), key)


def _families(
    found: Iterable[FetchedCollection], reading: _Reading
) -> tuple[FetchedCollection, ...]:
    """Parents that exist and lead to an end; withdrawn is what any ancestor is."""
    told = list(found)
    known = _by_id([*reading.unread, *(one.directory_id for one in told)])
    collections = {
        one.directory_id: replace(one, parent_id=_parent(one, known, reading)) for one in told
    }
    parents = {key: one.parent_id for key, one in collections.items() if one.parent_id}
    sound, cyclic = without_cycles(parents)
    reading.notes += [f"{one}: it is a part of itself, so of nothing" for one in sorted(cyclic)]
    withdrawn = {key for key, one in collections.items() if one.is_withdrawn}
    gone = effectively_withdrawn(withdrawn, sound)
    return tuple(
        replace(one, parent_id=one.parent_id and sound.get(key, ""), is_withdrawn=key in gone)
        for key, one in collections.items()
    )


def _parent(one: FetchedCollection, known: Mapping[str, str], reading: _Reading) -> str | None:
    """Empty for none. None where the answer doesn't tell: the column was not asked for, or can't
    be read, or the parent was skipped.
    """
    parent_id = one.parent_id and _found(one.parent_id, known)
    if not parent_id:
        return parent_id
    if parent_id in reading.unread or (parent_id not in known and "Collections" in reading.unnamed):
        reading.notes.append(f"{one.directory_id}: its parent was skipped, the link stays")
        return None
    if parent_id not in known:
        reading.notes.append(f"{one.directory_id}: its parent is not in the answer")
        return ""
    return parent_id
