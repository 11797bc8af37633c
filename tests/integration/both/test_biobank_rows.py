"""Biobanks and collections as rows: what is shown, what the database refuses, the first ones."""

import tomllib
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from members import codes, initial_biobanks
from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.models import (
    Biobank,
    BiobankFact,
    BiobankProfile,
    BiobankText,
    Collection,
    ImportRun,
    Membership,
    OldSlug,
    Trait,
)
from members.models.code_labels import label
from pages.models import NodePage
from tests import builders

pytestmark = pytest.mark.django_db


def biobank(slug: str = "one", **fields: Any) -> Biobank:
    return Biobank.objects.create(slug=slug, **({"name": slug.title()} | fields))


def collection(whole: Biobank, name: str = "all", **fields: Any) -> Collection:
    about = {"directory_id": f"{whole.slug}:collection:{name}", "as_of": timezone.localdate()}
    return Collection.objects.create(biobank=whole, **about | fields)


def test_hidden_and_withdrawn_biobanks_are_in_no_list() -> None:
    shown = biobank()
    gone = biobank("gone", withdrawn=timezone.localdate())
    biobank("hidden", is_hidden=True)
    assert list(Biobank.objects.shown()) == [shown]
    assert set(Biobank.objects.readable()) == {shown, gone}


def test_a_collection_is_shown_where_it_and_its_biobank_are() -> None:
    whole = biobank()
    shown = collection(whole)
    collection(whole, "gone", withdrawn=timezone.localdate())
    collection(whole, "hidden", is_hidden=True)
    collection(biobank("hidden", is_hidden=True))
    collection(biobank("gone", withdrawn=timezone.localdate()))
    assert list(Collection.objects.shown()) == [shown]
    collection(whole, "part", parent=shown)
    assert Collection.objects.shown().top_level().count() == 1
    assert [one.collections for one in catalogue().entries] == [1]


def test_a_trait_counts_for_the_biobank_while_its_collection_is_shown() -> None:
    whole = biobank()
    part = collection(whole)
    Trait.objects.create(biobank=whole, collection=part, kind=TraitKind.MATERIAL, code="DNA")
    Trait.objects.create(biobank=whole, kind=TraitKind.MATERIAL, code="RNA")
    assert {trait.code for trait in Trait.objects.shown()} == {"DNA", "RNA"}
    Collection.objects.update(is_hidden=True)
    assert {trait.code for trait in Trait.objects.shown()} == {"RNA"}


def test_a_membership_counts_between_its_dates(home: NodePage) -> None:
    key = builders.network(home, "North").translation_key
    today = timezone.localdate()
    ended = Membership.objects.create(
        biobank=biobank(), network=key, until=today - timedelta(days=1)
    )
    assert not catalogue(today).in_network("north")
    assert Membership.objects.current(ended.until).get() == ended
    Membership.objects.create(biobank=biobank("two"), network=key, since=today)
    assert [one.slug for one in catalogue(today).in_network("north")] == ["two"]


def test_reading_a_page_costs_the_same_for_many(
    django_assert_num_queries: DjangoAssertNumQueries, home: NodePage
) -> None:
    initial_biobanks.load()
    counted = {entry.pk: entry.collections for entry in catalogue().entries}
    with django_assert_num_queries(9):
        for row in Biobank.objects.shown().with_page():
            assert counted[row.pk] == len(row.shown_collections)
            said = [one.labels(TraitKind.MATERIAL) for one in row.shown_collections]
            said += [row.told.hosts, row.own_traits, row.current_memberships]
            said += [row.memberships.all(), row.quality_marks.all(), row.other_names.all()]
            assert str(said)


def test_an_address_that_was_given_up_leads_to_the_new_one() -> None:
    row = biobank("first")
    row.slug = "second"
    row.save()
    assert OldSlug.objects.get(slug="first").biobank == row
    row.slug = "first"
    row.save()
    assert [one.slug for one in OldSlug.objects.all()] == ["second"]


def test_a_fact_is_read_in_the_readers_language_or_the_biobanks_own() -> None:
    row = biobank()
    BiobankProfile.objects.update(own_language="nl")
    for language in ("en", "nl", "fr"):
        builders.fact(row, "host", language, language)
    row = Biobank.objects.get()
    for reader, found in {"fr": "fr", "de": "nl"}.items():
        with override(reader):
            (said,) = row.told["host"]
            assert (said.text, said.language) == (found, found)


def test_what_stood_with_a_biobank_moves_to_its_profile_and_stays_where_it_was() -> None:
    shipped = biobank(host="Jessa Hospital", notification_number="BB190057")
    edited = biobank("two", host="Our own words")
    page = "https://saintluc.be/fr/biobanque"
    for language in ("nl", "fr"):
        BiobankText.objects.create(
            biobank=edited, language=language, introduction="<p>x</p>", objection_url=page
        )
    BiobankText.objects.create(biobank=shipped, language="de", objection_url="https://x.example/")
    BiobankProfile.objects.all().delete()
    import_module("members.migrations.0009_facts_move_to_profiles").move(apps, None)
    said = set(BiobankFact.objects.values_list("profile__biobank", "kind", "language", "value"))
    assert said == {
        (shipped.pk, "host", "en", "Jessa Hospital"),
        (shipped.pk, "notification", "", "BB190057"),
        (shipped.pk, "objection", "de", "https://x.example/"),
        (edited.pk, "host", "", "Our own words"),
        (edited.pk, "introduction", "nl", "<p>x</p>"),
        (edited.pk, "introduction", "fr", "<p>x</p>"),
        (edited.pk, "objection", "fr", page),  # of one language, whichever texts named it
    }
    assert set(BiobankFact.objects.values_list("confidence", flat=True)) == {"confirmed"}
    assert BiobankText.objects.count() == 3


