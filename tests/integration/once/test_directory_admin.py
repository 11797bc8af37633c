"""What editors can do with biobanks and collections, and what the import keeps."""

import re
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from members.models import (
    Biobank,
    Collection,
    ImportRun,
    Membership,
    OldSlug,
    QualityMark,
    Trait,
)
from pages.models import NodePage
from tests import builders

pytestmark = pytest.mark.django_db
IMPORTS = "/admin/directory-import/"
LONG_AGO = date(2026, 3, 3)
ROR = "https://ror.org/00xmkp704"
LIST = "/admin/snippets/members/biobank/"


@pytest.fixture
def biobank() -> Biobank:
    return Biobank.objects.create(
        name="Theirs",
        slug="theirs",
        website="https://theirs.example/",
        city="Ghent",
        directory_id="bbmri-eric:ID:BE_1",
        source=Biobank.Source.DIRECTORY,
        told_by_directory=["name", "website"],
        as_of=LONG_AGO,
    )


@pytest.fixture
def collection(biobank: Biobank) -> Collection:
    made = Collection.objects.create(
        biobank=biobank,
        directory_id="bbmri-eric:ID:BE_1:collection:all",
        name="All samples",
        as_of=timezone.localdate(),
    )
    Trait.objects.create(biobank=biobank, collection=made, kind="material", code="SERUM")
    return made


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def form(biobank: Biobank, **fields: Any) -> dict[str, Any]:
    """What the editing screen posts."""
    nothing: dict[str, Any] = {
        name: inline_formset([]) for name in ("memberships", "other_names", "quality_marks")
    }
    chosen = {name: fields.pop(name) for name in ("materials", "categories") if name in fields}
    own = {"name": biobank.name, "slug": biobank.slug, "city": biobank.city}
    return nested_form_data(own | nothing | fields) | chosen


def edit_address(row: Biobank | Collection) -> str:
    return f"/admin/snippets/members/{row._meta.model_name}/edit/{row.pk}/"


def test_editors_change_what_is_ours(editing: Client, biobank: Biobank, home: NodePage) -> None:
    network = builders.network(home)
    posted = form(
        biobank,
        is_hidden="on",
        memberships=inline_formset(
            [{"network": str(network.translation_key), "since": "2014-04-30", "until": ""}]
        ),
        other_names=inline_formset([{"name": "Old name", "kind": "former"}]),
    )
    assert editing.post(edit_address(biobank), posted).status_code == HTTPStatus.FOUND
    biobank.refresh_from_db()
    assert biobank.is_hidden
    assert Membership.objects.current().get(network=network.translation_key).biobank == biobank
    assert str(biobank.other_names.get()) == "Old name"
    assert ModelLogEntry.objects.filter(action="wagtail.edit", object_id=biobank.pk).exists()


def test_a_membership_that_an_editor_dates_is_no_longer_the_imports(
    editing: Client, biobank: Biobank, home: NodePage
) -> None:
    keys = [builders.network(home, name).translation_key for name in ("One", "Two")]
    rows = [
        {"id": Membership.objects.create(biobank=biobank, network=key, is_of_directory=True).pk}
        | {"network": str(key), "since": "", "until": ""}
        for key in keys
    ]
    rows[0]["until"] = "2020-01-01"
    posted = form(biobank, memberships=inline_formset(rows, initial=2))
    assert editing.post(edit_address(biobank), posted).status_code == HTTPStatus.FOUND
    kept = Membership.objects.filter(is_of_directory=True)
    assert [one.network for one in kept] == keys[1:]


def test_what_the_directory_says_can_not_be_changed_here(editing: Client, biobank: Biobank) -> None:
    shown = editing.get(edit_address(biobank)).content.decode()
    assert shown.count("From the Directory.") == 4  # its id, withdrawn, and what is told
    mine = {"name": "Mine", "website": "https://mine.example/", "directory_id": "x", "ror": ROR}
    editing.post(edit_address(biobank), form(biobank, **mine))
    biobank.refresh_from_db()
    assert biobank.ror == ROR
    assert (biobank.name, biobank.website) == ("Theirs", "https://theirs.example/")
    assert biobank.directory_id == "bbmri-eric:ID:BE_1"


