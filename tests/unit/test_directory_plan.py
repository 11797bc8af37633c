"""The plan: what an answer changes of what is stored, decided without a database."""

from datetime import date
from typing import Any

import pytest

from members.codes import TraitKind
from members.directory.changes import (
    Action,
    Change,
    Plan,
    Stored,
    StoredBiobank,
    StoredCollection,
)
from members.directory.planning import plan
from members.directory.records import (
    Code,
    Directory,
    FetchedBiobank,
    FetchedCollection,
    Mark,
)

TODAY = date(2026, 11, 22)
EARLIER = date(2026, 3, 3)
ID = "bbmri-eric:ID:BE_1"
PART = f"{ID}:collection:all"


def stored(**about: Any) -> StoredBiobank:
    facts = {"name": "One", "website": "https://one.example"} | about.pop("facts", {})
    fields: dict[str, Any] = {
        "pk": 1,
        "directory_id": ID,
        "candidate_id": "",
        "is_of_directory": True,
        "withdrawn": None,
        "facts": facts,
        "told": frozenset({"name", "website"}),
    }
    return StoredBiobank(**fields | about)


def fetched(**about: Any) -> FetchedBiobank:
    facts = {"name": "One", "website": "https://one.example"} | about.pop("facts", {})
    fields: dict[str, Any] = {"directory_id": ID, "is_withdrawn": False, "facts": facts}
    return FetchedBiobank(**fields | about)


def stored_part(**about: Any) -> StoredCollection:
    fields: dict[str, Any] = {
        "pk": 5,
        "directory_id": PART,
        "biobank_id": ID,
        "parent_id": "",
        "is_of_directory": True,
        "withdrawn": None,
        "facts": {"name": "All"},
    }
    return StoredCollection(**fields | about)


def fetched_part(**about: Any) -> FetchedCollection:
    fields: dict[str, Any] = {
        "directory_id": PART,
        "biobank_id": ID,
        "is_withdrawn": False,
        "facts": {"name": "All"},
        "parent_id": "",
    }
    return FetchedCollection(**fields | about)


def planned(*rows: object, **about: Any) -> Plan:
    def of(kind: type) -> tuple[Any, ...]:
        return tuple(row for row in rows if isinstance(row, kind))

    return plan(
        Stored(of(StoredBiobank), of(StoredCollection)),
        Directory(of(FetchedBiobank), of(FetchedCollection), **about),
        TODAY,
    )


def only(found: Plan) -> Change:
    (change,) = found.changes
    return change


def test_nothing_new_changes_nothing() -> None:
    rows = (stored(), fetched(), stored_part(), fetched_part())
    assert planned(*rows).changes == ()


def test_a_biobank_that_is_new_is_added() -> None:
    change = only(planned(fetched()))
    assert change.action is Action.ADDED
    assert change.values["source"] == "directory"
    assert change.values["told_by_directory"] == ["name", "website"]


def test_a_change_says_which_field_from_what_to_what() -> None:
    change = only(planned(stored(), fetched(facts={"name": "Uno"})))
    assert change.action is Action.CHANGED
    assert change.values == {"name": "Uno", "as_of": TODAY}
    assert change.line() == f"changed: {ID} One: name: 'One' -> 'Uno'"


def test_what_the_directory_takes_back_is_taken_back() -> None:
    change = only(planned(stored(), fetched(facts={"website": ""})))
    assert change.values["website"] == ""
    assert change.values["told_by_directory"] == ["name"]


def test_what_the_directory_never_said_stays_ours() -> None:
    row = stored(told=frozenset({"name"}))
    assert planned(row, fetched(facts={"website": ""})).changes == ()


def test_a_column_that_was_not_asked_for_is_left_alone() -> None:
    record = FetchedBiobank(ID, is_withdrawn=False, facts={"name": "One"})
    assert planned(stored(), record).changes == ()


@pytest.mark.parametrize("row", [stored(), stored_part()])
def test_what_is_absent_is_withdrawn(row: StoredBiobank | StoredCollection) -> None:
    change = only(planned(row))
    assert change.action is Action.WITHDRAWN
    assert change.values == {"withdrawn": TODAY, "as_of": TODAY}


def test_what_is_withdrawn_there_is_withdrawn_here() -> None:
    change = only(planned(stored(), fetched(is_withdrawn=True)))
    assert (change.action, change.values["withdrawn"]) == (Action.WITHDRAWN, TODAY)


def test_what_is_withdrawn_already_keeps_its_day() -> None:
    gone = stored(withdrawn=EARLIER)
    assert planned(gone, fetched(is_withdrawn=True)).changes == ()
    assert planned(gone).changes == ()


def test_what_comes_back_is_no_longer_withdrawn() -> None:
    change = only(planned(stored(withdrawn=EARLIER), fetched()))
    assert (change.action, change.values["withdrawn"]) == (Action.RETURNED, None)


def test_what_was_withdrawn_before_we_knew_it_is_not_added() -> None:
    gone = fetched(is_withdrawn=True)
    assert planned(gone, fetched_part()).changes == ()
    assert planned(stored(), fetched(), fetched_part(is_withdrawn=True)).changes == ()


def test_a_row_that_could_not_be_read_is_not_withdrawn() -> None:
    assert planned(stored(), unread=frozenset({ID})).changes == ()


def test_a_biobank_without_an_id_is_none_of_the_imports_business() -> None:
    ours = stored(directory_id="", is_of_directory=False)
    assert planned(ours).changes == ()
    assert [one.action for one in planned(ours, fetched()).changes] == [Action.ADDED]


