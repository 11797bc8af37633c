"""Nothing that visitors see changes in a language unless somebody who may publish there says so."""

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from pages.models import NodePage
from pages.translating import drafts
from pages.translating.guard import LOCALIZE, RULES
from tests import builders
from tests.integration import four_languages as stage
from tests.integration.language_acts import ACTS, LINK, Act, Stage, sync
from visitors.cache import generation


@pytest.fixture(scope="module")
def made(module_db: Path) -> Stage:
    home, admin_of_all = builders.home(), User.objects.create_superuser("everybody")
    stage.two_homes(home)
    linked = {"type": "paragraph", "value": f'<p>Read <a href="{LINK}">it</a>.</p>'}
    news = builders.news(home, "A freezer", summary="It was moved.", body=[linked])
    dutch = stage.in_dutch(news, admin_of_all)
    waiting = builders.text_page(home, "Waiting", summary="For somebody.")
    stopped = stage.in_dutch(builders.text_page(home, "Stopped"), admin_of_all)
    Translation.objects.update(enabled=False)
    translation = Translation.objects.get(source__object_id=news.translation_key)
    translation.enabled = True
    translation.save()
    stage.translate(translation, "Gewijzigd")
    drafts.make(translation, admin_of_all)
    issue = builders.issue(home)
    return Stage(stage.cast(), news, dutch, waiting, stopped, issue, translation)


@pytest.fixture
def site(db: None, made: Stage) -> Stage:
    return deepcopy(made)


PEOPLE = ["writer", "publisher", "translator", "newsletter manager"]


def table(client: Client, site: Stage) -> dict[str, tuple[bool, bool]]:
    """Of each act: whether it left anything, and whether it changed what visitors see."""
    before = stage.stored(), stage.seen()
    return {name: tried(client, site, act, before) for name, (act, _may, _changes) in ACTS.items()}


def tried(
    client: Client, site: Stage, act: Act, before: tuple[object, dict[str, str]]
) -> tuple[bool, bool]:
    """Then it is as before."""
    with transaction.atomic():
        assert act(client, site).status_code < 500
        is_done = stage.stored() != before[0]
        changes = is_done and stage.seen() != before[1]
        transaction.set_rollback(True)
    generation.forget()
    site.refresh()
    return is_done, changes


@pytest.mark.parametrize("who", PEOPLE)
def test_live_words_change_only_by_who_may_publish_them(
    client: Client, site: Stage, who: str
) -> None:
    client.force_login(site.cast[who])
    expected = {name: (who in may, who in changes) for name, (_, may, changes) in ACTS.items()}
    assert table(client, site) == expected


def test_a_translator_of_another_language_changes_nothing(
    client: Client, site: Stage, home: NodePage
) -> None:
    french = Locale.objects.get_or_create(language_code="fr")[0]
    home.copy_for_translation(french).save_revision().publish()
    client.force_login(stage.translator("fr"))
    assert table(client, site) == dict.fromkeys(ACTS, (False, False))


def test_a_sync_leaves_what_is_live_in_the_other_language(client: Client, site: Stage) -> None:
    before = stage.seen()[site.dutch.url]
    for who in PEOPLE:
        client.force_login(site.cast[who])
        sync(client, site)
        assert stage.seen()[site.dutch.url] == before


HELD = ["string", "override", "drop string", "upload", "stop", "convert to alias", "publish"]


def test_what_is_locked_or_in_review_is_refused_with_a_sentence(
    client: Client, site: Stage
) -> None:
    site.dutch.get_workflow().start(site.dutch, site.cast["writer"])
    client.force_login(site.cast["translator"])
    for name in HELD:
        response = ACTS[name][0](client, site)
        assert response.status_code == 403
        assert "locked, or somebody reviews it" in response.text
    Page.objects.filter(pk=site.dutch.pk).update(locked=True, locked_by=site.cast["writer"])
    client.force_login(site.cast["publisher"])
    assert {ACTS[name][0](client, site).status_code for name in HELD} == {403}


def addresses_of_localize(patterns: Iterable[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == LOCALIZE:
            found |= {str(getattr(inner, "name", inner)) for inner in pattern.url_patterns}
        elif isinstance(pattern, URLResolver):
            found |= addresses_of_localize(pattern.url_patterns)
    return found


def test_every_address_of_the_library_has_its_rule() -> None:
    assert addresses_of_localize(get_resolver().url_patterns) == set(RULES)


def test_nobody_is_shown_a_way_they_may_not_go(client: Client, site: Stage) -> None:
    """Who may write in English alone sees no way to Dutch."""
    begin = reverse("wagtail_localize:submit_page_translation", args=[site.issue.pk])
    renew = reverse("wagtail_localize:update_translations", args=[site.translation.source.pk])
    for user, may in ((site.cast["publisher"], True), (stage.translator("en"), False)):
        client.force_login(user)
        for page, way in ((site.issue, begin), (site.news, renew)):
            listed = client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
            assert (way in listed.text) == may
    client.force_login(site.cast["translator"])
    dutch = site.translation.get_target_instance()
    screen = client.get(reverse("wagtailadmin_pages:edit", args=[dutch.pk])).text
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[site.news.pk])}"' not in screen
