"""Columns that are gone are left out, one a question, and nothing of what was known is lost."""

from collections.abc import Callable
from datetime import date
from itertools import combinations

import pytest

from members.directory import columns
from members.directory.changes import Stored, StoredBiobank, StoredCollection
from members.directory.fetching import FetchError
from members.directory.planning import plan
from members.directory.records import Directory
from members.directory.sources import answered
from tests.directory import Row, large_reply, selected

TODAY = date(2026, 11, 22)
OPTIONAL = [
    f"{table}.{column}"
    for table, names in columns.TABLES.items()
    for column in names
    if column not in columns.CORE[table]
]
CORE = [f"{table}.{column}" for table, names in columns.CORE.items() for column in names]
REPLY = large_reply(1, 3)
REPLY["data"]["Biobanks"][0]["quality"] = [{"quality_standard": {"name": "ISO 20387"}}]
Ask = Callable[[columns.Asked], Row]


def asking(*gone: str, asked: list[str] | None = None) -> Ask:
    def ask(wanted: columns.Asked) -> Row:
        query = columns.query(wanted)
        if asked is not None:
            asked.append(query)
        return selected(REPLY, query, gone)

    return ask


def stored(directory: Directory) -> Stored:
    """As rows that were made of it."""
    biobanks = (
        StoredBiobank(
            pk=number,
            directory_id=one.directory_id,
            candidate_id="",
            is_of_directory=True,
            withdrawn=None,
            facts=one.facts,
            told=frozenset(name for name, value in one.facts.items() if value not in ("", None)),
            quality=one.quality or frozenset(),
        )
        for number, one in enumerate(directory.biobanks)
    )
    collections = (
        StoredCollection(
            pk=number,
            directory_id=one.directory_id,
            biobank_id=one.biobank_id,
            parent_id=one.parent_id or "",
            is_of_directory=True,
            withdrawn=None,
            facts=one.facts,
            codes=one.codes,
        )
        for number, one in enumerate(directory.collections)
    )
    return Stored(tuple(biobanks), tuple(collections))


def test_whichever_two_columns_are_gone_nothing_known_is_lost() -> None:
    known = stored(answered(asking()))
    assert all(one.codes for one in known.collections)
    for pair in combinations(OPTIONAL, 2):
        answer = answered(asking(*pair))
        made = plan(known, answer, TODAY)
        assert made.left_out == tuple(sorted(pair))
        assert made.changes == ()
        assert (
            f"left out, and kept as they were before: {', '.join(sorted(pair))}" in answer.notes[2]
        )


def test_a_column_goes_from_its_own_table_alone() -> None:
    queries: list[str] = []
    answer = answered(asking("Biobanks.url", "Collections.size", asked=queries))
    assert len(queries) == 3
    assert answer.left_out == ("Biobanks.url", "Collections.size")
    assert answer.collections[0].facts["website"] == ""


def test_whatever_else_is_gone_the_smallest_question_is_left() -> None:
    queries: list[str] = []
    answer = answered(asking(*OPTIONAL, asked=queries))
    assert set(answer.left_out) == set(OPTIONAL)
    assert len(queries) <= len(OPTIONAL) + 1
    assert plan(stored(answered(asking())), answer, TODAY).changes == ()


@pytest.mark.parametrize("column", CORE)
def test_nothing_is_imported_without_what_an_import_can_not_miss(column: str) -> None:
    with pytest.raises(FetchError, match="even the smallest question"):
        answered(asking(column))


def test_a_whole_answer_leaves_nothing_out() -> None:
    answer = answered(asking())
    assert answer.left_out == answer.notes == ()
