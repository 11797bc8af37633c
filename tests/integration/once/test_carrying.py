"""Deleting and moving carry translations along, or nothing happens and it is said why."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from newsletter.models import NewsletterIssuePage
from pages.models import NodePage, StandardPage
from tests import builders
from tests.admin_acts import admin, by_api, in_bulk, signed_in

Act = Callable[[Client, Page], str]


@pytest.fixture(scope="module")
def made(module_db: Path) -> tuple[StandardPage, StandardPage]:
    home = builders.home()
    page, place = builders.text_page(home, "Freezer"), builders.text_page(home, "Shelf")
    builders.made_from(page, title="Vriezer")
    builders.made_from(page, "fr", title="Congélateur")
    for language in ("nl", "fr"):
        builders.made_from(place, language)
    return page, place


@pytest.fixture
def freezer(db: None, made: tuple[StandardPage, StandardPage]) -> StandardPage:
    """An English page, and Dutch and French ones made from it."""
    return deepcopy(made[0])


@pytest.fixture
def shelves(db: None, made: tuple[StandardPage, StandardPage]) -> StandardPage:
    """Likewise, to move pages below."""
    return deepcopy(made[1])


@pytest.fixture
def english_only(client: Client, freezer: StandardPage) -> Client:
    """A browser in which somebody is signed in who may publish, in English alone."""
    return signed_in(client, freezer.get_parent(), "add", "change", "publish")


def left() -> set[str]:
    """But for the shelves."""
    return set(StandardPage.objects.exclude(slug="shelf").values_list("title", flat=True))


def delete(client: Client, page: Page) -> str:
    return admin(client, "delete", page)


def delete_in_bulk(client: Client, page: Page) -> str:
    return in_bulk(client, "delete", page)


def delete_by_api(client: Client, page: Page) -> str:
    return by_api(client, "delete", page)


def shelf(page: Page) -> Page:
    """Where to move it."""
    return Page.objects.get(slug="shelf", locale=page.locale)


def move(client: Client, page: Page) -> str:
    return admin(client, "move_confirm", page, shelf(page))


def move_in_bulk(client: Client, page: Page) -> str:
    return in_bulk(client, "move", page, chooser=shelf(page).pk)


def move_by_api(client: Client, page: Page) -> str:
    place = {"destination_page_id": shelf(page).pk, "position": "last-child"}
    return by_api(client, "move", page, **place)


DELETING: list[Act] = [delete, delete_in_bulk, delete_by_api]
MOVING: list[Act] = [move, move_in_bulk, move_by_api]


@pytest.mark.parametrize("act", DELETING)
def test_deleting_a_page_deletes_what_was_made_from_it(
    publishing: Client, freezer: StandardPage, act: Act
) -> None:
    act(publishing, freezer)
    assert left() == set()


def test_who_may_not_delete_a_whole_branch_does_not_by_its_source(
    publishing: Client, freezer: StandardPage
) -> None:
    freezer_in_dutch = StandardPage.objects.get(title="Vriezer")
    builders.alone(builders.below(freezer_in_dutch, StandardPage, "Lade"))
    assert "“Vriezer” (Dutch)" in delete(publishing, freezer)
    assert left() == {"Freezer", "Vriezer", "Congélateur", "Lade"}


@pytest.mark.parametrize("act", DELETING)
def test_a_page_stays_whose_translation_somebody_may_not_delete(
    english_only: Client, freezer: StandardPage, act: Act
) -> None:
    told = act(english_only, freezer)
    assert "“Vriezer” (Dutch)" in told
    assert "“Congélateur” (French)" in told
    assert left() == {"Freezer", "Vriezer", "Congélateur"}


def test_a_translation_is_deleted_alone(publishing: Client, freezer: StandardPage) -> None:
    delete(publishing, StandardPage.objects.get(title="Vriezer"))
    assert left() == {"Freezer", "Congélateur"}


def test_what_was_made_from_a_page_below_goes_too_wherever_it_stands(
    client: Client, admin_of_all: User, freezer: StandardPage
) -> None:
    client.force_login(admin_of_all)
    drawer = builders.below(freezer, StandardPage, "Drawer")
    moved = builders.made_from(drawer)
    moved.move(moved.get_parent().get_parent(), pos="last-child")
    delete(client, freezer)
    assert left() == set()


def test_an_alias_goes_with_its_source(publishing: Client, freezer: StandardPage) -> None:
    builders.made_from(freezer.get_parent().specific, "de")
    freezer.save_revision().publish()
    assert freezer.get_translations().get(locale__language_code="de").alias_of.pk == freezer.pk
    delete(publishing, freezer)
    assert left() == set()


def test_pages_of_all_languages_are_chosen_and_deleted(
    publishing: Client, freezer: StandardPage
) -> None:
    in_bulk(publishing, "delete", *StandardPage.objects.all())
    assert left() == set()


def test_an_issue_that_was_sent_in_another_language_stays(
    publishing: Client, home: NodePage
) -> None:
    issue = builders.issue(home)
    builders.made_from(issue.get_parent().specific)
    builders.begun(builders.made_from(issue))
    for act in DELETING:
        assert "a mailing of it was prepared or sent" in act(publishing, issue)
    assert NewsletterIssuePage.objects.count() == 2


@pytest.mark.parametrize("act", MOVING)
def test_moving_a_page_moves_what_was_made_from_it(
    publishing: Client, freezer: StandardPage, shelves: StandardPage, act: Act
) -> None:
    act(publishing, freezer)
    for language in ("en", "nl", "fr"):
        moved = StandardPage.objects.get(slug="freezer", locale__language_code=language)
        assert moved.url == f"/{language}/shelf/freezer/"


@pytest.mark.parametrize("act", MOVING)
def test_a_page_stays_where_a_translation_may_not_be_moved(
    english_only: Client, freezer: StandardPage, shelves: StandardPage, act: Act
) -> None:
    assert "“Vriezer” (Dutch): you may not move it there" in act(english_only, freezer)
    assert_nothing_moved()


@pytest.mark.parametrize("act", MOVING)
def test_a_page_stays_where_the_new_place_is_not_translated(
    publishing: Client, freezer: StandardPage, shelves: StandardPage, act: Act
) -> None:
    Page.objects.get(slug="shelf", locale__language_code="fr").delete()
    told = act(publishing, freezer)
    assert "“Congélateur” (French): the new place is not translated into this language" in told
    assert_nothing_moved()


@pytest.mark.parametrize("act", MOVING)
def test_a_page_stays_where_an_address_is_taken(
    publishing: Client, freezer: StandardPage, shelves: StandardPage, act: Act
) -> None:
    dutch = StandardPage.objects.get(slug="shelf", locale__language_code="nl")
    builders.alone(builders.below(dutch, StandardPage, "Other", slug="freezer"))
    assert "In Dutch this is the address of “Other”" in act(publishing, freezer)
    StandardPage.objects.filter(title__in=["Other", "Vriezer"]).update(slug="vriezer")
    assert "“Vriezer” (Dutch): its address is taken there" in act(publishing, freezer)
    assert_nothing_moved()


def assert_nothing_moved() -> None:
    made = StandardPage.objects.filter(title__in=["Freezer", "Vriezer", "Congélateur"])
    assert [page.depth for page in made] == [3, 3, 3]


def test_a_writer_deletes_and_moves_nothing(
    client: Client, freezer: StandardPage, shelves: StandardPage
) -> None:
    writer = signed_in(client, freezer.get_parent(), "add", "change")
    for act in [*DELETING, *MOVING]:
        act(writer, freezer)
    assert StandardPage.objects.count() == 6
    assert_nothing_moved()


@pytest.mark.parametrize(
    ("name", "more"),
    [("delete", False), ("move_confirm", True), ("unpublish", False)],
)
def test_a_screen_that_asks_once_more_names_what_goes_along(
    publishing: Client, freezer: StandardPage, shelves: StandardPage, name: str, more: bool
) -> None:
    keys = [freezer.pk, shelves.pk] if more else [freezer.pk]
    told = publishing.get(reverse(f"wagtailadmin_pages:{name}", args=keys)).text
    assert "“Vriezer” (Dutch)" in told
    assert "“Congélateur” (French)" in told


@pytest.mark.parametrize("action", ["delete", "move", "unpublish"])
def test_a_screen_for_many_pages_names_what_goes_along(
    publishing: Client, freezer: StandardPage, action: str
) -> None:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    told = publishing.get(f"{address}?id={freezer.pk}").text
    assert "“Vriezer” (Dutch)" in told
    assert "“Congélateur” (French)" in told
