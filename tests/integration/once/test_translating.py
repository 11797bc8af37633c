"""The life of a page in another language: begun, drafted, handed in, sent back, approved."""

import json
import re
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringTranslation, Translation

from pages.models import NodePage, PersonPage, StandardPage
from pages.translating import drafts, pieces
from tests import builders
from tests.admin_acts import in_bulk
from tests.integration import four_languages as stage


@pytest.fixture(scope="module")
def made(module_db: Path) -> StandardPage:
    home = builders.home()
    stage.two_homes(home)
    return builders.text_page(home, "Waiting", summary="In English.")


@pytest.fixture
def waiting(db: None, made: StandardPage) -> StandardPage:
    """Live in English; in Dutch what stands in for it."""
    return deepcopy(made)


@pytest.fixture
def begun(waiting: StandardPage, editor: User) -> Translation:
    return stage.begun(waiting, editor)


def dutch_of(page: Page) -> Page:
    return Page.objects.get(translation_key=page.translation_key, locale=stage.dutch()).specific


def press(client: Client, user: User, page: Page, button: str, **more: str) -> str:
    client.force_login(user)
    address = reverse("wagtailadmin_pages:edit", args=[dutch_of(page).pk])
    response = client.post(address, {button: "yes"} | more, follow=True)
    return response.text


def test_a_page_begun_stays_not_yet_translated_until_it_is_approved(
    client: Client, waiting: StandardPage, begun: Translation, editor: User, publisher: User
) -> None:
    visitor = Client()
    address = dutch_of(waiting).url
    assert "nog niet vertaald" in visitor.get(address).text
    stage.translate(begun)
    drafts.make(begun, editor)
    assert "nog niet vertaald" in visitor.get(address).text
    assert "Nederlands 0" not in visitor.get(address).text
    press(client, editor, waiting, "action-submit")
    assert "nog niet vertaald" in visitor.get(address).text
    press(
        client, publisher, waiting, "action-workflow-action", **{"workflow-action-name": "approve"}
    )
    markup = visitor.get(address).text
    assert "nog niet vertaald" not in markup
    assert "Nederlands 0" in markup


def test_what_stands_in_follows_its_original_and_keeps_its_draft(
    client: Client, waiting: StandardPage, begun: Translation, editor: User, publisher: User
) -> None:
    stage.translate(begun)
    draft = drafts.make(begun, editor)
    waiting.summary = "Changed in English."
    waiting.save_revision().publish()
    dutch = dutch_of(waiting)
    assert "Changed in English." in Client().get(dutch.url).text
    assert (dutch.latest_revision, dutch.has_unpublished_changes) == (draft, True)
    press(client, publisher, waiting, "action-publish")
    assert "Nederlands 1" in Client().get(dutch.url).text


def test_a_part_of_a_page_goes_live_with_it(home: NodePage, publisher: User) -> None:
    stage.two_homes(home)
    someone = builders.person(home)
    builders.role(someone, title="President")
    someone = PersonPage.objects.get(pk=someone.pk)
    someone.save_revision().publish()
    translation = stage.begun(someone, publisher)
    someone.save_revision().publish()
    stage.translate(translation)
    drafts.make(translation, publisher).publish(user=publisher)
    dutch = dutch_of(someone)
    assert dutch.alias_of is None
    assert [role.title[:10] for role in dutch.roles.all()] == ["Nederlands"]


def test_open_pieces_keep_a_page_from_going_live(
    client: Client, waiting: StandardPage, begun: Translation, publisher: User
) -> None:
    told = press(client, publisher, waiting, "action-publish")
    assert "2 pieces are still open: Title, Summary." in told
    assert "nog niet vertaald" in Client().get(dutch_of(waiting).url).text
    dutch = dutch_of(waiting)
    Page.objects.filter(pk=dutch.pk).update(live=False)
    below = {"include_descendants": "on"}
    for page, typed in ((dutch, {}), (dutch.get_parent(), below)):
        assert "2 pieces are still open" in in_bulk(client, "publish", page, **typed)
    Page.objects.filter(pk=dutch.pk).update(live=True)
    assert "nog niet vertaald" in Client().get(dutch_of(waiting).url).text


