"""What an answer changes of what is stored. Pure: neither database nor network."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import date
from typing import Any

from members.directory.changes import (
    Action,
    Change,
    Plan,
    Stored,
    StoredBiobank,
    StoredCollection,
    network_of,
)
from members.directory.families import effectively_withdrawn, without_cycles
from members.directory.records import Directory, Facts, FetchedBiobank, FetchedCollection


def plan(stored: Stored, fetched: Directory, today: date) -> Plan:
    notes = [*fetched.notes, *_unknown_networks(stored, fetched)]
    matches = _match(stored.biobanks, fetched.biobanks, notes)
    biobanks = list(_plan_biobanks(stored, fetched, matches, today))
    known = matches.keys() | {one.directory_id for one in biobanks}
    collections = list(_plan_collections(stored, fetched, known, today))
    return Plan(
        tuple(biobanks),
        tuple(collections),
        tuple(notes),
        sum(bool(one.directory_id) and one.withdrawn is None for one in stored.biobanks),
        sum(one.withdrawn is None for one in stored.collections),
        {code: label for code, label in fetched.labels.items() if stored.labels.get(code) != label},
    )


def _unknown_networks(stored: Stored, fetched: Directory) -> list[str]:
    """Kept with their biobanks by name, and listed once a page of ours is theirs."""
    told = [one for record in fetched.biobanks for one in record.facts.get("told_networks", ())]
    names = {one["id"]: one["name"] for one in told if not network_of(one, stored.networks)}
    return [f"{key}: no network of ours is “{name}”" for key, name in sorted(names.items())]


def _match(
    stored: Iterable[StoredBiobank], fetched: Iterable[FetchedBiobank], notes: list[str]
) -> dict[str, StoredBiobank]:
    """The row of each record: by its id, else by the id that was only likely until now."""
    by_id = {one.directory_id: one for one in stored if one.directory_id}
    by_candidate = {
        one.candidate_id: one for one in stored if one.candidate_id and not one.directory_id
    }
    matches = {}
    for record in fetched:
        one = by_id.get(record.directory_id)
        if one is None and not record.is_withdrawn:
            one = by_candidate.get(record.directory_id)
        if one is None:
            continue
        matches[record.directory_id] = one
        if not one.directory_id:
            notes.append(
                f"{record.directory_id}: taken for “{one.facts['name']}”, as its candidate id says;"
                f" the Directory calls it “{record.facts['name']}”"
            )
    return matches


def _plan_biobanks(
    stored: Stored, fetched: Directory, matches: Mapping[str, StoredBiobank], today: date
) -> Iterator[Change]:
    for record in fetched.biobanks:
        row = matches.get(record.directory_id)
        change = _biobank_change(row, record, today) if row else _new_biobank(record, today)
        if change:
            yield change
    yield from _withdrawals(stored.biobanks, fetched.unread | matches.keys(), today)


def _new_biobank(record: FetchedBiobank, today: date) -> Change | None:
    if record.is_withdrawn:
        return None
    values = {
        "directory_id": record.directory_id,
        "source": "directory",
        "as_of": today,
        "told_by_directory": sorted(_told(record.facts)),
        **record.facts,
    }
    return Change(
        Action.ADDED,
        record.directory_id,
        record.facts["name"],
        values=values,
        place=record.place,
        quality=record.quality or None,
    )


def _biobank_change(row: StoredBiobank, record: FetchedBiobank, today: date) -> Change | None:
    told = (row.told - record.facts.keys()) | _told(record.facts)
    # What the Directory leaves blank is taken back where it had said it, and else left as it is.
    said = {name: value for name, value in record.facts.items() if name in told or name in row.told}
    said |= {"source": "directory", "told_by_directory": sorted(told)}
    if not row.directory_id:
        said |= {"directory_id": record.directory_id, "candidate_id": ""}
    marks = {} if record.quality in {None, row.quality} else {"quality": record.quality}
    return _changed(row, record, said, marks, today)


def _plan_collections(
    stored: Stored, fetched: Directory, biobanks: Set[str], today: date
) -> Iterator[Change]:
    """Of `biobanks` alone: one that was withdrawn before we knew it has no row to hang on."""
    rows = {row.directory_id: row for row in stored.collections}
    gone = _withdrawn_collections(stored, fetched)
    for told in fetched.collections:
        row = rows.get(told.directory_id)
        if told.biobank_id not in biobanks:
            continue
        record = replace(told, is_withdrawn=told.directory_id in gone)
        if row:
            change = _collection_change(row, _with_parent(record, row, rows), today)
        else:
            change = _new_collection(record, today)
        if change:
            yield change
    present = fetched.unread | {record.directory_id for record in fetched.collections}
    yield from _withdrawals(stored.collections, present, today)


def _withdrawn_collections(stored: Stored, fetched: Directory) -> set[str]:
    """Their ids, parts of the withdrawn included.

    Where the answer does not say what a collection is a part of, what is stored counts.
    """
    rows = {row.directory_id: row for row in stored.collections}
    records = {record.directory_id: record for record in fetched.collections}
    parents = {row.directory_id: row.parent_id for row in stored.collections}
    parents |= {key: one.parent_id for key, one in records.items() if one.parent_id is not None}
    gone = {key for key, one in records.items() if one.is_withdrawn or _stays_away(one, rows)}
    absent = [row for key, row in rows.items() if key not in records]
    gone |= {one.directory_id for one in absent if one.directory_id not in fetched.unread}
    gone |= {one.directory_id for one in absent if one.withdrawn is not None}
    linked = {part: whole for part, whole in parents.items() if whole}
    return effectively_withdrawn(gone, without_cycles(linked)[0])


def _stays_away(record: FetchedCollection, rows: Mapping[str, StoredCollection]) -> bool:
    """It was withdrawn, perhaps with a parent that never had a row here, and none is told now."""
    row = rows.get(record.directory_id)
    is_unknown = row is not None and row.withdrawn is not None and not row.parent_id
    return record.parent_id is None and is_unknown


def _with_parent(
    record: FetchedCollection, row: StoredCollection, rows: Mapping[str, StoredCollection]
) -> FetchedCollection:
    """As it is to be linked: what is withdrawn may be so for a parent that has no row here."""
    if record.parent_id is None:
        return replace(record, parent_id=row.parent_id)
    if record.is_withdrawn and record.parent_id not in rows:
        return replace(record, parent_id="")
    return record


def _new_collection(record: FetchedCollection, today: date) -> Change | None:
    if record.is_withdrawn:
        return None
    return Change(
        Action.ADDED,
        record.directory_id,
        record.facts["name"],
        values=_said(record) | {"as_of": today},
        new_codes=record.codes,
    )


def _collection_change(
    row: StoredCollection, record: FetchedCollection, today: date
) -> Change | None:
    asked = frozenset(code for code in row.codes if code.kind in record.kinds)
    new, lost = record.codes - row.codes, asked - record.codes
    codes = {"new_codes": new, "lost_codes": lost} if new or lost else {}
    return _changed(row, record, _said(record), codes, today)


def _said(record: FetchedCollection) -> dict[str, Any]:
    return {
        **record.facts,
        "directory_id": record.directory_id,
        "biobank": record.biobank_id,
        "parent": record.parent_id or "",
        "source": "directory",
    }


def _changed(
    row: StoredBiobank | StoredCollection,
    record: FetchedBiobank | FetchedCollection,
    said: Facts,
    beside: Mapping[str, Any],
    today: date,
) -> Change | None:
    """What is said where it differs from what is stored, and `beside`: of other tables' rows."""
    action = Action.CHANGED
    values = {name: value for name, value in said.items() if value != row.values.get(name)}
    if record.is_withdrawn != (row.withdrawn is not None):
        action = Action.WITHDRAWN if record.is_withdrawn else Action.RETURNED
        values["withdrawn"] = today if record.is_withdrawn else None
    if not (values or beside):
        return None
    values["as_of"] = today
    name = str(row.facts["name"])
    return Change(action, record.directory_id, name, row.pk, values, row.values, **beside)


def _withdrawals(
    rows: Iterable[StoredBiobank | StoredCollection], present: Set[str], today: date
) -> Iterator[Change]:
    """Of what the answer no longer has."""
    values = {"withdrawn": today, "as_of": today}
    for row in rows:
        if row.directory_id and row.directory_id not in present and row.withdrawn is None:
            name = str(row.facts["name"])
            yield Change(Action.WITHDRAWN, row.directory_id, name, row.pk, values)


def _told(facts: Facts) -> frozenset[str]:
    return frozenset(name for name, value in facts.items() if value not in ("", None, []))
