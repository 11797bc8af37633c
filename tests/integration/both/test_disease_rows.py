"""The table of diseases is loaded once, belongs to editors then, and can be brought up to date."""

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from members.diseases import first_rows, reading
from members.diseases.understanding import understand
from members.models import Concept
from pages.initial_content import rows_wanted
from pages.search.synonyms import spread
from visitors.cache import generation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(module_db: Path) -> None:
    first_rows.load()


def keys_of(query: str) -> list[str]:
    return [match.row.key for match in understand(query).matches]


def test_what_is_stored_is_what_the_release_says() -> None:
    assert first_rows.stored() == first_rows.shipped()
    assert Concept.objects.filter(kind=Concept.Kind.DISEASE).count() == 163
    for row in Concept.objects.with_names():
        row.full_clean()


def test_rows_are_made_once_and_stay_as_editors_leave_them() -> None:
    row = Concept.objects.get(key="breast-cancer")
    row.names.filter(language="nl").update(name="kanker van de borst")
    Concept.objects.get(key="gout").delete()
    assert first_rows.load() == 0
    assert row.names.get(language="nl").name == "kanker van de borst"
    assert not Concept.objects.filter(key="gout").exists()


def test_a_release_writes_the_pieces_it_is_told_to_and_no_other() -> None:
    Concept.objects.filter(key="gout").update(note="Ours")
    first_rows.apply(
        {
            "gout.codes": "M10-M11",
            "gout.nl.name": "jichtaanval",
            "scurvy.kind": "disease",
            "scurvy.codes": "E54",
            "scurvy.nl.name": "scheurbuik",
        }
    )
    gout, scurvy = (Concept.objects.get(key=key) for key in ("gout", "scurvy"))
    assert (gout.codes, gout.note, gout.names.count()) == ("M10-M11", "Ours", 4)
    assert (scurvy.codes, str(scurvy)) == ("E54", "scheurbuik")
    assert keys_of("scheurbuik")[0] == "scurvy"


def test_reading_costs_two_queries_until_something_changes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    generation.forget()
    with django_assert_num_queries(3):  # with the number of the state that visitors see
        keys_of("gout")
        keys_of("jicht")
    before = reading.table()
    generation.raise_it()
    assert reading.table() is before  # what it is made of is the same
    Concept.objects.get(key="gout").names.all()[0].delete()
    assert reading.table() is not before


def test_a_row_that_no_form_let_in_stops_no_search() -> None:
    Concept.objects.filter(key="gout").update(codes="M10 and so on, C", orpha="²,x,0586")
    row = understand("gout").matches[0].row
    assert (row.codes, row.orpha) == ("M10, ORPHA:586", {"586"})


def test_searches_may_look_for_what_means_the_same() -> None:
    assert spread(["breast", "cancer", "ghent"], "nl") == [
        ("breast cancer", "borstkanker", "mammacarcinoom"),
        ("ghent",),
    ]
    assert spread(["volbloed"], "fr") == [("volbloed", "sang", "sang total")]
    assert spread(["sein"], "de")[0][:2] == ("sein", "brustkrebs")  # a word of no language leads on
    assert "sein" not in spread(["brustkrebs"], "de")[0]  # and is not looked for
    assert {"blood", "bloed", "sang", "blut"} < set(spread(["blut"])[0])
    assert spread([], "nl") == []


def test_a_site_that_runs_gets_its_table_with_other_first_rows() -> None:
    Concept.objects.all().delete()
    assert keys_of("gout") == []
    rows_wanted.send(sender=None)
    assert keys_of("gout")[0] == "gout"