BROKEN: dict[str, tuple[type, dict[str, Any]]] = {
    "two of one id": (Biobank, {"slug": "b", "name": "B", "directory_id": "bbmri-eric:ID:BE_1"}),
    "two of one candidate": (Biobank, {"slug": "b", "name": "B", "candidate_id": "maybe"}),
    "of the Directory, no id": (Biobank, {"slug": "b", "name": "B", "source": "directory"}),
    "half a place": (Biobank, {"slug": "b", "name": "B", "latitude": 50.0}),
    "not on earth": (Biobank, {"slug": "b", "name": "B", "latitude": 500.0, "longitude": 4.0}),
    "a fact without words": (BiobankFact, {"kind": "host"}),
    "a number in a language": (BiobankFact, {"kind": "mailbox", "value": "x", "language": "nl"}),
    "a sentence in none": (BiobankFact, {"kind": "introduction", "value": "x"}),
    "an end without its time": (ImportRun, {"state": ImportRun.State.DONE}),
    "a time without its end": (ImportRun, {"finished": timezone.now()}),
}


@pytest.mark.parametrize("case", BROKEN)
def test_the_database_refuses_rows_that_make_no_sense(case: str) -> None:
    row = biobank(directory_id="bbmri-eric:ID:BE_1", candidate_id="maybe")
    model, fields = BROKEN[case]
    fields = {**fields, "profile": row.profile} if model is BiobankFact else fields
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.create(**fields)  # type: ignore[attr-defined]  # models of two kinds in one table


def test_a_code_is_said_in_the_readers_language_or_in_its_own_letters() -> None:
    assert label(TraitKind.MATERIAL, "TISSUE_FROZEN") == "Tissue, frozen"
    assert label(TraitKind.MATERIAL, "NEW_ONE") == "New one"
    assert codes.magnitude_bounds(0) == (0, 10)
    assert codes.magnitude_bounds(4) == (10_000, 100_000)
    assert codes.magnitude_bounds(8) == (100_000_000, None)


def facts() -> list[dict[str, Any]]:
    file = initial_biobanks.FOLDER / "_biobanks.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))["biobank"]


def test_the_first_biobanks_are_loaded_once_and_editors_have_the_last_word() -> None:
    assert initial_biobanks.load() == Biobank.objects.shown().count() == 19
    Biobank.objects.filter(slug="uza").update(name="As the editor wants it")
    initial_biobanks.load()
    assert Biobank.objects.count() == 19
    assert Biobank.objects.get(slug="uza").name == "As the editor wants it"


def test_an_id_is_public_only_where_it_is_confirmed() -> None:
    initial_biobanks.load()
    confirmed = Biobank.objects.of_directory()
    assert {one.slug for one in confirmed} == {
        "bhul", "brugmann", "chu-ucl-namur", "erasme", "gza", "itm", "jessa", "sciensano", "uza",
        "vito",
    }  # fmt: skip
    likely = Biobank.objects.exclude(candidate_id="")
    assert likely.count() == 9
    assert not likely.exclude(directory_id="").exists()
    assert not Collection.objects.filter(biobank__in=likely).exists()


def test_the_first_biobanks_speak_every_language_or_none() -> None:
    for about in facts():
        pieces = initial_biobanks.pieces_of(about["slug"])
        for kind in ("introduction", "objection_how"):
            said = {key for key in pieces if key.startswith(f"{kind}/")}
            assert len(said) in {0, 4}, (about["slug"], said)


def test_a_piece_of_a_release_is_brought_with_its_source_and_leaves_the_others() -> None:
    initial_biobanks.load()
    assert initial_biobanks.now() == initial_biobanks.release()
    facts = BiobankFact.objects.filter(profile__biobank__slug="uz-gent", kind="host")
    before = {fact.language: initial_biobanks.in_words(fact) for fact in facts}
    assert before["fr"].endswith("\n(suggested)")
    facts.update(value="Written by an editor", source="", checked=None, confidence="confirmed")
    initial_biobanks.write("uz-gent/host/en", before["en"])
    initial_biobanks.write("gone/host/en", "Nobody")
    brought = facts.get(language="en")
    assert brought.confidence == "reported"
    assert (brought.said_by, brought.checked) == ("biobanking.com", date(2026, 11, 27))
    assert {fact.value for fact in facts.exclude(language="en")} == {"Written by an editor"}


def test_what_earlier_releases_said_stands_where_this_one_says_otherwise() -> None:
    release = initial_biobanks.release()
    for key, words in initial_biobanks.earlier().items():
        assert release.get(key) != words, key


def test_the_codes_of_the_first_biobanks_are_known() -> None:
    for about in facts():
        assert set(about.get("materials", [])) <= set(codes.Material.values)
        assert set(about.get("categories", [])) <= set(codes.Category.values)