def test_a_piece_that_reads_the_same_is_ticked(
    client: Client, waiting: StandardPage, begun: Translation, publisher: User
) -> None:
    title, _summary = pieces.open_pieces(begun)
    stage.translate(begun)
    StringTranslation.objects.filter(translation_of=title.string).update(data="Waiting")
    assert pieces.open_pieces(begun) == [title], "the same words are no translation by themselves"
    press(client, publisher, waiting, "action-same", **{"action-same": str(title.pk)})
    assert not pieces.open_pieces(begun)
    press(client, publisher, waiting, "action-publish")
    assert "Nederlands 1" in Client().get(dutch_of(waiting).url).text


def test_what_is_sent_back_says_why(
    client: Client, waiting: StandardPage, begun: Translation, editor: User, publisher: User
) -> None:
    stage.translate(begun)
    press(client, editor, waiting, "action-submit")
    comment = json.dumps({"comment": "Say it more simply."})
    more = {"workflow-action-name": "reject", "workflow-action-extra-data": comment}
    press(client, publisher, waiting, "action-workflow-action", **more)
    client.force_login(editor)
    screen = client.get(reverse("wagtailadmin_pages:edit", args=[dutch_of(waiting).pk])).text
    above_the_pieces = screen.partition("js-translation-editor")[0]
    assert "Say it more simply." in above_the_pieces
    first = re.search(r'name="(action-[a-z-]+)"', screen)
    assert first
    assert first[1] == "action-submit", "not the way that takes it back"
    assert screen.count('data-side-panel="status"') == 1, "else no choice of privacy opens"


def test_the_screen_has_the_buttons_of_who_looks(
    client: Client, waiting: StandardPage, begun: Translation, editor: User, publisher: User
) -> None:
    stage.translate(begun)
    drafts.make(begun, editor)
    address = reverse("wagtailadmin_pages:edit", args=[dutch_of(waiting).pk])
    for user, may in ((editor, False), (publisher, True)):
        client.force_login(user)
        screen = client.get(address).text
        assert "Submit to Moderators approval" in screen
        assert ('name="action-publish"' in screen) == may
        assert ('name="localize-convert-to-alias"' in screen) == may
        assert "/revisions/compare/" in screen
        assert '"canPublish": true' not in screen
        assert "convert_to_alias" not in screen
    dutch_of(waiting).get_workflow().start(dutch_of(waiting), editor)
    assert 'name="action-submit"' not in client.get(address).text
    assert 'data-workflow-action-name="reject"' in client.get(address).text


def test_a_string_that_is_saved_is_in_the_draft(
    client: Client, waiting: StandardPage, begun: Translation, editor: User
) -> None:
    client.force_login(editor)
    segment = pieces.open_pieces(begun)[0]
    address = reverse("wagtail_localize:edit_string_translation", args=[begun.pk, segment.pk])
    form = "application/x-www-form-urlencoded"
    assert client.put(address, "value=Wachten", content_type=form).status_code == 201
    assert dutch_of(waiting).get_latest_revision_as_object().title == "Wachten"
    assert dutch_of(waiting).revisions.count() == 1, "the same person's draft is written over"


def test_a_text_of_several_lines_is_translated_once(
    client: Client, home: NodePage, admin_of_all: User
) -> None:
    """Browsers end lines as no translation does, in fields and in blocks."""
    stage.two_homes(home)
    client.force_login(admin_of_all)
    quote = {"text": "Cold\r\nand dry", "attribution": "Ada"}
    typed = {"title": home.title, "slug": home.slug, "country": "Belgium", "membership": "member"}
    typed |= {"host_address": "Rue Royale 215\r\n1210 Brussels", "introduction": rich_text("")}
    typed |= {
        "body": streamfield([("quote", quote)]),
        "links": streamfield([]),
        "bands": streamfield([]),
    }
    typed |= {"comments": inline_formset([]), "action-publish": "yes"}
    edit = reverse("wagtailadmin_pages:edit", args=[home.pk])
    client.post(edit, nested_form_data(typed))
    home = NodePage.objects.get(pk=home.pk)
    assert home.host_address == "Rue Royale 215\n1210 Brussels"
    assert home.body[0].value["text"] == "Cold\nand dry"
    translation = stage.begun(home, admin_of_all)
    for segment in translation.source.stringsegment_set.all():
        words = f"Nederlands:\r\n{segment.order}"
        address = "wagtail_localize:edit_string_translation"
        saved = client.put(
            reverse(address, args=[translation.pk, segment.pk]),
            urlencode({"value": words}),
            content_type="application/x-www-form-urlencoded",
        )
        assert saved.status_code in {200, 201}, saved.text
    assert not pieces.open_pieces(translation)


