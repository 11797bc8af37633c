"""Nothing that is not live and public shows a title anywhere."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from pages.models import NewsPage, NodePage
from pages.tree.published import published
from tests import builders

UNTOLD = "Unannounced merger"
PLACES = [
    "/en/",
    "/en/news/",
    "/en/search/?q=unannounced",
    "/en/people/",
    "/en/networks/",
    "/en/events/",
]


def restrict(page: Page, kind: str) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind)
    restriction.groups.set(Group.objects.filter(name="Editors"))


def words_of(client: Client, place: str) -> str:
    """What a place says, without the marks that search puts around the words it found."""
    return re.sub("</?mark>", "", client.get(place).text)


def secret_pages(home: NodePage) -> list[Page]:
    someone = builders.person(home, UNTOLD)
    builders.role(someone)
    return [
        someone,
        builders.news(home, UNTOLD, summary=UNTOLD),
        builders.network(home, UNTOLD),
        builders.event(home, UNTOLD),
    ]


@pytest.mark.parametrize("kind", ["login", "groups"])
def test_restricted_pages_leak_no_title(client: Client, home: NodePage, kind: str) -> None:
    for page in secret_pages(home):
        assert UNTOLD in client.get(page.get_parent().url).text, (
            f"{page} is never listed: nothing is tested"
        )
        restrict(page, kind)
    for place in PLACES:
        assert UNTOLD not in words_of(client, place), place


def test_pages_below_a_restricted_one_leak_no_title(client: Client, home: NodePage) -> None:
    for page in secret_pages(home):
        restrict(page.get_parent(), PageViewRestriction.LOGIN)
    for place in ["/en/", "/en/search/?q=unannounced"]:
        assert UNTOLD not in words_of(client, place), place


def test_a_page_that_is_not_hidden_is_found(client: Client, home: NodePage) -> None:
    secret_pages(home)
    assert UNTOLD in words_of(client, "/en/search/?q=unannounced")


def test_unpublished_pages_leak_no_title(client: Client, home: NodePage) -> None:
    for page in secret_pages(home):
        page.unpublish()
    for place in PLACES:
        assert UNTOLD not in words_of(client, place), place


def test_published_agrees_with_wagtails_own_public(home: NodePage) -> None:
    builders.news(home, "Open")
    hidden = builders.news(home, "Hidden")
    restrict(hidden, PageViewRestriction.LOGIN)
    assert set(published(NewsPage)) == set(NewsPage.objects.live().public())
    assert hidden not in published(NewsPage)
