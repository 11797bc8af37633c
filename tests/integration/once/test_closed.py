"""What is closed at its source is closed in every language, and opens there as it was."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.models import Translation, TranslationSource

from pages.models import NodePage, SiteIdentity, StandardPage
from pages.translating import drafts
from pages.translating.pieces import open_pieces, tick, translation_of
from pages.tree.published import published
from tests import builders
from tests.admin_acts import admin, by_api, in_bulk

PLACES = {
    "search": ("/nl/search/?q=zebra", "Zebra news"),
    "feed": ("/nl/news/feed/", "Zebra news"),
    "calendar": ("/nl/events/feed.ics", "Zebra day"),
    "list of news": ("/nl/news/", "Zebra news"),
    "list of events": ("/nl/events/", "Zebra day"),
    "home": ("/nl/", "Zebra news"),
    "menu": ("/nl/", "Animals of ours"),
    "link in a text": ("/nl/about-fish/", '/zebra-news/">read it'),
    "sitemap": ("/sitemap-news.xml", "/nl/news/zebra-news/</loc>"),
    "alternates in the sitemap": (
        "/sitemap-news.xml",
        ' hreflang="nl" href="{site}/nl/news/zebra-news/"',
    ),
    "languages": ("/fr/news/zebra-news/", '<a href="/nl/news/zebra-news/"'),
    "alternates": ("/fr/news/zebra-news/", ' hreflang="nl" href="{site}/nl/news/zebra-news/"'),
}
TRAILS = 2  # one to read, one in JSON-LD
OWN = ["/nl/news/zebra-news/", "/nl/events/zebra-day/"]


@dataclass
class Zebras:
    """Pages in one language, and their translations with what links to them."""

    sources: list[Page]
    made: list[Page]


@pytest.fixture(scope="module")
def made_once(module_db: Path) -> Zebras:
    home = builders.home()
    sources = [builders.news(home, "Zebra news"), builders.event(home, "Zebra day")]
    builders.made_from(home)
    for page in sources:
        builders.made_from(page.get_parent().specific)
    made: list[Page] = [whole(builders.made_from(page)) for page in sources]
    french = builders.made_from(sources[0], "fr")
    Translation.objects.filter(target_locale=french.locale).delete()
    builders.made_from(builders.text_page(home, "About fish", body=builders.body(*links(made))))
    link = {"label": "Animals of ours", "page": made[0].pk}
    menu = json.dumps([{"type": "link", "value": link}])
    SiteIdentity.objects.create(locale=made[0].locale, header_menu=menu)
    return Zebras(sources, made)


@pytest.fixture
def zebras(db: None, made_once: Zebras) -> Zebras:
    """English news and event, in Dutch too; a Dutch page and menu link to both.

    The news is in French as well, by no record made from the English one.
    """
    return deepcopy(made_once)


def whole(page: Page) -> Page:
    """A translation that reads as its original does, which somebody has said of each piece."""
    translation = translation_of(page)
    assert translation
    for piece in open_pieces(translation):
        tick(translation, piece, user=None)
    return page


def links(pages: list[Page]) -> Iterator[str]:
    for page in pages:
        yield f'<a linktype="page" id="{page.pk}">read it</a>'


def restrict(client: Client, page: Page) -> None:
    admin(client, "set_privacy", page, restriction_type="login")


def restrict_above(client: Client, page: Page) -> None:
    restrict(client, page.get_parent())


def unpublish(client: Client, page: Page) -> None:
    admin(client, "unpublish", page)


def unpublish_in_bulk(client: Client, page: Page) -> None:
    in_bulk(client, "unpublish", page)


def unpublish_by_api(client: Client, page: Page) -> None:
    by_api(client, "unpublish", page)


def expire(client: Client, page: Page) -> None:
    draft = page.specific
    draft.expire_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")


def open_again(client: Client, page: Page) -> None:
    for restriction in PageViewRestriction.objects.filter(page__in=[page, page.get_parent()]):
        admin(client, "set_privacy", restriction.page, restriction_type="none")
    draft = Page.objects.get(pk=page.pk).specific
    if not draft.live:
        draft.expire_at = None
        draft.save_revision()
        by_api(client, "publish", page)


SIGN_IN, NOT_FOUND = HTTPStatus.FOUND, HTTPStatus.NOT_FOUND
ACTS = [
    pytest.param(restrict, SIGN_IN, marks=pytest.mark.each_engine),
    (restrict_above, SIGN_IN),
    (unpublish, NOT_FOUND),
    (unpublish_in_bulk, NOT_FOUND),
    (unpublish_by_api, NOT_FOUND),
    (expire, NOT_FOUND),
]


def row(page: Model) -> dict[str, object]:
    return type(page)._default_manager.filter(pk=page.pk).values().get()


def told_at(visitor: Client) -> set[str]:
    """The places, themselves apart, that name the pages."""
    texts = {place: visitor.get(address).text for place, (address, _word) in PLACES.items()}
    return {
        place
        for place, text in texts.items()
        if PLACES[place][1].format(site=settings.SITE_URL) in re.sub("</?mark>", "", text)
    }


@pytest.mark.parametrize(("act", "answer"), ACTS)
def test_what_is_closed_at_its_source_is_closed_in_every_language(
    publishing: Client,
    zebras: Zebras,
    act: Callable[[Client, Page], None],
    answer: HTTPStatus,
) -> None:
    visitor = Client()
    before = [row(page) for page in zebras.made]
    assert told_at(visitor) == set(PLACES)
    for page in zebras.sources:
        act(publishing, page)
    assert told_at(visitor) == set()
    for address in OWN:
        assert visitor.get(address).status_code == answer, address
        assert visitor.get(address.replace("/nl/", "/en/")).status_code == answer, address
    assert visitor.get("/nl/events/zebra-day.ics").status_code == HTTPStatus.NOT_FOUND
    assert [row(page) for page in zebras.made] == before
    for page in zebras.sources:
        open_again(publishing, page)
    assert told_at(visitor) == set(PLACES)
    assert [visitor.get(address).status_code for address in OWN] == [HTTPStatus.OK] * 2
    assert [row(page) for page in zebras.made] == before


def test_the_source_may_be_in_any_language_and_a_translation_be_one(home: NodePage) -> None:
    dutch = builders.text_page(builders.made_from(home), "Vriezer")
    english = builders.made_from(dutch, "en")
    french = builders.made_from(english, "fr")
    assert {english, french} <= set(published(StandardPage))
    dutch.unpublish()
    assert not published(StandardPage).exists()
    assert Client().get(french.url).status_code == NOT_FOUND
    dutch.save_revision().publish()
    assert set(published(StandardPage)) == {dutch, english, french}


def test_what_stands_below_a_translation_of_something_private_is_private(
    client: Client, home: NodePage, stranger: User
) -> None:
    section = builders.text_page(home, "Minutes")
    dutch = builders.made_from(section)
    original = builders.below(dutch, StandardPage, "Verslag")
    elsewhere = builders.below(builders.made_from(home, "fr"), StandardPage, "Compte rendu")
    record(original, elsewhere)
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    for page in (dutch, original, elsewhere):
        assert page not in published(StandardPage)
        assert client.get(page.url).status_code == SIGN_IN, page
    client.force_login(stranger)
    assert client.get(original.url).status_code == HTTPStatus.OK


def record(source: Page, made: Page) -> None:
    """That one page is the translation of another."""
    Page.objects.filter(pk=made.pk).update(translation_key=source.translation_key)
    about, _made = TranslationSource.update_or_create_from_instance(source)
    Translation.objects.create(source=about, target_locale=made.locale)


def test_no_trail_names_what_its_source_closes(client: Client, home: NodePage) -> None:
    """Neither the one that is read nor the one that machines read."""
    section = builders.text_page(home, "Animals")
    dutch = builders.made_from(section, title="Dieren")
    page = builders.below(dutch, StandardPage, "Strepen")
    assert client.get(page.url).text.count("Dieren") == TRAILS
    section.unpublish()
    assert "Dieren" not in client.get(page.url).text


@pytest.mark.parametrize(("own", "stays"), [("login", False), ("groups", True)])
def test_a_copy_of_its_sources_privacy_no_longer_closes_a_translation(
    home: NodePage, own: str, *, stays: bool
) -> None:
    """Such copies were made before a translation stood behind its source."""
    page = builders.text_page(home, "Minutes")
    for one, kind in ((page, "login"), (builders.made_from(page), own)):
        PageViewRestriction.objects.create(page=one, restriction_type=kind)
    migration = import_module("pages.migrations.0005_privacy_holds_at_the_source")
    migration.drop_copies(apps, None)
    kept = set(PageViewRestriction.objects.values_list("page__locale__language_code", flat=True))
    assert kept == ({"en", "nl"} if stays else {"en"})


def test_a_translation_that_is_begun_gets_no_privacy_of_its_own(
    home: NodePage, publisher: User
) -> None:
    page = builders.text_page(home, "Minutes")
    dutch = builders.made_from(home).locale
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    drafts.begin(page, dutch, publisher)
    assert [one.page for one in PageViewRestriction.objects.all()] == [page.page_ptr]


def test_a_page_that_is_closed_in_one_translation_is_open_in_the_others(home: NodePage) -> None:
    page = builders.text_page(home, "Minutes")
    dutch, french = builders.made_from(page), builders.made_from(page, "fr")
    PageViewRestriction.objects.create(page=dutch, restriction_type="login")
    french.unpublish()
    assert set(published(StandardPage)) == {page}


def test_an_alias_of_a_translation_is_closed_with_the_source(
    client: Client, home: NodePage
) -> None:
    page = builders.text_page(home, "Minutes")
    alias = builders.made_from(page).create_alias(update_slug="again")
    assert client.get(alias.url).status_code == HTTPStatus.OK
    page.unpublish()
    assert client.get(alias.url).status_code == NOT_FOUND
    assert not published(StandardPage).exists()


def test_a_language_closes_with_the_home_it_was_made_from(client: Client, home: NodePage) -> None:
    dutch = builders.made_from(home)
    builders.text_page(dutch, "Vriezer")
    home.unpublish()
    for address in ["/nl/", "/nl/vriezer/", "/nl/search/"]:
        assert client.get(address).status_code == NOT_FOUND, address


def test_closing_costs_visitors_of_open_pages_no_query(
    client: Client, zebras: Zebras, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/nl/about-fish/")
    with CaptureQueriesContext(connection) as before:
        client.get("/nl/about-fish/")
    count = len(before)
    zebras.sources[1].unpublish()
    PageViewRestriction.objects.create(page=zebras.sources[0], restriction_type="login")
    client.get("/nl/about-fish/")
    with django_assert_num_queries(count):
        client.get("/nl/about-fish/")
