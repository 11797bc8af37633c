"""The import against a real HTTP server in the Directory's shape, whole and broken."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members import initial_biobanks
from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.models import (
    Biobank,
    BiobankFact,
    Collection,
    ImportRun,
    Membership,
    OtherName,
    QualityMark,
    Trait,
)
from pages.models import NodePage
from tests import builders
from tests.directory import (
    DirectoryServer,
    biobank_id,
    biobank_row,
    coded,
    collection_id,
    collection_row,
    large_reply,
    reply,
)
from tests.integration.directory_runs import last_run, refused, run
from visitors.cache import generation

pytestmark = pytest.mark.django_db
State = ImportRun.State


def test_what_the_directory_says_is_stored(directory: DirectoryServer) -> None:
    assert run().endswith("2 added, 0 changed, 0 withdrawn, 0 back again.\n")
    biobank = Biobank.objects.get()
    assert (biobank.name, biobank.slug, biobank.city) == ("Biobank 1", "biobank-1", "Ghent")
    assert biobank.website == "https://biobank.example/1"
    collection = Collection.objects.shown().with_traits().get()
    assert collection.biobank == biobank
    assert collection.labels(TraitKind.MATERIAL) == ["Serum", "Tissue, frozen"]
    assert last_run().state == State.DONE
    assert ImportRun.objects.data_date() == timezone.localdate()


def test_a_dry_run_says_the_plan_and_changes_nothing(directory: DirectoryServer) -> None:
    assert f"added: {biobank_id(1)} Biobank 1" in run("--dry-run")
    assert not Biobank.objects.exists()
    assert not ImportRun.objects.exists()


def test_the_plan_names_each_field_that_changes(directory: DirectoryServer) -> None:
    run()
    directory.says(reply([biobank_row(name="New name")], [collection_row(size=7)]))
    said = run("--dry-run")
    assert f"changed: {biobank_id(1)} Biobank 1: name: 'Biobank 1' -> 'New name'" in said
    assert "size: 'None' -> '7'" in said


def test_a_second_run_without_change_writes_no_row(directory: DirectoryServer) -> None:
    directory.says(large_reply(20, 5))
    run()
    with CaptureQueriesContext(connection) as queries:
        run()
    rows = [model._meta.db_table for model in (Biobank, Collection, Trait, QualityMark)]
    writes = [
        query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert writes
    assert not [sql for sql in writes if any(table in sql for table in rows)]


def test_absent_is_withdrawn_and_back_again_is_not(directory: DirectoryServer) -> None:
    both = [biobank_row(1), biobank_row(2)]
    parts = [collection_row(1), collection_row(2)]
    directory.says(reply(both, parts))
    run()
    directory.says(reply(both[:1], parts[:1]))
    assert "2 withdrawn" in run()
    assert [one.slug for one in Biobank.objects.shown()] == ["biobank-1"]
    assert Biobank.objects.get(slug="biobank-2").withdrawn == timezone.localdate()
    assert Collection.objects.shown().count() == 1
    directory.says(reply(both, parts))
    assert "2 back again" in run()
    assert Biobank.objects.shown().count() == 2


def test_more_than_half_is_withdrawn_only_by_force(directory: DirectoryServer) -> None:
    directory.says(reply([biobank_row(number) for number in range(3)]))
    run()
    directory.says({"data": {}})
    assert "more than half" in refused()
    assert Biobank.objects.shown().count() == 3
    assert last_run().state == State.REFUSED
    run("--force")
    assert not Biobank.objects.shown().exists()
    assert Biobank.objects.count() == 3


def test_what_is_ours_is_never_touched(directory: DirectoryServer, home: NodePage) -> None:
    run()
    biobank = Biobank.objects.get()
    ours = {
        "city": "Liège",
        "district": "Sart Tilman",
        "postcode": "4000",
        "ror": "https://ror.org/04ejags36",
        "slug": "ours",
        "is_hidden": True,
        "logo": builders.picture(),
    }
    Biobank.objects.filter(pk=biobank.pk).update(**ours)
    builders.fact(biobank, "introduction", "<p>Hier</p>", "nl")
    builders.fact(biobank, "host", "Ons ziekenhuis", "nl")
    said = list(BiobankFact.objects.values())
    OtherName.objects.create(biobank=biobank, name="Old")
    QualityMark.objects.create(biobank=biobank, standard="ISO 9001")
    Trait.objects.create(biobank=biobank, kind=TraitKind.MATERIAL, code="DNA")
    mark = {"quality_standard": {"name": "iso20387", "label": "ISO 20387"}}
    directory.says(reply([biobank_row(name="Theirs", location="Mol", quality=[mark])]))
    run("--force")
    biobank.refresh_from_db()
    assert {name: getattr(biobank, name) for name in ours} == ours
    assert biobank.name == "Theirs"
    assert list(BiobankFact.objects.values()) == said
    assert biobank.other_names.count() == 1
    assert biobank.traits.of_biobanks().count() == 1
    standards = list(biobank.quality_marks.values_list("standard", flat=True))
    assert standards == ["ISO 20387", "ISO 9001"]


def test_a_candidate_id_becomes_the_id_once_it_is_found(directory: DirectoryServer) -> None:
    Biobank.objects.create(name="Likely", slug="likely", city="Mol", candidate_id=biobank_id(1))
    said = run()
    biobank = Biobank.objects.get()
    assert (biobank.directory_id, biobank.candidate_id) == (biobank_id(1), "")
    assert (biobank.name, biobank.slug, biobank.city) == ("Biobank 1", "likely", "Mol")
    assert "taken for “Likely”" in said


def test_the_first_biobanks_meet_their_records(directory: DirectoryServer) -> None:
    initial_biobanks.load()
    ids = Biobank.objects.of_directory().values_list("directory_id", flat=True)
    rows = [biobank_row(one.rpartition("_")[2], url=None, acronym=None) for one in ids]
    names = Collection.objects.values_list("biobank__directory_id", "directory_id")
    parts = [collection_row() | {"id": part, "biobank": {"id": whole}} for whole, part in names]
    directory.says(reply(rows, parts))
    assert run().endswith("0 added, 28 changed, 0 withdrawn, 0 back again.\n")
    assert Biobank.objects.shown().count() == 19
    bhul = Biobank.objects.get(slug="bhul")
    assert bhul.acronym == "BHUL"  # the Directory says none: ours stays
    assert run().endswith("0 added, 0 changed, 0 withdrawn, 0 back again.\n")


def test_a_collection_changes_biobank_parent_and_codes(directory: DirectoryServer) -> None:
    banks = [biobank_row(1), biobank_row(2)]
    top = collection_row(1, "top")
    directory.says(reply(banks, [top, collection_row(1, "part")]))
    run()
    moved = collection_row(1, "part", materials=coded("URINE")) | {
        "biobank": {"id": biobank_id(2)},
        "parent_collection": {"id": collection_id(1, "top")},
    }
    directory.says(reply(banks, [top, moved]))
    run()
    part = Collection.objects.get(directory_id=collection_id(1, "part"))
    assert part.biobank.directory_id == biobank_id(2)
    assert part.parent
    assert part.parent.directory_id == collection_id(1, "top")
    assert part.labels(TraitKind.MATERIAL) == ["Urine"]
    assert set(part.traits.values_list("biobank", flat=True)) == {part.biobank_id}


def test_two_biobanks_of_one_name_have_two_addresses(directory: DirectoryServer) -> None:
    directory.says(reply([biobank_row(1, name="Shortlist"), biobank_row(2, name="Shortlist")]))
    run()
    slugs = Biobank.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["shortlist-2", "shortlist-3"]


def test_pages_are_made_anew_after_an_import(directory: DirectoryServer) -> None:
    before = generation.current()
    run()
    generation.forget()
    assert generation.current() == before + 1


def test_an_address_that_is_unknown_is_asked_for() -> None:
    assert "DIRECTORY_URL" in refused()


def test_a_kept_answer_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(reply([biobank_row()], [collection_row()])), encoding="utf-8")
    assert "2 added" in run("--file", str(file))
    assert "can't be read" in refused("--file", str(tmp_path / "none.json"))


def test_memberships_survive_an_import(directory: DirectoryServer, home: NodePage) -> None:
    run()
    network = builders.network(home)
    Membership.objects.create(biobank=Biobank.objects.get(), network=network.translation_key)
    run()
    assert len(catalogue(timezone.localdate()).in_network(network.slug)) == 1


def test_an_address_that_was_given_up_is_not_given_to_another(directory: DirectoryServer) -> None:
    run()
    first = Biobank.objects.get()
    first.slug = "renamed"
    first.save()
    rows = [biobank_row(1), biobank_row(2, name="Biobank 1")]
    directory.says(reply(rows, [collection_row()]))
    run()
    assert Biobank.objects.get(directory_id=biobank_id(2)).slug == "biobank-1-2"


@pytest.mark.parametrize(
    ("place", "city"),
    [("Gent", "Ghent"), ("LIEGE", "Liège"), ("Universitair Ziekenhuis", ""), ("Belgium", "")],
)
def test_a_place_is_a_town_only_where_it_is_called_one(
    directory: DirectoryServer, place: str, city: str
) -> None:
    directory.says(reply([biobank_row(location=place)]))
    run()
    assert Biobank.objects.get().city == city


def test_the_date_an_editor_gave_a_quality_mark_stays(directory: DirectoryServer) -> None:
    marks = [{"quality_standard": {"name": name}} for name in ("ISO 9001", "ISO 20387")]
    directory.says(reply([biobank_row(quality=marks)]))
    run()
    QualityMark.objects.filter(standard="ISO 20387").update(dated="2024-05-01")
    marks[0] = {"quality_standard": {"name": "ISO 15189"}}
    directory.says(reply([biobank_row(quality=marks)]))
    run()
    found = QualityMark.objects.values_list("standard", "dated")
    assert set(found) == {("ISO 15189", None), ("ISO 20387", date(2024, 5, 1))}