def test_a_quality_mark_of_the_directory_can_not_be_changed_either(
    editing: Client, biobank: Biobank
) -> None:
    mark = QualityMark.objects.create(biobank=biobank, standard="ISO 20387", is_of_directory=True)
    row = {"id": mark.pk, "standard": "ISO 1", "level": "", "certificate_number": "", "dated": ""}
    marks = inline_formset([row], initial=1)
    editing.post(edit_address(biobank), form(biobank, quality_marks=marks))
    assert biobank.quality_marks.get().standard == "ISO 20387"


def test_what_the_directory_never_told_is_ours(editing: Client, biobank: Biobank) -> None:
    posted = form(biobank, acronym="TB", latitude="51.02", longitude="3.73")
    editing.post(edit_address(biobank), posted)
    biobank.refresh_from_db()
    assert (biobank.acronym, biobank.latitude) == ("TB", 51.02)


def test_editors_date_a_quality_mark_of_the_directory(editing: Client, biobank: Biobank) -> None:
    mark = QualityMark.objects.create(biobank=biobank, standard="ISO 20387", is_of_directory=True)
    row = {"id": mark.pk, "standard": "ISO 20387", "level": "", "certificate_number": ""}
    marks = inline_formset([row | {"dated": "2024-05-01"}], initial=1)
    editing.post(edit_address(biobank), form(biobank, quality_marks=marks))
    assert biobank.quality_marks.get().dated == date(2024, 5, 1)


def test_editors_say_what_a_biobank_keeps(
    editing: Client, biobank: Biobank, collection: Collection
) -> None:
    Trait.objects.create(biobank=biobank, kind="material", code="DNA")
    Trait.objects.create(biobank=biobank, kind="material", code="RNA")
    shown = editing.get(edit_address(biobank)).content.decode()
    assert len(re.findall(r'name="materials"[^>]*checked', shown)) == 2
    chosen = {"materials": ["RNA", "URINE"], "categories": ["oncology"]}
    editing.post(edit_address(biobank), form(biobank, **chosen))
    own = biobank.traits.of_biobanks().values_list("code", flat=True)
    assert set(own) == {"RNA", "URINE", "oncology"}
    assert collection.traits.get().code == "SERUM"
    editing.post(edit_address(biobank), form(biobank, materials=["NOTHING"]))
    assert own.count() == 3


CHANGES: dict[str, dict[str, Any]] = {
    "a field": {"ror": ROR},
    "a row beside": {"other_names": inline_formset([{"name": "Old", "kind": "former"}])},
    "a code": {"materials": ["DNA"]},
    "nothing": {},
}


@pytest.mark.parametrize("change", CHANGES)
def test_facts_are_as_of_the_day_they_were_changed(
    editing: Client, biobank: Biobank, change: str
) -> None:
    editing.post(edit_address(biobank), form(biobank, **CHANGES[change]))
    biobank.refresh_from_db()
    assert biobank.as_of == (timezone.localdate() if CHANGES[change] else LONG_AGO)


def test_an_address_another_biobank_gave_up_may_be_given_up_again(
    editing: Client, biobank: Biobank
) -> None:
    other = builders.biobank("Other")
    OldSlug.objects.create(biobank=other, slug="theirs")  # as a bulk write would leave it
    response = editing.post(edit_address(biobank), form(biobank, slug="new"))
    assert response.status_code == HTTPStatus.FOUND
    assert OldSlug.objects.get(slug="theirs").biobank == biobank
    assert builders.biobank("Theirs").slug == "theirs-2"


