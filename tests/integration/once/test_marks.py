"""Each piece of text is marked with the language of its words, whatever state a translation is in.

Words tell their language: `nlzz` begins a Dutch one. Months tell that of dates.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from members.models import Membership, NetworkPage
from pages.models import NewsPage, NodePage, PersonPage
from pages.translating import drafts
from tests import builders
from tests.integration import four_languages as stage

pytestmark = pytest.mark.django_db  # so that the database is made for this module
LANGUAGES = ("en", "nl", "fr", "de")
FOUND_BY = "zebra"  # in every page of the tests
WORD = re.compile(r"\b(en|nl|fr|de)zz")
MONTHS = {"March": "en", "maart": "nl", "mars": "fr", "März": "de"}
DATE = re.compile(r"\b(March|maart|mars|März)\b")


def words(language: str, *names: str) -> str:
    return " ".join(f"{language}zz{name}" for name in names)


def wrong_marks(markup: str) -> list[str]:
    """Words whose mark is another language than theirs."""
    soup = BeautifulSoup(markup, "html.parser")
    return [*_wrong_texts(soup), *_wrong_facts(soup)]


def _wrong_texts(soup: BeautifulSoup) -> Iterable[str]:
    texts = [(str(text), text.parent) for text in soup.find_all(string=True) if text.parent]
    for name in ("content", "alt", "title", "aria-label"):
        texts += [(str(tag[name]), tag) for tag in soup.select(f"[{name}]")]
    for text, tag in texts:
        if tag.name != "script":
            marks = (str(each["lang"]) for each in (tag, *tag.parents) if each.get("lang"))
            marked = next(marks, "")
            found = {*WORD.findall(text), *(MONTHS[month] for month in DATE.findall(text))}
            yield from (f"{text.strip()!r} is marked {marked}" for _one in found - {marked})


def _wrong_facts(soup: BeautifulSoup) -> Iterable[str]:
    """What is told to machines: OpenGraph, JSON-LD."""
    said = str(soup.select('meta[property="og:locale"]'))
    for language in WORD.findall(str(soup.select('meta[property="og:title"]'))):
        if f"{language}_BE" not in said:
            yield f"{language} words are {said}"
    for script in soup.select('script[type="application/ld+json"]'):
        for thing in json.loads(script.get_text())["@graph"]:
            language = WORD.findall(thing.get("headline", thing.get("name", "")))
            if language and thing.get("inLanguage", language[0]) != language[0]:
                yield f"{thing} is not in {language[0]}"


def news(node: NodePage, name: str) -> NewsPage:
    code = node.locale.language_code
    return builders.news(
        node,
        words(code, name),
        slug=f"{code}-{name}",
        date="2026-03-02",
        summary=words(code, name, "summary") + f" {FOUND_BY}",
        body=builders.body(words(code, name, "body"), words(code, name, "more")),
    )


def approved(page: NewsPage, by: User) -> NewsPage:
    translation = stage.begun(page, by)
    stage.translate(translation, "nlzz")
    drafts.make(translation, by).publish(user=by)
    return NewsPage.objects.get(translation_key=page.translation_key, locale=stage.dutch())


def leave_open(page: NewsPage, original: NewsPage) -> None:
    """As it could go live before each piece had to be translated: title and a paragraph."""
    key = page.translation_key
    pieces = StringTranslation.objects.filter(context__object__translation_key=key)
    pieces.filter(translation_of__data__in=[original.title, words("en", "left", "more")]).delete()
    page.title = page.draft_title = original.title
    page.body[1] = ("paragraph", original.body[1].value)
    page.save()


@pytest.fixture(scope="module")
def states(module_db: Path) -> dict[str, str]:
    """News in every state of a translation into Dutch, and the language of its title there.

    Beside it, a page of each kind, written in one of the languages.
    """
    homes = {"en": builders.home()}
    homes |= {code: builders.made_from(homes["en"], code) for code in LANGUAGES[1:]}
    for code, node in homes.items():
        NodePage.objects.filter(pk=node.pk).update(summary=words(code, "home"))
        news(node, "original")
    _one_of_each(homes)
    return _in_every_state(homes["en"], User.objects.create_superuser("everybody"))


def _one_of_each(homes: dict[str, NodePage]) -> None:
    start = datetime(2099, 3, 2, 10, tzinfo=UTC)
    end, place = start + timedelta(hours=2), words("fr", "place")
    day = words("fr", "day")
    builders.event(homes["fr"], day, slug="day", start=start, end=end, place=place)
    section = builders.text_page(homes["en"], words("en", "section"), slug="section")
    builders.below(section, type(section), words("en", "below"), slug="below")
    ada = builders.person(homes["de"], "Ada Peeters", affiliation=words("de", "house"))
    builders.role(ada, title=words("de", "president"))
    builders.role(ada, title=words("de", "secretary"), has_ended=True)
    PersonPage.objects.get(pk=ada.pk).save_revision().publish()
    about = {"slug": "network", "host": words("nl", "host"), "acronym": ""}
    network = builders.network(homes["nl"], words("nl", "network"), **about)
    builders.finder(homes["en"])
    member = Membership(biobank=builders.biobank("House"), network=network.translation_key)
    member.save()


def _in_every_state(home: NodePage, everybody: User) -> dict[str, str]:
    names = ("waiting", "begun", "whole", "changed", "left", "mended", "back", "gone")
    made = {name: news(home, name) for name in names}
    translation = stage.begun(made["begun"], everybody)
    stage.translate(translation, "nlzz")
    drafts.make(translation, everybody)
    dutch = {name: approved(made[name], everybody) for name in names[2:]}
    made["changed"].title = words("en", "changed", "again")
    made["changed"].save_revision().publish()
    for name in ("left", "mended"):
        leave_open(dutch[name], made[name])
    translation = stage.begun(made["mended"], everybody)  # and not published yet
    stage.translate(translation, "nlzz")
    drafts.make(translation, everybody)
    client = Client()
    client.force_login(everybody)
    client.post(reverse("wagtail_localize:convert_to_alias", args=[dutch["back"].pk]))
    made["gone"].unpublish()
    return dict.fromkeys(names, "en") | {"whole": "nl", "changed": "nl", "gone": ""}


def test_no_mark_is_wrong_on_any_page(states: dict[str, str]) -> None:
    visitor = Client()
    addresses = [page.url for page in Page.objects.live().filter(depth__gt=1)]
    more = (f"search/?q={FOUND_BY}", "biobanks/house/", "biobanks/shortlist/", "news/?page=2")
    addresses += [f"/{code}/{at}" for code in LANGUAGES for at in more]
    drawn = {address: visitor.get(address).text for address in addresses}
    assert sum(map(len, map(WORD.findall, drawn.values()))) > 1000
    assert {at: found for at, markup in drawn.items() if (found := wrong_marks(markup))} == {}


def test_each_state_shows_what_it_is(states: dict[str, str]) -> None:
    for name, language in states.items():
        response = Client().get(f"/nl/news/en-{name}/")
        assert response.status_code == (200 if language else 404)
        titles = BeautifulSoup(response.text, "html.parser").select("h1")
        assert not language or WORD.findall(str(titles)) == [language], name


def test_other_languages_are_named_only_where_they_are_written(
    states: dict[str, str], settings: Settings
) -> None:
    visitor = Client()
    for page in Page.objects.live().filter(depth=4):
        soup = BeautifulSoup(visitor.get(page.url).text, "html.parser")
        for link in soup.select("link[hreflang]"):
            there = visitor.get(str(link["href"]).removeprefix(settings.SITE_URL)).text
            languages = set(WORD.findall(there.partition("<title")[2].partition("</title>")[0]))
            assert languages <= {link["hreflang"]} or link["hreflang"] == "x-default", page.url


@pytest.mark.parametrize("address", ["news/feed/", "events/feed.ics"])
def test_feeds_and_calendars_speak_one_language(states: dict[str, str], address: str) -> None:
    for code in LANGUAGES:
        told = Client().get(f"/{code}/{address}").text
        assert set(WORD.findall(told)) <= {code}
        assert address.endswith("ics") or f'xml:lang="{code}"' in told
    assert "frzzday" in Client().get("/fr/events/feed.ics").text


def test_what_was_chosen_is_shown_in_the_readers_language(states: dict[str, str]) -> None:
    ada = PersonPage.objects.get(locale__language_code="de")
    network = NetworkPage.objects.get(locale__language_code="de")
    chosen = [{"type": "people", "value": [ada.pk]}, {"type": "networks", "value": [network.pk]}]
    for page in NodePage.objects.all():
        page.body = json.dumps(chosen)
        page.save()
    for code in LANGUAGES:
        markup = Client().get(f"/{code}/").text
        assert not wrong_marks(markup)
        body = markup.partition('<div class="body">')[2]
        assert f'href="/{code}/people/ada-peeters/"' in body
        assert f'href="/{code}/networks/network/"' in body
