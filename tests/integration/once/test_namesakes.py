"""Pages that are no translations of each other share no address: who tries is told, however."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from pages.models import NodePage, StandardPage
from tests import builders
from tests.admin_acts import admin, by_api, in_bulk

Act = Callable[[Client, Page, Page], str]  # on a page, to the place where its address is taken
TAKEN = "this is the address of “Cursus”"


@pytest.fixture(scope="module")
def made(module_db: Path) -> StandardPage:
    page = builders.text_page(builders.home(), "Shelf")
    builders.alone(
        builders.below(builders.made_from(page), StandardPage, "Cursus", slug="training")
    )
    return page


@pytest.fixture
def shelf(db: None, made: StandardPage) -> StandardPage:
    """In English and Dutch; on the Dutch one lies a page of its own, at the address “training”."""
    return deepcopy(made)


@pytest.fixture
def training(shelf: StandardPage) -> Page:
    """In English, elsewhere."""
    return builders.alone(builders.text_page(shelf.get_parent(), "Training"))


def move(client: Client, page: Page, place: Page) -> str:
    return admin(client, "move_confirm", page, place)


def move_in_bulk(client: Client, page: Page, place: Page) -> str:
    return in_bulk(client, "move", page, chooser=place.pk)


def move_by_api(client: Client, page: Page, place: Page) -> str:
    return by_api(client, "move", page, destination_page_id=place.pk, position="last-child")


def copy(client: Client, page: Page, place: Page, **more: str) -> str:
    typed = {"new_title": "Again", "new_slug": "training", "new_parent_page": place.pk} | more
    return admin(client, "copy", page, **typed)


def alias(client: Client, page: Page, place: Page) -> str:
    return copy(client, page, place, alias="on")


def copy_by_api(client: Client, page: Page, place: Page) -> str:
    return by_api(client, "copy", page, destination_page_id=place.pk)


def alias_by_api(client: Client, page: Page, place: Page) -> str:
    return by_api(client, "create_alias", page, destination_page_id=place.pk)


ACTS: list[Act] = [move, move_in_bulk, move_by_api, copy, alias, copy_by_api, alias_by_api]


@pytest.mark.parametrize("act", ACTS)
def test_a_page_goes_nowhere_where_its_address_is_anothers(
    publishing: Client, shelf: StandardPage, training: Page, act: Act
) -> None:
    assert TAKEN in act(publishing, training, shelf)
    assert not Page.objects.get(pk=shelf.pk).get_children().exists()


@pytest.mark.parametrize("act", ACTS)
def test_a_page_goes_where_its_address_is_free_or_its_own_translations(
    publishing: Client, shelf: StandardPage, training: Page, act: Act
) -> None:
    taken = StandardPage.objects.get(title="Cursus")
    if "move" in act.__name__:
        Page.objects.filter(pk=taken.pk).update(translation_key=training.translation_key)
    else:
        Page.objects.filter(pk=taken.pk).update(slug="cursus")
    assert "this is the address" not in act(publishing, training, shelf)
    assert Page.objects.get(pk=shelf.pk).get_children().get().slug == "training"


def test_a_translation_that_would_have_another_address_is_not_begun(
    publishing: Client, shelf: StandardPage
) -> None:
    page = builders.below(shelf, StandardPage, "Training")
    count, dutch = Page.objects.count(), StandardPage.objects.get(title="Cursus").locale_id
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    assert TAKEN in publishing.post(address, {"locales": [dutch]}, follow=True).text
    assert Page.objects.count() == count


@pytest.mark.parametrize("first", ["en", "nl"])
def test_an_address_that_is_another_pages_in_another_language_is_refused(
    publishing: Client, home: NodePage, first: str
) -> None:
    homes = {"en": home, "nl": builders.made_from(home)}
    builders.alone(builders.text_page(homes.pop(first), "Training"))
    (other,) = homes.values()
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", other.pk])
    typed = {"title": "Another training", "slug": "training", "body-count": "0"}
    typed |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    assert "this is the address of “Training”" in publishing.post(address, typed, follow=True).text
    assert StandardPage.objects.count() == 1


def test_a_page_keeps_the_address_of_its_own_translation(
    publishing: Client, home: NodePage
) -> None:
    minutes = builders.text_page(home, "Minutes")
    dutch = builders.made_from(minutes)
    StandardPage.objects.filter(pk=dutch.pk).update(slug="notulen")
    typed = {"title": "Notulen", "slug": "notulen", "body-count": "0", "action-publish": "1"}
    typed |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    publishing.post(reverse("wagtailadmin_pages:edit", args=[minutes.pk]), typed, follow=True)
    minutes.refresh_from_db()
    assert minutes.slug == "notulen"
