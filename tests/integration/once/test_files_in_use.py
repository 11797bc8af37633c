"""A picture or document in use is not deleted without saying where it stands."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import GroupPagePermission

from members.models import Biobank
from pages.models import NewsPage, NodePage, Picture, StandardPage
from pages.translating import drafts
from tests import builders
from tests.integration.four_languages import translate, translator


def document() -> Document:
    return Document.objects.create(title="A plan", file=ContentFile(b"%PDF-1.4", name="a.pdf"))


def shown(file: Model) -> list[dict[str, object]]:
    if isinstance(file, Document):
        item = {"type": "item", "value": file.pk, "id": str(uuid4())}
        return [{"type": "downloads", "value": [item]}]
    image = {"image": file.pk, "alt_text": "Tubes", "decorative": False}
    return [{"type": "picture", "value": {"image": image, "caption": ""}}]


def known() -> None:
    """Wagtail's index of what refers to what is written after a commit, which no test makes."""
    call_command("rebuild_references_index", verbosity=0)


def props_of(screen: str) -> dict[str, Any]:
    """What the translation screen's script is given."""
    found = re.search(r'data-props="([^"]*)"', screen)
    assert found
    return json.loads(unescape(found[1]))


def screen_of(file: Model) -> str:
    name = "wagtaildocs:delete" if isinstance(file, Document) else "wagtailimages:delete"
    return reverse(name, args=[file.pk])


def many_screen(*files: Model) -> str:
    app, model = files[0]._meta.app_label, files[0]._meta.model_name
    ids = "&".join(f"id={file.pk}" for file in files)
    return reverse("wagtail_bulk_action", args=[app, model, "delete"]) + "?" + ids


def stands(file: Model) -> bool:
    return type(file)._default_manager.filter(pk=file.pk).exists()


def live_page(node: NodePage, file: Model) -> str:
    return builders.news(node, "In the freezer", body=shown(file)).title


def translated_page(node: NodePage, file: Model) -> str:
    dutch = builders.translation_of(builders.news(node, "In the freezer"), "nl")
    dutch.title, dutch.body = "In de vriezer", shown(file)
    dutch.save()
    return f"{dutch.title}</a>, Dutch"


def draft(node: NodePage, file: Model) -> str:
    page = builders.news(node, "In the freezer")
    page.body = shown(file)
    page.save_revision()
    return f"{page.title}</a>, English (draft)"


def issue(node: NodePage, file: Model) -> str:
    where = builders.issue(node, title="The first issue", body=shown(file))
    return where.title


files = pytest.mark.parametrize("make", [builders.picture, document])
places = pytest.mark.parametrize("put", [live_page, translated_page, draft])
Put = Callable[[NodePage, Model], str]


@files
@places
def test_the_screen_says_where_it_stands_and_asks_for_a_tick(
    publishing: Client, home: NodePage, make: Callable[[], Model], put: Put
) -> None:
    file = make()
    said = put(home, file)
    known()
    asked = publishing.get(screen_of(file)).text
    assert said in " ".join(asked.split())
    assert said in " ".join(publishing.post(screen_of(file)).text.split())
    assert stands(file)
    publishing.post(screen_of(file), {"everywhere": "on"})
    assert not stands(file)


@files
@places
def test_many_at_once_go_only_if_none_is_in_use(
    publishing: Client, home: NodePage, make: Callable[[], Model], put: Put
) -> None:
    used, free = make(), make()
    title = put(home, used).partition("<")[0]
    known()
    answer = publishing.post(many_screen(used, free), follow=True).text
    assert "Nothing was deleted" in answer
    assert title in answer
    assert stands(used)
    assert stands(free)
    publishing.post(many_screen(free))
    assert not stands(free)


@files
def test_the_screen_for_many_uploads_takes_back_nothing_that_is_used(
    publishing: Client, home: NodePage, make: Callable[[], Model]
) -> None:
    used, free = make(), make()
    live_page(home, used)
    known()
    app = "wagtaildocs" if make is document else "wagtailimages"
    for file in (used, free):
        publishing.post(reverse(f"{app}:delete_multiple", args=[file.pk]))
    assert stands(used)
    assert not stands(free)


def test_what_is_used_nowhere_goes_at_once(publishing: Client, home: NodePage) -> None:
    picture = builders.picture()
    assert "used nowhere" in publishing.get(screen_of(picture)).text
    publishing.post(screen_of(picture))
    assert not stands(picture)


