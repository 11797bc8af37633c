"""Every change that visitors see raises the generation; what they don't see leaves it."""

import time
from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Locale, PageViewRestriction, Site

from bbmri_be.environment import CONNECT_SECONDS
from pages.models import Funding, NodePage, Role, SiteIdentity
from tests import builders
from visitors.cache import generation
from visitors.cache.invalidation import is_seen
from visitors.models import Generation

SEEN = {
    "newsletter.consenttext",
    "newsletter.newsletterindexpage",
    "newsletter.newsletterissuepage",
    "newsletter.topic",
    "newsletter.topiclabel",
    "members.biobank",
    "members.biobankfact",
    "members.biobankprofile",
    "members.biobankspage",
    "members.biobanktext",
    "members.collection",
    "members.concept",
    "members.conceptname",
    "members.membership",
    "members.networkpage",
    "members.networkspage",
    "members.oldcollectionslug",
    "members.oldslug",
    "members.othername",
    "members.qualitymark",
    "members.trait",
    "pages.eventpage",
    "pages.eventsindexpage",
    "pages.faqpage",
    "pages.funding",
    "pages.goalspage",
    "pages.legalpage",
    "pages.legalversion",
    "pages.newsindexpage",
    "pages.newspage",
    "pages.nodepage",
    "pages.peoplepage",
    "pages.personpage",
    "pages.picture",
    "pages.role",
    "pages.siteidentity",
    "pages.standardpage",
    "taggit.tag",
    "taggit.taggeditem",
    "visitors.cookienotice",
    "wagtailcore.collection",
    "wagtailcore.collectionviewrestriction",
    "wagtailcore.locale",
    "wagtailcore.page",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.site",
    "wagtaildocs.document",
    "wagtailembeds.embed",
    "wagtailimages.image",
    "wagtailredirects.redirect",
}


def rise(change: Callable[[], object]) -> int:
    """By how much a change raises the number."""
    before = generation.current()
    change()
    generation.forget()
    return generation.current() - before


def test_of_every_model_somebody_decided_whether_visitors_see_it() -> None:
    assert {model._meta.label_lower for model in apps.get_models() if is_seen(model)} == SEEN


def test_publishing_unpublishing_moving_and_deleting_raise_it(home: NodePage) -> None:
    page = builders.text_page(home)
    page.title = "A new title"
    assert rise(lambda: page.save_revision().publish())
    assert rise(page.unpublish)
    assert rise(lambda: page.move(home, "first-child"))
    assert rise(page.delete)


def test_a_draft_leaves_it(home: NodePage) -> None:
    page = builders.text_page(home)
    page.title = "Not yet"
    revision = rise(page.save_revision)
    assert Client().get(page.url).content.count(b"Not yet") == 0
    assert revision in {0, 1}  # Wagtail notes on the page's row that there is a draft