def test_who_may_not_open_the_original_takes_what_has_changed_in_it(
    client: Client, waiting: StandardPage, begun: Translation
) -> None:
    client.force_login(stage.translator("nl"))
    screen = reverse("wagtailadmin_pages:edit", args=[dutch_of(waiting).pk])
    assert "published anew" not in client.get(screen).text
    waiting.summary = "Changed in English."
    waiting.save_revision().publish()
    way = re.search(r'href="(/admin/localize/update/[^"]+)"', client.get(screen).text)
    assert way
    assert client.get(way[1]).status_code == 200
    told = client.post(way[1], {"next": screen}, follow=True)
    assert told.redirect_chain[-1][0] == screen
    assert "Changed in English." in told.text
    assert "published anew" not in told.text


def test_a_translation_that_is_not_whole_by_its_time_waits_and_editors_are_told(
    client: Client, waiting: StandardPage, begun: Translation, publisher: User
) -> None:
    stage.translate(begun)
    dutch, after = dutch_of(waiting), builders.text_page(waiting.get_parent(), "After")
    after.unpublish()
    come = timezone.now() - timedelta(minutes=1)
    approved = (drafts.make(begun, publisher), after.save_revision())
    for number, revision in enumerate(approved):
        revision.approved_go_live_at = come + timedelta(seconds=number)
        revision.save()
    StringTranslation.objects.filter(data="Nederlands 1").delete()
    for _round in range(2):
        call_command("publish_scheduled")
    assert "nog niet vertaald" in Client().get(dutch.url).text
    assert Client().get(after.url).status_code == 200, "the next one is not held up"
    client.force_login(publisher)
    told = "“Waiting” (Dutch) was to go live. 1 piece is still open: Summary."
    assert told in client.get("/admin/").text
    stage.translate(begun)
    call_command("publish_scheduled")
    assert "nog niet vertaald" not in Client().get(dutch.url).text
    assert "was to go live" not in client.get("/admin/").text


def test_nothing_publishes_open_pieces(waiting: StandardPage, begun: Translation) -> None:
    with pytest.raises(ValidationError, match="2 pieces are still open"):
        dutch_of(waiting).latest_revision.publish()
    assert "nog niet vertaald" in Client().get(dutch_of(waiting).url).text


def test_who_translates_a_piece_second_is_told_and_writes_nothing_over(
    client: Client, begun: Translation, editor: User, publisher: User
) -> None:
    segment = pieces.open_pieces(begun)[0]
    address = reverse("wagtail_localize:edit_string_translation", args=[begun.pk, segment.pk])
    screen = reverse("wagtailadmin_pages:edit", args=[begun.get_target_instance().pk])

    def save(words: str, opened: str) -> tuple[int, str]:
        form = "application/x-www-form-urlencoded"
        told = client.put(
            address, f"value={words}", content_type=form, headers={"X-Opened": opened}
        )
        return told.status_code, told.text

    def look(user: User) -> str:
        client.force_login(user)
        found = re.search('data-opened="([^"]+)"', client.get(screen).text)
        return found[1] if found else ""

    first, second = look(editor), look(publisher)
    client.force_login(editor)
    assert save("Wachten", first)[0] == 201
    assert save("Wacht", first)[0] == 200, "one's own words may be changed"
    client.force_login(publisher)
    status, told = save("Afwachten", second)
    assert status == 409
    assert f"{editor.username} changed this piece" in told
    assert StringTranslation.objects.get().data == "Wacht"
    told = client.post(screen, {"action-same": segment.pk}, follow=True).text
    assert "is not open any more" in told
    assert StringTranslation.objects.get().data == "Wacht", "a tick writes nothing over either"
    assert save("Afwachten", look(publisher))[0] == 200


def test_an_open_screen_says_that_its_original_is_gone(
    client: Client, waiting: StandardPage, begun: Translation, publisher: User
) -> None:
    client.force_login(publisher)
    dutch, segment = dutch_of(waiting), pieces.open_pieces(begun)[0]
    screen = reverse("wagtailadmin_pages:edit", args=[dutch.pk])
    save = reverse("wagtail_localize:edit_string_translation", args=[begun.pk, segment.pk])
    begun.source.delete()
    press = {"action-submit": "yes", "translation": ""}
    assert "its original was deleted" in client.post(screen, press, follow=True).text
    answer = client.put(save, "value=x", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, "its original was deleted" in answer.text) == (404, True)
    waiting.delete()
    dutch.delete()
    answer = client.post(screen, press)
    assert (answer.status_code, "its original was deleted" in answer.text) == (404, True)