def test_a_biobank_without_a_record_is_ours_entirely(editing: Client) -> None:
    posted = form(Biobank(name="New one", slug=""), candidate_id="bbmri-eric:ID:BE_9")
    response = editing.post(f"{LIST}add/", posted)
    assert response.status_code == HTTPStatus.FOUND
    made = Biobank.objects.get()
    assert (made.slug, made.candidate_id) == ("new-one", "bbmri-eric:ID:BE_9")
    editing.post(edit_address(made), form(made, name="Another name"))
    made.refresh_from_db()
    assert (made.name, made.slug) == ("Another name", "new-one")


def test_a_slug_the_site_needs_is_refused(editing: Client, biobank: Biobank) -> None:
    response = editing.post(edit_address(biobank), form(biobank, slug="shortlist"))
    assert response.status_code == HTTPStatus.OK
    biobank.refresh_from_db()
    assert biobank.slug == "theirs"


def test_editors_delete_nothing(editing: Client, biobank: Biobank, collection: Collection) -> None:
    for row in (biobank, collection):
        editing.post(edit_address(row).replace("/edit/", "/delete/"))
    assert Biobank.objects.count() == Collection.objects.count() == 1


def test_the_operator_deletes_nothing_either(
    client: Client, admin_of_all: User, biobank: Biobank, collection: Collection
) -> None:
    client.force_login(admin_of_all)
    assert "data-bulk-action-checkbox" not in client.get(LIST).content.decode()
    for row in (collection, biobank):
        client.post(edit_address(row).replace("/edit/", "/delete/"))
        client.post(f"/admin/bulk/members/{row._meta.model_name}/delete/?id={row.pk}")
    assert Biobank.objects.count() == Collection.objects.count() == 1


def test_of_a_collection_only_hiding_is_ours(editing: Client, collection: Collection) -> None:
    shown = editing.get(edit_address(collection)).content.decode()
    assert "All samples" in shown
    assert "Serum" in shown
    editing.post(edit_address(collection), {"is_hidden": "on", "name": "Mine"})
    collection.refresh_from_db()
    assert (collection.is_hidden, collection.name) == (True, "All samples")


def test_nobody_adds_a_collection_by_hand(client: Client, admin_of_all: User) -> None:
    client.force_login(admin_of_all)
    response = client.get("/admin/snippets/members/collection/add/")
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/admin/"


@pytest.mark.each_engine
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("q=theirs", True),
        ("q=nowhere", False),
        ("city=Ghent", True),
        ("source=site", False),
        ("withdrawn=true", False),
        ("withdrawn=false", True),
        ("is_hidden=true", False),
    ],
)
def test_biobanks_are_searched_and_filtered(
    editing: Client, biobank: Biobank, query: str, is_found: bool
) -> None:
    shown = editing.get(f"{LIST}?{query}").content.decode()
    assert (edit_address(biobank) in shown) is is_found


@pytest.mark.each_engine
def test_biobanks_are_filtered_by_network(
    editing: Client, biobank: Biobank, home: NodePage
) -> None:
    here, elsewhere = builders.network(home, "Here"), builders.network(home, "Elsewhere")
    Membership.objects.create(biobank=biobank, network=here.translation_key)
    for network, is_found in ((here, True), (elsewhere, False)):
        shown = editing.get(f"{LIST}?network={network.translation_key}").content.decode()
        assert (edit_address(biobank) in shown) is is_found


@pytest.mark.each_engine
@pytest.mark.parametrize(
    ("query", "is_found"),
    [("material=SERUM", True), ("material=DNA", False), ("q=all", True), ("is_hidden=true", False)],
)
def test_collections_are_searched_and_filtered(
    editing: Client, collection: Collection, query: str, is_found: bool
) -> None:
    shown = editing.get(f"/admin/snippets/members/collection/?{query}").content.decode()
    assert (edit_address(collection) in shown) is is_found


@pytest.mark.parametrize("address", [LIST, "/admin/snippets/members/collection/", IMPORTS])
def test_a_stranger_sees_nothing_of_it(client: Client, stranger: User, address: str) -> None:
    client.force_login(stranger)
    assert client.get(address).status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}
    assert client.post(address).status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}
    assert not ImportRun.objects.exists()
