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
)
from members.directory.families import effectively_withdrawn, without_cycles
from members.directory.records import Directory, Facts, FetchedBiobank, FetchedCollection


def plan(stored: Stored, fetched: Directory, today: date) -> Plan:
    notes = list(fetched.notes)
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
    )


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
    present = fetched.unread | matches.keys()
    for row in stored.biobanks:
        is_gone = row.directory_id and row.directory_id not in present
        if is_gone and row.withdrawn is None:
            yield _withdrawal(row, today)


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
    values = _differences(said, row.facts)
    if not row.is_of_directory:
        values["source"] = "directory"
    if not row.directory_id:
        values |= {"directory_id": record.directory_id, "candidate_id": ""}
    if told != row.told:
        values["told_by_directory"] = sorted(told)
    quality = record.quality if record.quality not in {None, row.quality} else None
    action = _action(row.withdrawn, is_withdrawn=record.is_withdrawn)
    if not values and quality is None and action is Action.CHANGED:
        return None
    return Change(
        action,
        record.directory_id,
        str(row.facts["name"]),
        row.pk,
        values | _withdrawn(action, today) | {"as_of": today},
        _old(row),
        quality=quality,
    )


def _old(row: StoredBiobank) -> dict[str, Any]:
    return {
        **row.facts,
        "directory_id": row.directory_id,
        "candidate_id": row.candidate_id,
        "source": "directory" if row.is_of_directory else "site",
        "told_by_directory": sorted(row.told),
    }


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
    for row in stored.collections:
        if row.directory_id not in present and row.withdrawn is None:
            yield _withdrawal(row, today)


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
    values = {
        "directory_id": record.directory_id,
        "biobank": record.biobank_id,
        "parent": record.parent_id or "",
        "source": "directory",
        "as_of": today,
        **record.facts,
    }
    return Change(
        Action.ADDED,
        record.directory_id,
        record.facts["name"],
        values=values,
        new_codes=record.codes,
    )


def _collection_change(
    row: StoredCollection, record: FetchedCollection, today: date
) -> Change | None:
    values = _differences(record.facts, row.facts)
    if record.biobank_id != row.biobank_id:
        values["biobank"] = record.biobank_id
    if record.parent_id != row.parent_id:
        values["parent"] = record.parent_id
    if not row.is_of_directory:
        values["source"] = "directory"
    asked = frozenset(code for code in row.codes if code.kind in record.kinds)
    new, lost = record.codes - row.codes, asked - record.codes
    action = _action(row.withdrawn, is_withdrawn=record.is_withdrawn)
    if not (values or new or lost) and action is Action.CHANGED:
        return None
    return Change(
        action,
        record.directory_id,
        str(row.facts["name"]),
        row.pk,
        values | _withdrawn(action, today) | {"as_of": today},
        {
            **row.facts,
            "biobank": row.biobank_id,
            "parent": row.parent_id,
            "source": "directory" if row.is_of_directory else "site",
        },
        new_codes=new,
        lost_codes=lost,
    )


def _withdrawal(row: StoredBiobank | StoredCollection, today: date) -> Change:
    values = {"withdrawn": today, "as_of": today}
    return Change(Action.WITHDRAWN, row.directory_id, str(row.facts["name"]), row.pk, values)


def _action(withdrawn: date | None, *, is_withdrawn: bool) -> Action:
    if is_withdrawn and withdrawn is None:
        return Action.WITHDRAWN
    if withdrawn is not None and not is_withdrawn:
        return Action.RETURNED
    return Action.CHANGED


def _withdrawn(action: Action, today: date) -> dict[str, date | None]:
    if action is Action.CHANGED:
        return {}
    return {"withdrawn": today if action is Action.WITHDRAWN else None}


def _differences(new: Facts, old: Facts) -> dict[str, Any]:
    return {name: value for name, value in new.items() if value != old.get(name)}


def _told(facts: Facts) -> frozenset[str]:
    return frozenset(name for name, value in facts.items() if value not in ("", None, []))