def test_a_candidate_id_is_confirmed_by_a_record() -> None:
    likely = stored(directory_id="", candidate_id=ID, is_of_directory=False, told=frozenset())
    found = planned(likely, fetched(facts={"name": "Uno"}))
    values = only(found).values
    assert (values["directory_id"], values["candidate_id"]) == (ID, "")
    assert "taken for “One”" in found.notes[0]


def test_an_id_comes_before_a_candidate_id() -> None:
    sure = stored()
    likely = stored(pk=2, directory_id="", candidate_id=ID, is_of_directory=False)
    assert planned(likely, sure, fetched()).changes == ()


def test_a_withdrawn_record_confirms_no_candidate() -> None:
    likely = stored(directory_id="", candidate_id=ID, is_of_directory=False)
    assert planned(likely, fetched(is_withdrawn=True)).changes == ()


def test_a_name_alone_matches_nothing() -> None:
    other = stored(directory_id="", is_of_directory=False)
    assert planned(other, fetched()).count(Action.ADDED) == 1


def test_codes_and_quality_are_sets() -> None:
    frozen, serum = Code(TraitKind.MATERIAL, "TISSUE_FROZEN"), Code(TraitKind.MATERIAL, "SERUM")
    cold = Code(TraitKind.TEMPERATURE, "temperatureLN")
    row = stored_part(codes=frozenset({frozen, cold}))
    record = fetched_part(codes=frozenset({serum}), kinds=frozenset({TraitKind.MATERIAL}))
    change = planned(stored(), fetched(quality=frozenset({Mark("ISO 20387")})), row, record)
    assert change.biobanks[0].quality == {Mark("ISO 20387")}
    assert change.collections[0].new_codes == {serum}
    assert change.collections[0].lost_codes == {frozen}


def test_a_collection_moves_to_another_biobank_and_parent() -> None:
    there = f"{ID}2"
    record = fetched_part(biobank_id=there, parent_id=f"{PART}2")
    found = planned(stored(), fetched(), fetched(directory_id=there), stored_part(), record)
    values = found.collections[0].values
    assert (values["biobank"], values["parent"]) == (there, f"{PART}2")


@pytest.mark.parametrize(("gone", "is_too_much"), [(0, False), (5, False), (6, True), (10, True)])
def test_more_than_half_is_too_much(gone: int, is_too_much: bool) -> None:
    ids = [f"{ID}{number}" for number in range(10)]
    rows = [stored(pk=number, directory_id=one) for number, one in enumerate(ids)]
    records = [fetched(directory_id=one) for one in ids[gone:]]
    assert planned(*rows, *records).withdraws_too_much is is_too_much


def test_more_than_half_of_the_collections_is_too_much_too() -> None:
    assert planned(stored(), fetched(), stored_part()).withdraws_too_much


# What is withdrawn with what it is part of

WHOLE = f"{ID}:collection:whole"


def stored_family(**about: Any) -> tuple[StoredCollection, StoredCollection]:
    """A whole that is withdrawn, and its part."""
    whole = stored_part(pk=4, directory_id=WHOLE, withdrawn=EARLIER)
    return whole, stored_part(parent_id=WHOLE, withdrawn=EARLIER, **about)


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_part_comes_back_with_its_whole_where_no_parent_is_told(is_gone: bool) -> None:
    whole = fetched_part(directory_id=WHOLE, is_withdrawn=is_gone)
    part = fetched_part(parent_id=None)
    found = planned(stored(), fetched(), *stored_family(), whole, part)
    assert [one.action for one in found.changes] == ([] if is_gone else [Action.RETURNED] * 2)


def test_a_part_is_withdrawn_with_its_whole_where_no_parent_is_told() -> None:
    rows = (stored_part(pk=4, directory_id=WHOLE), stored_part(parent_id=WHOLE))
    records = (fetched_part(directory_id=WHOLE, is_withdrawn=True), fetched_part(parent_id=None))
    found = planned(stored(), fetched(), *rows, *records)
    assert [one.action for one in found.changes] == [Action.WITHDRAWN] * 2


def test_what_may_be_a_part_of_something_stays_withdrawn_until_that_is_told() -> None:
    gone = stored_part(withdrawn=EARLIER)
    assert planned(stored(), fetched(), gone, fetched_part(parent_id=None)).changes == ()
    assert only(planned(stored(), fetched(), gone, fetched_part())).action is Action.RETURNED


def test_a_part_of_a_withdrawn_whole_that_could_not_be_read_stays_withdrawn() -> None:
    about = {"unread": frozenset({WHOLE})}
    rows = (stored(), fetched(), *stored_family(), fetched_part(parent_id=None))
    assert planned(*rows, **about).changes == ()


def test_a_parent_that_is_not_told_stays_linked() -> None:
    rows = (stored_part(pk=4, directory_id=WHOLE), stored_part(parent_id=WHOLE))
    about = {"unread": frozenset({WHOLE})}
    assert planned(stored(), fetched(), *rows, fetched_part(parent_id=None), **about).changes == ()


def test_what_is_withdrawn_is_linked_to_a_parent_that_has_a_row_and_to_no_other() -> None:
    whole, part = stored_family()
    elsewhere = stored_part(pk=6, directory_id=f"{WHOLE}2")
    others = (elsewhere, fetched_part(directory_id=f"{WHOLE}2"))
    family = (whole, part, fetched_part(directory_id=WHOLE, is_withdrawn=True))
    rows = (stored(), fetched(), *others, *family)
    for parent, link in ((f"{WHOLE}2", f"{WHOLE}2"), (f"{WHOLE}3", "")):
        moved = only(planned(*rows, fetched_part(is_withdrawn=True, parent_id=parent)))
        assert moved.values["parent"] == link
