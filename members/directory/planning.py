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
from members.directory.matching import meet
from members.directory.records import Directory, Facts, FetchedBiobank, FetchedCollection


def plan(stored: Stored, fetched: Directory, today: date) -> Plan:
    notes = [*fetched.notes, *_unknown_networks(stored, fetched)]
    known, told = meet(stored, fetched, notes)
    biobanks = list(_plan_biobanks(known, told, today))
    ids = {one.directory_id for one in known.biobanks} | {one.directory_id for one in biobanks}
    return Plan(
        tuple(biobanks),
        tuple(_plan_collections(known, told, ids, today)),
        tuple(notes),
        sum(bool(one.directory_id) and one.withdrawn is None for one in stored.biobanks),
        sum(one.withdrawn is None for one in stored.collections),
        told.left_out,
        {code: label for code, label in fetched.labels.items() if stored.labels.get(code) != label},
    )


def _unknown_networks(stored: Stored, fetched: Directory) -> list[str]:
    """Kept with their biobanks by name, and listed once a page of ours is theirs."""
    told = [one for record in fetched.biobanks for one in record.facts.get("told_networks", ())]
    names = {one["id"]: one["name"] for one in told if not network_of(one, stored.networks)}
    return [f"{key}: no network of ours is “{name}”" for key, name in sorted(names.items())]


def _plan_biobanks(stored: Stored, fetched: Directory, today: date) -> Iterator[Change]:
    rows = {row.directory_id: row for row in stored.biobanks if row.directory_id}
    for record in fetched.biobanks:
        row = rows.get(record.directory_id)
        change = _biobank_change(row, record, today) if row else _new_biobank(record, today)
        if change:
            yield change
    present = fetched.unread | {record.directory_id for record in fetched.biobanks}
    yield from _withdrawals(stored.biobanks, present, today)


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
    facts = _read(record, row)
    told = (row.told - facts.keys()) | _told(facts)
    # What the Directory leaves blank is taken back where it had said it, and else left as it is.
    said = {name: value for name, value in facts.items() if name in told or name in row.told}
    said |= {"source": "directory", "told_by_directory": sorted(told)}
    if row.former_id is not None:
        said |= {"directory_id": record.directory_id, "candidate_id": ""}
    quality = record.quality
    if quality is not None and "quality" in record.unread:
        quality |= row.quality
    marks = {} if quality in {None, row.quality} else {"quality": quality}
    return _changed(row, record, said, marks, today)


def _read(
    record: FetchedBiobank | FetchedCollection, row: StoredBiobank | StoredCollection
) -> dict[str, Any]:
    """What could be read. Of a list that could not be read whole, what we knew is kept with it."""
    return {
        name: _joined(value, row.facts.get(name) or []) if name in record.unread else value
        for name, value in record.facts.items()
        if name not in record.unread or isinstance(value, list)
    }


def _joined(new: list[Any], old: list[Any]) -> list[Any]:
    """By code or id. Of a list without either nothing can be told apart: what we knew stays."""
    by_key = {_key(one): one for one in (*old, *new)}
    return [by_key[key] for key in sorted(by_key)] if all(by_key) else old or new


def _key(one: object) -> str:
    return str(one.get("code") or one.get("id") or "") if isinstance(one, Mapping) else str(one)


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
        values=_said(record, record.facts) | {"as_of": today},
        new_codes=record.codes,
    )


def _collection_change(
    row: StoredCollection, record: FetchedCollection, today: date
) -> Change | None:
    asked = frozenset(code for code in row.codes if code.kind in record.kinds)
    new, lost = record.codes - row.codes, asked - record.codes
    codes = {"new_codes": new, "lost_codes": lost} if new or lost else {}
    return _changed(row, record, _said(record, _read(record, row)), codes, today)


def _said(record: FetchedCollection, facts: Facts) -> dict[str, Any]:
    return {
        **facts,
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
