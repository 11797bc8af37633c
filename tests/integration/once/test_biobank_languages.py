"""What the site says of each biobank is in the reader's language, or marked as being in another."""

from collections import defaultdict
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from members import initial_biobanks
from members.models import Biobank, BiobankFact, Confidence, FactKind, NetworksPage, OtherName
from tests import builders

pytestmark = pytest.mark.django_db  # so that the database is made for this module
LANGUAGES = ("en", "nl", "fr", "de")
FOREIGN = LANGUAGES[1:]
NETWORKS = ("bvt-bcr", "bwb", "cmi")
LISTS = ("", "networks/", "biobanks/", "biobanks/?city=Brussels", "search/?q=biobank")
VOID = {"area", "br", "img", "input", "link", "meta", "hr", "source", "wbr"}


Pages: TypeAlias = dict[tuple[str, str], str]  # by language and path


@pytest.fixture(scope="module")
def read(module_db: Path) -> Pages:
    """What a visitor reads of the first biobanks, in four languages."""
    home = builders.home()
    finder = builders.finder(home)
    finder.asking = "<p>Write.</p>"
    finder.save_revision().publish()
    pages = [finder, *(builders.network(home, slug) for slug in NETWORKS)]
    for page in (home, pages[0], NetworksPage.objects.get(), *pages[1:]):
        for language in FOREIGN:
            builders.made_from(page, language)
    initial_biobanks.load()
    answers = {
        (code, path): Client().get(f"/{code}/{path}") for code in LANGUAGES for path in paths()
    }
    assert {answer.status_code for answer in answers.values()} == {HTTPStatus.OK}
    return {place: answer.text for place, answer in answers.items()}


def names() -> dict[str, set[str]]:
    """Each name, host and site that visitors see, and the languages that it is in."""
    found = defaultdict(set)
    shown = BiobankFact.objects.exclude(confidence=Confidence.SUGGESTED)
    for fact in shown.filter(kind__in=[FactKind.NAME, FactKind.HOST, FactKind.SITES]):
        for line in fact.lines:
            found[line].add(fact.language)
    for biobank in Biobank.objects.select_related("profile"):
        found[biobank.name].add(biobank.profile.name_language)
    for other in OtherName.objects.all():
        found[other.name].add(other.language)
    return {name: languages for name, languages in found.items() if "" not in languages}


def paths() -> list[str]:
    slugs = Biobank.objects.values_list("slug", flat=True)
    networks = [f"networks/{slug}/" for slug in NETWORKS]
    return [*LISTS, *networks, *(f"biobanks/{slug}/" for slug in slugs)]


class Spoken(HTMLParser):
    """The pieces of text of a page's body, each with the language it is marked in."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: list[tuple[str, str]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            inherited = self.open[-1][1] if self.open else ""
            self.open.append((tag, dict(attrs).get("lang") or inherited))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _language in self.open}
        if "body" in tags and "script" not in tags:
            self.found.append((" ".join(data.split()), self.open[-1][1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_stands_in_another_language_without_its_mark(read: Pages, language: str) -> None:
    known, seen = names(), defaultdict(set)
    for path in paths():
        for text, marked in Spoken(read[language, path]).found:
            fits = [name for name in known if text.startswith(name)]
            if fits:
                assert marked in known[max(fits, key=len)], (path, text, marked)
                seen[path].add(marked)
    for path in ("biobanks/", "networks/bwb/", "search/?q=biobank", "biobanks/bordet/"):
        assert seen[path] - {language}, (path, "no foreign name was seen")


@pytest.mark.parametrize("language", FOREIGN)
def test_two_hosts_are_not_joined_by_an_english_word(read: Pages, language: str) -> None:
    spoken = Spoken(read[language, "biobanks/"]).found
    assert not [text for text, marked in spoken if " with " in text and marked != "en"]


@pytest.mark.parametrize("language", FOREIGN)
def test_a_link_to_a_page_in_another_language_says_so(read: Pages, language: str) -> None:
    foreign = 0
    for slug in Biobank.objects.values_list("slug", flat=True):
        page = BeautifulSoup(read[language, f"biobanks/{slug}/"], "html.parser")
        for link in page.select("main a.away[hreflang]"):
            if link["hreflang"] != language:
                foreign += 1
                assert "(" in link.get_text(), (slug, link)
    assert foreign > 5


def test_only_who_gives_an_address_can_be_written_to(read: Pages) -> None:
    kinds = (FactKind.MAILBOX, FactKind.CONTACT_PAGE)
    reached = BiobankFact.objects.confirmed(*kinds).values("profile__biobank")
    assert reached.exists()
    for biobank in Biobank.objects.all():
        text = read["en", f"biobanks/{biobank.slug}/"]
        is_reached = reached.filter(profile__biobank=biobank).exists()
        assert ("write to the biobank directly" in text) == is_reached, biobank.slug


def test_no_suggestion_is_shown(read: Pages) -> None:
    suggested = BiobankFact.objects.filter(confidence=Confidence.SUGGESTED)
    others = BiobankFact.objects.exclude(confidence=Confidence.SUGGESTED)
    unsaid = suggested.exclude(value__in=set(others.values_list("value", flat=True)))
    assert len(unsaid) > 20
    for fact in unsaid.select_related("profile__biobank"):
        page = read[fact.language or "en", f"biobanks/{fact.profile.biobank.slug}/"]
        assert f">{fact.value}<" not in page, fact
