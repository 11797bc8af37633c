"""Translations that are live and not whole head the first screen and the report, till they are."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse, reverse_lazy
from wagtail_localize.models import StringTranslation, Translation

from pages.models import StandardPage
from pages.translating import drafts
from tests import builders
from tests.integration import four_languages as stage

SCREENS = [reverse_lazy("wagtailadmin_home"), reverse_lazy("wagtail_localize:translations_report")]
HEADING = "Live, partly untranslated"


@pytest.fixture(scope="module")
def made(module_db: Path) -> Translation:
    home, admin_of_all = builders.home(), User.objects.create_superuser("everybody")
    stage.two_homes(home)
    page = builders.text_page(home, "Opening hours", summary="Always.")
    dutch = stage.in_dutch(page, admin_of_all)
    translation: Translation = Translation.objects.get(source__object_id=dutch.translation_key)
    StringTranslation.objects.filter(context__path="summary").delete()
    StandardPage.objects.filter(pk=dutch.pk).update(summary=page.summary)
    return translation


@pytest.fixture
def half(db: None, made: Translation) -> Translation:
    """Of a page that was published, long ago, with its summary still in English."""
    return deepcopy(made)


def told_to(user: User, screen: str) -> str:
    client = Client()
    client.force_login(user)
    _before, found, after = client.get(screen).text.partition(HEADING)
    return after if found else ""


@pytest.mark.parametrize("screen", SCREENS)
def test_each_is_named_with_its_language_its_open_pieces_and_the_way_to_them(
    half: Translation, editor: User, screen: str
) -> None:
    dutch = half.get_target_instance()
    told = told_to(editor, screen).partition("</ul>")[0]
    assert reverse("wagtailadmin_pages:edit", args=[dutch.pk]) in told
    assert f"{dutch.title} (Dutch)</a>: 1 piece" in told
    assert not told_to(stage.translator("en"), screen), "who may not write there"


@pytest.mark.parametrize("screen", SCREENS)
def test_what_is_whole_or_only_behind_its_original_is_not_listed(
    half: Translation, editor: User, screen: str
) -> None:
    stage.translate(half)
    draft = drafts.make(half, editor)
    assert told_to(editor, screen), "until it is published"
    draft.publish()
    assert not told_to(editor, screen)
    page = StandardPage.objects.get(title="Opening hours")
    page.summary = "Nearly always."
    page.save_revision().publish()
    half.source.update_from_db()
    assert not told_to(editor, screen)


def test_the_report_names_no_page_that_its_reader_may_not_see(half: Translation) -> None:
    for page in (half.source.get_source_instance(), half.get_target_instance()):
        page.unpublish()
    nobody = User.objects.create_user("nobody")
    nobody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for person, may in ((nobody, False), (stage.translator(), True)):
        client = Client()
        client.force_login(person)
        assert ("Opening hours" in client.get(SCREENS[1]).text) == may
