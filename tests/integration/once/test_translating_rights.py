"""Nothing that visitors see changes in a language unless somebody who may publish there says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from newsletter.models import NewsletterIssuePage
from pages.models import NewsPage, NodePage, StandardPage
from pages.translating.guard import LOCALIZE, RULES
from tests import builders
from tests.integration import four_languages as stage
from visitors.cache import generation

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@dataclass
class Stage:
    cast: dict[str, User]
    news: NewsPage  # live in both languages
    dutch: NewsPage
    waiting: StandardPage  # in English; in Dutch an alias of it
    issue: NewsletterIssuePage
    translation: Translation  # of the news

    def refresh(self) -> None:
        for row in (self.news, self.dutch, self.waiting, self.issue, self.translation):
            row.refresh_from_db()

    def alias(self) -> Page:
        return Page.objects.get(alias_of=self.waiting)


@pytest.fixture
def site(home: NodePage, admin_of_all: User) -> Stage:
    stage.two_homes(home)
    news = builders.news(home, "A freezer", summary="It was moved.")
    dutch = stage.in_dutch(news, admin_of_all)
    waiting = builders.text_page(home, "Waiting", summary="For somebody.")
    translation = Translation.objects.get(source__object_id=news.translation_key)
    return Stage(stage.cast(), news, dutch, waiting, builders.issue(home), translation)


Act = Callable[[Client, Stage], "Answer"]


def _segment(site: Stage) -> int:
    return int(site.translation.source.stringsegment_set.order_by("order").first().pk)


def submit(page_of: Callable[[Stage], Page]) -> Act:
    def act(client: Client, site: Stage) -> "Answer":
        address = reverse("wagtail_localize:submit_page_translation", args=[page_of(site).pk])
        return client.post(address, {"locales": [stage.dutch().pk]})

    return act


def sync(client: Client, site: Stage) -> "Answer":
    source = site.translation.source
    site.news.summary = "It was moved again."
    site.news.save_revision().publish()
    return client.post(reverse("wagtail_localize:update_translations", args=[source.pk]))


def sync_and_publish(client: Client, site: Stage) -> "Answer":
    source = site.translation.source
    address = reverse("wagtail_localize:update_translations", args=[source.pk])
    stage.translate(site.translation, "Opnieuw")
    return client.post(address, {"publish_translations": "on"})


def convert_to_alias(client: Client, site: Stage) -> "Answer":
    return client.post(reverse("wagtail_localize:convert_to_alias", args=[site.dutch.pk]))


def convert_alias(client: Client, site: Stage) -> "Answer":
    return client.post(reverse("wagtailadmin_pages:convert_alias", args=[site.alias().pk]))


def convert_alias_by_api(client: Client, site: Stage) -> "Answer":
    return client.post(f"/admin/api/main/pages/{site.alias().pk}/action/convert_alias/")


def string(client: Client, site: Stage) -> "Answer":
    asked = [site.translation.pk, _segment(site)]
    address = reverse("wagtail_localize:edit_string_translation", args=asked)
    return client.put(address, "value=Woord", content_type="application/x-www-form-urlencoded")


def drop_string(client: Client, site: Stage) -> "Answer":
    asked = [site.translation.pk, _segment(site)]
    return client.delete(reverse("wagtail_localize:edit_string_translation", args=asked))


def upload(client: Client, site: Stage) -> "Answer":
    po = site.translation.export_po()
    for entry in po:
        entry.msgstr = "Uit een bestand"
    file = SimpleUploadedFile("nl.po", str(po).encode())
    address = reverse("wagtail_localize:upload_pofile", args=[site.translation.pk])
    return client.post(address, {"file": file, "next": "/admin/pages/"})


def stop(client: Client, site: Stage) -> "Answer":
    address = reverse("wagtail_localize:stop_translation", args=[site.translation.pk])
    return client.post(address, {"next": "/admin/pages/"})


def press(button: str) -> Act:
    def act(client: Client, site: Stage) -> "Answer":
        stage.translate(site.translation, "Gewijzigd")
        address = reverse("wagtailadmin_pages:edit", args=[site.dutch.pk])
        return client.post(address, {button: "publish" if button == "action" else "yes"})

    return act


PUBLISHER = {"publisher"}
WRITERS = {"writer", "publisher", "translator"}
ACTS: dict[str, tuple[Act, set[str], set[str]]] = {
    # name: the act, who may do it, for whom it changes what is live
    "translate": (submit(lambda site: site.issue), WRITERS, set()),
    "translate what is live in its original's words": (
        submit(lambda site: site.waiting),
        WRITERS,
        set(),
    ),
    "sync and publish": (sync_and_publish, WRITERS, PUBLISHER),
    "convert to alias": (convert_to_alias, PUBLISHER, PUBLISHER),
    "convert alias": (convert_alias, set(), set()),
    "convert alias by api": (convert_alias_by_api, set(), set()),
    "string": (string, WRITERS, set()),
    "drop string": (drop_string, WRITERS, set()),
    "upload": (upload, WRITERS, set()),
    "stop": (stop, WRITERS, set()),
    "publish": (press("action-publish"), PUBLISHER, PUBLISHER),
    "publish as the compiled screen does": (press("action"), PUBLISHER, PUBLISHER),
    "submit": (press("action-submit"), WRITERS, set()),
}
PEOPLE = ["writer", "publisher", "translator", "newsletter manager"]


def tried(client: Client, site: Stage, act: Act) -> tuple[bool, bool]:
    """Whether it was done, and whether it changed what visitors see. Then it is as before."""
    with transaction.atomic():
        before = stage.seen()
        response = act(client, site)
        is_form = response.status_code == 200 and "html" in response.headers["Content-Type"]
        is_home = response.headers.get("Location") == "/admin/"  # Wagtail's own refusal
        is_done = response.status_code < 400 and not is_home and not is_form
        changes = stage.seen() != before
        transaction.set_rollback(True)
    generation.forget()
    site.refresh()
    return is_done, changes


@pytest.mark.parametrize("who", PEOPLE)
def test_live_words_change_only_by_who_may_publish_them(
    client: Client, site: Stage, who: str
) -> None:
    client.force_login(site.cast[who])
    done = {name: tried(client, site, act) for name, (act, _may, _changes) in ACTS.items()}
    assert done == {name: (who in may, who in changes) for name, (_, may, changes) in ACTS.items()}


def test_a_translator_of_another_language_changes_nothing(
    client: Client, site: Stage, home: NodePage
) -> None:
    french = Locale.objects.get_or_create(language_code="fr")[0]
    home.copy_for_translation(french).save_revision().publish()
    client.force_login(stage.translator("fr"))
    done = {name: tried(client, site, act) for name, (act, _may, _changes) in ACTS.items()}
    assert done == dict.fromkeys(ACTS, (False, False))


def test_a_sync_leaves_what_is_live_in_the_other_language(client: Client, site: Stage) -> None:
    before = stage.seen()[site.dutch.url]
    for who in PEOPLE:
        client.force_login(site.cast[who])
        sync(client, site)
        assert stage.seen()[site.dutch.url] == before


HELD = ["string", "drop string", "upload", "stop", "convert to alias", "publish"]


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
