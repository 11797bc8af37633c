"""An address that no redirect could keep is refused in a sentence; every other one is kept."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import nested_form_data

from pages.models import NodePage, StandardPage
from pages.tree.addresses import LONGEST
from tests import builders

TOO_LONG = "too long to be kept"


def rename(browser: Client, page: Page, slug: str) -> str:
    fields = {
        "title": page.title,
        "slug": slug,
        "summary": "",
        "action-publish": "yes",
        "body": {"count": "0"},
        "comments": {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"},
    }
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return browser.post(address, nested_form_data(fields), follow=True).text


def nest(parent: Page, slug: str) -> StandardPage:
    """A page below another text, as the tree allows only by its own kinds."""
    return builders.below(parent, StandardPage, slug.title(), slug=slug)


def test_a_slug_that_is_too_long_is_refused_with_its_length(
    publishing: Client, home: NodePage
) -> None:
    page = builders.text_page(home, slug="short")
    most = LONGEST - len("/en//")
    assert "300 characters" not in rename(publishing, page, "a" * most)
    page.refresh_from_db()
    assert len(page.slug) == most
    answer = rename(publishing, page, "b" * (most + 1))
    assert TOO_LONG in answer
    assert str(LONGEST + 1) in answer
    page.refresh_from_db()
    assert page.slug == "a" * most


def test_the_longest_address_is_kept_when_it_changes(publishing: Client, home: NodePage) -> None:
    page = builders.text_page(home, slug="a" * (LONGEST - 5))
    old = page.url
    rename(publishing, page, "short")
    assert publishing.get(old).headers["Location"] == "/en/short/"


def test_a_slug_that_makes_a_page_below_too_long_is_refused(
    publishing: Client, home: NodePage
) -> None:
    above = builders.text_page(home, slug="above")
    nest(above, "b" * 200)
    assert "page below" in rename(publishing, above, "a" * 100)
    above.refresh_from_db()
    assert above.slug == "above"


def test_a_page_from_before_whose_address_is_too_long_can_be_mended(
    publishing: Client, home: NodePage
) -> None:
    page = builders.text_page(home, slug="a" * 255)
    below = nest(page, "b" * 100)
    rename(publishing, page, "short")
    page.refresh_from_db()
    below.refresh_from_db()
    assert (page.slug, below.url) == ("short", f"/en/short/{'b' * 100}/")
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("how", ["move", "bulk", "copy"])
def test_moves_and_copies_are_refused_too(
    client: Client, admin_of_all: User, home: NodePage, how: str
) -> None:
    client.force_login(admin_of_all)
    deep = builders.text_page(home, slug="d" * 150)
    page = builders.text_page(home, slug="p" * 100)
    at = {
        "move": reverse("wagtailadmin_pages:move_confirm", args=[page.pk, deep.pk]),
        "bulk": reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        + f"?id={page.pk}",
        "copy": reverse("wagtailadmin_pages:copy", args=[page.pk]),
    }
    fields = {
        "move": {},
        "bulk": {"chooser": deep.pk},
        "copy": {"new_title": "Copy", "new_slug": page.slug, "new_parent_page": deep.pk},
    }
    assert TOO_LONG in client.post(at[how], fields[how], follow=True).text
    page.refresh_from_db()
    assert page.url == f"/en/{'p' * 100}/"
    assert not deep.get_children().exists()


def test_a_translation_of_the_longest_page_is_kept_as_well(
    publishing: Client, home: NodePage
) -> None:
    page = builders.text_page(home, slug="a" * (LONGEST - len("/en//")))
    dutch = builders.translation_of(page, "nl")
    Site.clear_site_root_paths_cache()
    old = f"/nl/{page.slug}/"
    dutch.slug = "kort"
    dutch.save_revision().publish()
    assert publishing.get(old).headers["Location"] == "/nl/kort/"
