"""Which row a record is about: by its id, in other letters too; by its persistent identifier, or by
the id that was only likely until now. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias, TypeVar

from members.directory.changes import Stored, StoredBiobank, StoredCollection
from members.directory.records import Directory, FetchedBiobank, FetchedCollection

Known = TypeVar("Known", StoredBiobank, StoredCollection)
Record = TypeVar("Record", FetchedBiobank, FetchedCollection)
Row: TypeAlias = StoredBiobank | StoredCollection | FetchedBiobank | FetchedCollection


class Way(NamedTuple):
    """The key by which a record meets its row; an empty one meets nothing. Two rows of one key are
    met by none.
    """

    name: str
    of_row: Callable[[Any], str]
    of_record: Callable[[Any], str]


def _in_any_letters(one: Row) -> str:
    return one.directory_id.casefold()


def _handle(one: StoredBiobank | FetchedBiobank) -> str:
    """With its prefix: "unknown" is told of many."""
    pid = str(one.facts.get("pid") or "").casefold()
    return pid if "/" in pid else ""


def _candidate(row: StoredBiobank) -> str:
    return "" if row.directory_id else row.candidate_id.casefold()


BY_ID = Way("id", lambda row: row.directory_id, lambda record: record.directory_id)
WAYS = (
    BY_ID,
    Way("id in other letters", _in_any_letters, _in_any_letters),
    Way("persistent identifier", _handle, _handle),
    Way("candidate id", _candidate, _in_any_letters),
)


def meet(stored: Stored, fetched: Directory, notes: list[str]) -> tuple[Stored, Directory]:
    """The rows, each under the id of its record, and the records. Rows that are not missing, though
    no record can be read for them, are among the unread.
    """
    unread = {key.casefold() for key in fetched.unread}
    biobanks = _matched(_free(stored.biobanks, unread), fetched.biobanks, WAYS, notes)
    ids = {row.directory_id: key for key, row in biobanks.items() if row.directory_id}
    moved = Way("id, under its biobank's new one", lambda row: _moved(row, ids), _in_any_letters)
    free, ways = _free(stored.collections, unread), (*WAYS[:2], moved)
    collections = _matched(free, _alive_first(fetched), ways, notes)
    parts = {row.directory_id: key for key, row in collections.items()}
    keys = {row.pk: key for key, row in biobanks.items()}
    renamed = replace(
        stored,
        biobanks=tuple(
            _renamed(row, keys.get(row.pk, row.directory_id)) for row in stored.biobanks
        ),
        collections=tuple(
            replace(
                _renamed(row, parts.get(row.directory_id, row.directory_id)),
                biobank_id=ids.get(row.biobank_id, row.biobank_id),
                parent_id=parts.get(row.parent_id, row.parent_id),
            )
            for row in stored.collections
        ),
    )
    return renamed, replace(fetched, unread=fetched.unread | _present(renamed, fetched, notes))


def _free(rows: Iterable[Known], unread: set[str]) -> list[Known]:
    """Those whose own record was not skipped."""
    return [row for row in rows if row.directory_id.casefold() not in unread]


def _alive_first(fetched: Directory) -> list[FetchedCollection]:
    """As to be matched: what a withdrawn biobank has is withdrawn."""
    gone = {one.directory_id for one in fetched.biobanks if one.is_withdrawn}
    return [
        replace(one, is_withdrawn=one.is_withdrawn or one.biobank_id in gone)
        for one in fetched.collections
    ]


def _matched(
    rows: Sequence[Known], records: Iterable[Record], ways: Iterable[Way], notes: list[str]
) -> dict[str, Known]:
    """What is withdrawn comes last, by its id: its row may have gone on under another."""
    records = list(records)
    found: dict[str, Known] = {}
    for way in ways:
        met = _met(rows, [one for one in records if not one.is_withdrawn], way, found)
        for key, row in met.items():
            found[key] = row
            if way is not BY_ID:
                notes.append(f"{key}: taken for “{row.facts['name']}”, as its {way.name} says")
    return found | _met(rows, [one for one in records if one.is_withdrawn], BY_ID, found)


def _met(
    rows: Iterable[Known], records: Iterable[Record], way: Way, found: Mapping[str, Known]
) -> dict[str, Known]:
    open_records = [one for one in records if one.directory_id not in found]
    if not open_records:
        return {}
    taken = {row.pk for row in found.values()}
    keyed = defaultdict(list)
    for row in rows:
        if row.pk not in taken and (key := way.of_row(row)):
            keyed[key].append(row)
    # Each row is met once, so by the first of two records of one key.
    met = ((one.directory_id, keyed.pop(way.of_record(one), [])) for one in open_records)
    return {key: same[0] for key, same in met if len(same) == 1}


def _moved(row: StoredCollection, ids: Mapping[str, str]) -> str:
    """The id it would have if it went along with its biobank, whose id is another now."""
    new, old = ids.get(row.biobank_id, row.biobank_id), row.biobank_id
    moved = new + row.directory_id.removeprefix(old) if row.directory_id.startswith(old) else ""
    return moved.casefold()


def _renamed(row: Known, key: str) -> Known:
    if key == row.directory_id:
        return row
    return replace(row, directory_id=key, former_id=row.directory_id)


def _present(stored: Stored, fetched: Directory, notes: list[str]) -> set[str]:
    """Ids of rows that may be there, though the answer has no record of them."""
    unread = {key.casefold() for key in fetched.unread}
    tables: dict[str, tuple[Any, Any]] = {
        "Biobanks": (stored.biobanks, fetched.biobanks),
        "Collections": (stored.collections, fetched.collections),
    }
    present = set()
    for table, (rows, records) in tables.items():
        read = {one.directory_id for one in records}
        missing = {row.directory_id for row in rows if row.directory_id} - read
        if table in fetched.unnamed and missing - fetched.unread:
            notes.append(f"{table}: a row has no id, so none is withdrawn because it is missing")
            present |= missing
        present |= {key for key in missing if key.casefold() in unread}
    return present
