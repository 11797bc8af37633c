"""What is published shows at once in every language, as it is, and goes with its original."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction

from pages.models import EventsIndexPage, NewsIndexPage, NodePage, StandardPage
from pages.translating import standing_in
from tests import builders
from tests.admin_acts import signed_in

OTHERS = ("nl", "fr", "de")


@pytest.fixture(scope="module")
def made(module_db: Path) -> dict[str, NodePage]:
    home = builders.home()
    return {"en": home} | {code: builders.made_from(home, code) for code in OTHERS}


@pytest.fixture
def homes(db: None, made: dict[str, NodePage]) -> dict[str, NodePage]:
    """One in each language, and nothing below them but in English."""
    return deepcopy(made)


def languages_of(page: Page) -> set[str]:
    """In which visitors find it."""
    copies = Page.objects.filter(translation_key=page.translation_key).select_related("locale")
    found = {copy.locale.language_code: copy for copy in copies}
    visitor = Client()
    return {code for code, copy in found.items() if visitor.get(copy.url).status_code == 200}


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_shows_in_every_language_from_its_first_publication_on(
    homes: dict[str, NodePage], language: str
) -> None:
    event = builders.event(homes[language], "Open day")
    assert languages_of(event) == {"en", *OTHERS}
    assert languages_of(event.get_parent()) == {"en", *OTHERS}, "with the list that it stands in"
    for code in {"en", *OTHERS} - {language}:
        markup = Client().get(f"/{code}/events/open-day/").text
        assert f'<main id="main" tabindex="-1" lang="{language}">' in markup
        assert f'/{language}/events/open-day/">' in markup.split('rel="canonical"')[1][:90]
        assert f"/{code}/events/open-day/" in Client().get(f"/{code}/events/").text
    event.unpublish()
    assert not languages_of(event)
    event.save_revision().publish()
    assert languages_of(event) == {"en", *OTHERS}


def test_a_draft_and_what_is_on_a_schedule_show_nowhere(homes: dict[str, NodePage]) -> None:
    page = builders.text_page(homes["en"], "Waiting")
    page.unpublish()
    page.go_live_at = "2099-01-01T00:00:00Z"
    page.save_revision().publish()
    assert not languages_of(page)


def test_who_publishes_the_original_needs_no_right_in_another_language(
    client: Client, homes: dict[str, NodePage]
) -> None:
    person = signed_in(client, homes["nl"], "add", "change", "publish")
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", homes["nl"].pk])
    person.post(address, typed("Bezoek"))
    assert languages_of(StandardPage.objects.get(alias_of=None, slug="bezoek")) == {"en", *OTHERS}


def typed(title: str) -> dict[str, str]:
    """A text page, as the editor sends it to be published."""
    empty = {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {"title": title, "slug": title.lower(), "summary": "", "action-publish": "yes"} | empty


def test_an_address_that_is_taken_stays_so_and_the_editor_is_told(
    publishing: Client, homes: dict[str, NodePage]
) -> None:
    builders.alone(builders.text_page(homes["nl"], "Opleiding", slug="training"))
    page = builders.text_page(homes["en"], "Training")
    assert languages_of(page) == {"en", "fr", "de"}
    assert not Page.objects.filter(slug__startswith="training-").exists()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    told = publishing.post(address, typed("Training"), follow=True).text
    assert "In Dutch this is the address of “Opleiding”" in told


def test_what_was_published_before_shows_by_itself_and_once(
    homes: dict[str, NodePage], admin_of_all: User
) -> None:
    news = builders.alone(builders.news(homes["en"], "A freezer"))
    builders.alone(news.get_parent())
    begun = news.copy_for_translation(Locale.objects.get(language_code="nl"), copy_parents=True)
    draft = begun.save_revision(user=admin_of_all)
    for _twice in range(2):
        standing_in.fill()
        assert languages_of(news) == {"en", *OTHERS}
    begun.refresh_from_db()
    assert (begun.alias_of_id, begun.latest_revision) == (news.pk, draft)
    assert Page.objects.filter(translation_key=news.translation_key).count() == 4
    assert NewsIndexPage.objects.count() == 4
    assert not EventsIndexPage.objects.exists()


def test_a_restriction_of_the_page_holds_and_is_not_copied(homes: dict[str, NodePage]) -> None:
    page = StandardPage(title="Minutes", locale=homes["en"].locale)
    homes["en"].add_child(instance=page)
    own = PageViewRestriction.objects.create(page=page, restriction_type="login")
    page.save_revision().publish()
    assert not languages_of(page)
    own.delete()
    assert languages_of(page) == {"en", *OTHERS}
