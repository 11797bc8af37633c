"""Editors find, correct and add words for diseases; what is no code is refused, with the reason."""

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from members.diseases import first_rows
from members.diseases.understanding import understand
from members.models import Concept

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/members/concept/"
PIECES = {
    "gout.kind": "disease",
    "gout.codes": "M10",
    "gout.en.name": "gout",
    "gout.nl.name": "jicht",
    "gout.nl.others": "artritis urica",
}


@pytest.fixture(autouse=True)
def gout() -> Concept:
    first_rows.apply(PIECES)
    return Concept.objects.get()


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def form(row: Concept | None = None, *names: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """What the editing screen posts."""
    stored = [
        {"id": name.pk, "language": name.language, "name": name.name, "others": name.others}
        for name in (row.names.all() if row else [])
    ]
    own = {
        "kind": "disease",
        "checked": "2026-11-01",
        "codes": "M10",
        "orpha": "",
        "other_words": "",
        "note": "",
    }
    formset = inline_formset([*stored, *names], initial=len(stored))
    return nested_form_data(own | {"names": formset} | fields)


@pytest.mark.parametrize("asked", ["jicht", "urica", "m10", "gout", "Jichten", "go"])
def test_a_row_is_found_once_by_any_of_its_words_and_by_its_code(
    editing: Client, gout: Concept, asked: str
) -> None:
    assert list(editing.get(LIST, {"q": asked}).context["page_obj"]) == [gout]
    assert not editing.get(LIST, {"q": "malaria"}).context["page_obj"]


def test_an_editor_adds_a_disease_and_it_is_understood(editing: Client) -> None:
    names = [
        {"language": "en", "name": "Scurvy", "others": ""},
        {"language": "nl", "name": "scheurbuik", "others": "vitamine C-tekort"},
    ]
    posted = form(None, *names, codes="e54", other_words="scorbut, Skorbut")
    assert editing.post(f"{LIST}add/", posted).status_code == HTTPStatus.FOUND
    made = Concept.objects.get(key="scurvy")
    assert made.codes == "E54"
    for word in ("scheurbuik", "Skorbut", "vitamine c-tekort", "E54"):
        assert understand(word).matches[0].row.key == "scurvy"
    editing.post(f"{LIST}add/", posted)
    assert Concept.objects.filter(key="scurvy-2").exists()


def test_an_editor_corrects_a_name_and_history_tells(editing: Client, gout: Concept) -> None:
    posted = form(gout, {"language": "fr", "name": "goutte", "others": ""}, codes="M10, M11")
    assert editing.post(f"{LIST}edit/{gout.pk}/", posted).status_code == HTTPStatus.FOUND
    assert understand("goutte").matches[0].row.codes == "M10, M11"
    gout.refresh_from_db()
    assert (gout.key, gout.names.count()) == ("gout", 3)
    assert ModelLogEntry.objects.filter(action="wagtail.edit", object_id=gout.pk).exists()
    assert editing.get(f"{LIST}history/{gout.pk}/").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"codes": "M11-M10"}, "“M11-M10” is no code of ICD-10"),
        ({"codes": "M10; M11"}, "is no code of ICD-10"),
        ({"codes": "gout"}, "“gout” is no code of ICD-10"),
        ({"codes": ""}, "Give the codes it stands for"),
        ({"kind": "word"}, "What has codes is a disease or a chapter."),
        ({"orpha": "ORPHA:5"}, "Numbers with commas between."),
        ({"checked": "yesterday"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_lost(
    editing: Client, gout: Concept, fields: dict[str, str], reason: str
) -> None:
    posted = form(gout, **fields, other_words="podagra")
    shown = editing.post(f"{LIST}edit/{gout.pk}/", posted)
    assert shown.status_code == HTTPStatus.OK
    assert reason in shown.text
    assert "podagra" in shown.text
    assert understand("podagra").matches == ()


def test_a_language_has_one_name(editing: Client, gout: Concept) -> None:
    posted = form(gout, {"language": "nl", "name": "podagra", "others": ""})
    shown = editing.post(f"{LIST}edit/{gout.pk}/", posted).text
    assert "Please correct the duplicate values below." in shown
    assert "podagra" in shown


def test_an_editor_deletes_what_was_a_mistake_and_a_stranger_nothing(
    client: Client, stranger: User, editor: User, gout: Concept
) -> None:
    client.force_login(stranger)
    assert client.get(LIST).status_code == HTTPStatus.FOUND
    client.post(f"{LIST}delete/{gout.pk}/")
    assert Concept.objects.filter(pk=gout.pk).exists()
    client.force_login(editor)
    client.post(f"{LIST}delete/{gout.pk}/")
    assert not Concept.objects.exists()