def test_a_picture_of_an_issue_and_of_a_biobank_is_in_use(
    publishing: Client, home: NodePage
) -> None:
    picture = builders.picture()
    issue(home, picture)
    builders.biobank(logo=picture)
    known()
    asked = publishing.get(screen_of(picture)).text
    assert "It is shown in 2 places" in asked
    assert Biobank._meta.verbose_name.capitalize() in asked


def test_a_page_that_the_reader_may_not_edit_is_not_named(
    client: Client, home: NodePage, admin_of_all: User, publisher: User
) -> None:
    """Who may delete pictures may not read every draft."""
    picture = builders.picture()
    live_page(home, picture)
    known()
    GroupPagePermission.objects.filter(group__user=publisher).delete()
    client.force_login(publisher)
    asked = client.get(screen_of(picture)).text
    assert "In the freezer" not in asked
    assert "that you may not edit" in asked


def test_a_page_stands_whose_picture_was_deleted(publishing: Client, home: NodePage) -> None:
    picture = builders.picture()
    live_page(home, picture)
    known()
    publishing.post(screen_of(picture), {"everywhere": "on"})
    page = NewsPage.objects.get()
    assert publishing.get(page.url).status_code == 200
    assert publishing.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert not Picture.objects.exists()


@pytest.fixture
def dutch(home: NodePage, publisher: User) -> StandardPage:
    """A translation with a picture and a document, both of them deleted since."""
    files = builders.picture(), document()
    body = [block for file in files for block in shown(file)]
    page = builders.text_page(home, body=body)
    node = builders.translation_of(builders.text_page(home, "Another"), "nl").get_parent()
    translate(drafts.begin(page, node.locale, publisher))  # what has open pieces is not published
    for file in files:
        file.delete()
    return page.get_translation(node.locale)


def address_of(page: StandardPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def chosen_on(screen: str) -> list[tuple[dict[str, Any], str]]:
    """The places of the translation screen for what is chosen, with the kind of each."""
    segments = props_of(screen)["segments"]
    kinds = [(one, (one["location"].get("widget") or {}).get("type", "")) for one in segments]
    return [(one, kind) for one, kind in kinds if kind.endswith("_chooser")]


def choose(browser: Client, segment: dict[str, Any], file: Model) -> None:
    sent = encode_multipart(BOUNDARY, {"value": file.pk})
    answer = browser.put(segment["editUrl"], sent, content_type=MULTIPART_CONTENT)
    assert answer.status_code == 201


def test_a_translation_without_its_files_is_published(
    publishing: Client, dutch: StandardPage
) -> None:
    answer = publishing.post(address_of(dutch), {"action": "publish"}, follow=True)
    assert "has been published" in answer.text
    assert publishing.get(dutch.url).status_code == 200


def test_who_may_choose_no_file_translates_what_stands_around_it(
    client: Client, home: NodePage, publisher: User, dutch: StandardPage
) -> None:
    body = [*shown(builders.picture()), *shown(document())]
    page = builders.text_page(home, "Shown", body=body)
    drafts.begin(page, dutch.locale, publisher)
    client.force_login(translator())
    screen = client.get(address_of(page.get_translation(dutch.locale))).text
    assert not chosen_on(screen), "for which the screen's script would be refused, and stop"
    assert [one["source"] for one in props_of(screen)["segments"] if "source" in one]


def test_a_translation_is_mended_with_other_files(publishing: Client, dutch: StandardPage) -> None:
    new = {"image_chooser": builders.picture(), "document_chooser": document()}
    screen = publishing.get(address_of(dutch)).text
    assert "Something that stood here was deleted" in screen
    for segment, kind in chosen_on(screen):
        assert segment["value"] is None
        choose(publishing, segment, new[kind])
    publishing.post(address_of(dutch), {"action": "publish"})
    dutch.refresh_from_db()
    assert dutch.body[0].value["image"].pk == new["image_chooser"].pk
    assert list(dutch.body[1].value) == [new["document_chooser"]]
    assert "Something that stood here" not in publishing.get(address_of(dutch)).text


def test_what_was_chosen_in_its_place_may_go_as_well(
    publishing: Client, dutch: StandardPage
) -> None:
    (segment, _kind), _document = chosen_on(publishing.get(address_of(dutch)).text)
    other = builders.picture()
    choose(publishing, segment, other)
    other.delete()
    screen = publishing.get(address_of(dutch)).text
    assert props_of(screen)["initialOverrides"][0]["data"] is None
    publishing.post(address_of(dutch), {"action": "publish"})
    assert publishing.get(dutch.url).status_code == 200