CHANGES: dict[str, Callable[[NodePage], object]] = {
    "menu": lambda home: SiteIdentity.objects.get().save(),
    "snippet": lambda home: Funding.objects.create(locale=home.locale),
    "redirect": lambda home: Redirect.objects.create(old_path="/old", redirect_link="/en/"),
    "restriction": lambda home: PageViewRestriction.objects.create(page=home),
    "locale": lambda home: Locale.objects.create(language_code="nl"),
    "site": lambda home: Site.objects.get().save(),
    "picture": lambda home: builders.picture(),
    "document": lambda home: Document.objects.create(title="A", file=ContentFile(b"a", "a.txt")),
    "translation": lambda home: builders.home("nl"),
    "role": lambda home: builders.role(builders.person(home)),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_raises_it(home: NodePage, kind: str) -> None:
    assert rise(lambda: CHANGES[kind](home))


def test_signing_in_and_looking_around_leave_it(home: NodePage, publisher: User) -> None:
    ContentType.objects.get_for_model(Role)
    browser = Client()

    def look() -> None:
        browser.force_login(publisher)
        browser.get("/admin/")
        browser.get(f"/admin/pages/{home.pk}/edit/")
        browser.get("/en/")

    assert rise(look) == 0


def test_one_request_asks_the_database_once(db: None) -> None:
    generation.raise_it()
    seen = generation.current()
    Generation.objects.update(number=70)
    assert generation.current() == seen
    generation.forget()
    assert generation.current() == 70


def test_who_asks_while_another_looks_gets_the_number_of_now(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asked for long, then many at once: none may go on with the number of long ago."""
    looking = Event()

    class SlowRow:
        def values_list(self, *_names: str, flat: bool) -> "SlowRow":
            looking.set()
            return self

        def first(self) -> int:
            time.sleep(0.2)
            return 5

    generation.current()
    monkeypatch.setattr(generation, "_row", SlowRow)
    generation._Known.look_again_at = 0.0
    first = Thread(target=generation.current)
    first.start()
    looking.wait()
    assert generation.current() == 5
    first.join()


def test_while_the_database_is_down_the_last_number_stands_and_nobody_waits_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that answers nothing at all takes as long as a connection is waited for."""
    clock, asked = [100.0], []

    def black_hole() -> None:
        asked.append(clock[0])
        clock[0] += CONNECT_SECONDS
        raise OperationalError("connection timeout expired")

    monkeypatch.setattr(generation, "CHECK_EVERY", 1.0)
    monkeypatch.setattr(generation.time, "monotonic", lambda: clock[0])
    generation.forget()
    number = generation.current()
    clock[0] += 2
    monkeypatch.setattr(generation, "_row", black_hole)
    assert [generation.current() for _thread in range(8)] == [number] * 8
    assert asked == [102.0]
    clock[0] += 2
    assert generation.current() == number
    assert len(asked) == 2


def test_without_a_number_a_database_that_is_down_is_said_so(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> None:
        raise OperationalError("the database system is starting up")

    generation.forget()
    monkeypatch.setattr(generation, "_row", down)
    with pytest.raises(OperationalError):
        generation.current()


def test_what_is_kept_is_made_once_until_the_number_changes(db: None) -> None:
    made: list[int] = []

    @generation.kept
    def make() -> int:
        made.append(1)
        return len(made)

    assert [make(), make()] == [1, 1]
    generation.raise_it()
    assert [make(), make()] == [2, 2]


def test_what_is_kept_is_kept_for_each_question(db: None) -> None:
    made: list[str] = []

    @generation.kept
    def make(language: str) -> str:
        made.append(language)
        return language

    assert [make("en"), make("nl"), make("en")] == ["en", "nl", "en"]
    assert made == ["en", "nl"]


def test_a_new_number_drops_wagtails_own_addresses(home: NodePage, keeping: None) -> None:
    """Another process changed the site: this one is told by the number alone."""
    generation.raise_it()
    assert Site.get_site_root_paths()
    Site.objects.all().delete()
    generation.forget()
    Site.objects.bulk_create([Site(hostname="other", root_page=home, is_default_site=True)])
    Generation.objects.update(number=99)
    generation.forget()
    generation.current()
    assert Site.get_site_root_paths()[0].root_url == "http://other"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestInRealTransactions:
    """Here commits are commits."""

    @pytest.fixture(autouse=True)
    def real_commits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        Generation.objects.all().delete()
        generation.forget()

    def number(self) -> int:
        row = Generation.objects.first()
        return row.number if row else 0

    def test_it_rises_when_the_change_is_committed_and_once(self) -> None:
        with transaction.atomic():
            generation.raise_it()
            generation.raise_it()
            assert self.number() == 0
        assert self.number() == 1

    def test_it_stays_when_the_change_is_taken_back(self) -> None:
        with transaction.atomic():
            generation.raise_it()
            transaction.set_rollback(True)
        assert self.number() == 0

    def test_a_part_taken_back_does_not_take_the_rest_along(self) -> None:
        with transaction.atomic():
            with transaction.atomic():
                generation.raise_it()
                transaction.set_rollback(True)
            generation.raise_it()
        assert self.number() == 1

    def test_none_of_many_raises_at_once_is_lost(self) -> None:
        start = Barrier(4)

        def raising() -> None:
            start.wait()
            for _time in range(5):
                generation.raise_it()
            transaction.get_connection().close()

        threads = [Thread(target=raising) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.number() == 20
