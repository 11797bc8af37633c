"""Editors have a place for each fact of a biobank; what is missing is asked for."""

import re
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text

from members.models import Biobank, BiobankFact, BiobanksPage
from members.profiles.form import PLACES
from pages.models import NodePage
from tests import builders

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/members/biobankprofile/"
FEATURES = ["bold", "italic", "link"]


@pytest.fixture
def biobank(home: NodePage) -> Biobank:
    page = builders.finder(home)
    builders.translation_of(page, "nl")
    row = builders.biobank("Bank", as_of=date(2026, 3, 3))
    row.profile.own_language = "nl"
    row.profile.save()
    builders.fact(row, "host", "UZ Noord", "nl", source="https://noord.example/")
    builders.fact(row, "mailbox", "biobank@noord.example")
    return row


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def edit_address(row: Biobank) -> str:
    return f"{LIST}edit/{row.profile.pk}/"


def form(**fields: str) -> dict[str, Any]:
    """What the screen posts: each place, blank where nothing is known."""
    posted = {place.field: "" for place in PLACES}
    posted |= {
        name: rich_text("", features=FEATURES) for name in posted if name.startswith("introduction")
    }
    return posted | {"own_language": "nl", "name_language": ""} | fields


def test_an_editor_writes_keeps_and_takes_away(editing: Client, biobank: Biobank) -> None:
    kept = biobank.profile.facts.get(kind="host")
    posted = form(
        host_nl="UZ Noord",
        host_nl__confidence="confirmed",
        host_nl__source="https://noord.example/",
        introduction_nl=rich_text("<p>Stalen</p>", features=FEATURES),
        access_en="https://noord.example/a\nhttps://noord.example/b",
        companies="yes",
        companies__checked="2026-11-20",
    )
    assert editing.post(edit_address(biobank), posted).status_code == HTTPStatus.FOUND
    facts = {(fact.kind, fact.language): fact for fact in BiobankFact.objects.all()}
    assert facts.keys() == {
        ("host", "nl"), ("introduction", "nl"), ("access", "en"), ("companies", ""),
    }  # fmt: skip
    assert facts["host", "nl"].pk == kept.pk
    assert facts["host", "nl"].source == "https://noord.example/"
    assert facts["companies", ""].checked == date(2026, 11, 20)
    biobank.refresh_from_db()
    assert biobank.as_of == timezone.localdate()


REFUSED: dict[str, dict[str, str]] = {
    "no address": {"website_nl": "somewhere"},
    "a script": {"objection_fr": "javascript:alert(1)"},
    "one of two": {"access_en": "https://a.example/\nnowhere"},
    "no mailbox": {"mailbox": "ask at the door"},
    "reported by nobody": {"host_fr": "Nord", "host_fr__confidence": "reported"},
    "no day": {"host_fr": "Nord", "host_fr__checked": "soon"},
    "too long": {"host_fr": "x" * 251},
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_be_shown_is_refused_and_nothing_lost(
    editing: Client, biobank: Biobank, case: str
) -> None:
    before = list(BiobankFact.objects.values())
    answer = editing.post(edit_address(biobank), form(**REFUSED[case]))
    assert answer.status_code == HTTPStatus.OK
    assert "error-message" in answer.text
    assert list(BiobankFact.objects.values()) == before


def test_the_list_says_what_is_not_known_and_is_filtered_by_it(
    editing: Client, biobank: Biobank
) -> None:
    other = builders.biobank("Other")
    builders.fact(other, "objection", "https://other.example/", "nl", confidence="suggested")
    builders.fact(biobank, "objection_how", "Zeg het.", "nl")
    shown = editing.get(LIST).text
    assert re.search(r"Website, Pages on asking for samples, .*Quality marks", shown)
    found = editing.get(f"{LIST}?q=noord").text
    assert found.count(f'href="{edit_address(biobank)}"') == shown.count(edit_address(biobank)) > 0
    assert edit_address(other) not in found
    unknown = editing.get(f"{LIST}?unknown=objection").text
    assert "Other" in unknown
    assert edit_address(biobank) not in unknown
    assert editing.get(f"{LIST}?unknown=nothing").status_code == HTTPStatus.OK


def test_the_letter_asks_in_the_biobanks_language_for_what_is_missing(
    editing: Client, biobank: Biobank
) -> None:
    builders.fact(biobank, "host", "Nord", "fr", confidence="suggested")
    address = f"/admin/biobank-letter/{biobank.profile.pk}/"
    letter = editing.get(address).text
    assert 'lang="nl">Beste' in letter
    assert "Nord" in letter
    assert "Which mailbox" not in editing.get(f"{address}?language=en").text
    assert "notification number" in editing.get(f"{address}?language=en").text
    assert editing.get(f"{address}?language=xx").status_code == HTTPStatus.OK
    assert editing.get("/admin/biobank-letter/999999/").status_code == HTTPStatus.NOT_FOUND


def test_a_preview_shows_the_page_as_the_form_has_it(editing: Client, biobank: Biobank) -> None:
    address = f"{LIST}preview/{biobank.profile.pk}/"
    editing.post(address, form(host_nl="Ziekenhuis Zuid"))
    assert "Ziekenhuis Zuid" in editing.get(f"{address}?mode=nl").text
    assert '<span lang="nl">Ziekenhuis Zuid</span>' in editing.get(f"{address}?mode=en").text
    assert BiobankFact.objects.get(kind="host").value == "UZ Noord"
    BiobanksPage.objects.all().delete()
    assert editing.get(f"{address}?mode=nl").status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["", "edit/{}/", "../../../biobank-letter/{}/"])
def test_who_may_not_edit_biobanks_sees_none_of_it(
    client: Client, stranger: User, biobank: Biobank, path: str
) -> None:
    client.force_login(stranger)
    answer = client.get(LIST + path.format(biobank.profile.pk))
    assert answer.status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}


def test_a_fact_is_shown_as_sure_as_it_is(client: Client, biobank: Biobank) -> None:
    page = f"/en/biobanks/{biobank.slug}/"
    for kind, words in (("objection_how", "Say it"), ("host", "North Hospital")):
        builders.fact(
            biobank, kind, words, "en", confidence="reported", source="https://www.paper.example/1"
        )
    builders.fact(biobank, "sites", "A guess", "en", confidence="suggested")
    text = re.sub(r"\s+", " ", client.get(page).text)
    assert 'Say it <span class="muted">(according to paper.example)</span>' in text
    assert 'North Hospital <span class="muted">(according to paper.example)</span>' in text
    assert '<p class="lead"><span lang="nl">UZ Noord</span></p>' in text
    assert "A guess" not in text
    listed = client.get("/en/biobanks/").text
    assert '<span lang="nl">UZ Noord</span>' in listed
    assert "North Hospital" not in listed


def test_what_an_editor_knows_of_companies_stands_before_the_directory(
    client: Client, biobank: Biobank
) -> None:
    Biobank.objects.update(open_to_companies=True)
    assert "Bank" in client.get("/en/biobanks/?companies=1").text
    builders.fact(biobank, "companies", "no")
    builders.fact(biobank, "quality", "ISO 9001\nISO 15189")
    assert "No biobank fits" in client.get("/en/biobanks/?companies=1").text
    assert "Bank" in client.get("/en/biobanks/?quality=iso-15189").text
    text = client.get(f"/en/biobanks/{biobank.slug}/").text
    assert re.search(r"Works with companies</dt>\s*<dd>no</dd>", text)
    assert "<b>ISO 9001</b>" in text
