"""The site in its four languages: every address, no English left, each page knows its others."""

import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.test import Client, TestCase
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from pages.models import Funding, PersonPage, SiteIdentity, StandardPage
from pages.translating.pieces import open_pieces
from scripts.catalogues import PLURALS, catalogue
from tests import builders
from tests.integration.once.test_pages import HOME_QUERIES, PAGE_QUERIES
from tests.sitemaps import mapped

LANGUAGES = ["en", "nl", "fr", "de"]
EMPTY_LISTS = ["news/", "events/", "newsletter/issues/"]  # of the first content
VIEWS = ["search/", "search/?q=biobank", "search/?q=xyzzy", "events/past/", "nowhere/"]
pytestmark = pytest.mark.django_db  # so that the database is made for this module
ALTERNATE = re.compile(r'<link rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"')


@pytest.fixture(scope="module")
def browser(module_db: Path) -> Client:
    """A visitor of the site with its first content in all languages."""
    builders.clear_away()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("load_initial_content")
    return Client()


def paths(language: str) -> list[str]:
    pages = Page.objects.live().filter(locale__language_code=language, depth__gt=1)
    return [page.url for page in pages]


def alternates(markup: str, settings: Settings) -> dict[str, str]:
    found = ALTERNATE.findall(markup)
    return {code: address.removeprefix(settings.SITE_URL) for code, address in found}


class Words(HTMLParser):
    """The pieces of text of a page that people read or hear, by themselves."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.is_code = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in {"script", "style"}
        self.found |= {v for name, v in attrs if v and name in {"alt", "aria-label", "placeholder"}}

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.found.add(" ".join(data.split()))


def test_every_language_has_the_same_addresses(browser: Client) -> None:
    english = {path.removeprefix("/en") for path in paths("en")}
    assert len(english) > 20
    for language in LANGUAGES[1:]:
        assert {path.removeprefix(f"/{language}") for path in paths(language)} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_answers_with_one_h1_and_a_title_of_its_own(
    browser: Client, language: str
) -> None:
    titles = []
    for path in paths(language):
        response = browser.get(path)
        assert response.status_code == 200, path
        assert response.text.count("<h1") == 1, path
        assert f'<html lang="{language}"' in response.text
        titles += re.findall(r"<title>(.*?)</title>", response.text, re.DOTALL)
    assert len(titles) == len(set(titles)), sorted(titles)


@pytest.mark.parametrize("language", PLURALS)
def test_no_string_of_the_interface_is_left_in_english(browser: Client, language: str) -> None:
    entries = polib.pofile(str(catalogue(language)))
    english = {entry.msgid for entry in entries if entry.msgstr and entry.msgstr != entry.msgid}
    translated = {entry.msgstr for entry in entries}
    seen: set[str] = set()
    for path in [*paths(language), *(f"/{language}/{view}" for view in VIEWS)]:
        words = Words(browser.get(path).text).found - {"English"}  # its own name, in the switch
        assert not words & (english - translated), (path, words & english)
        seen |= words & translated
    assert len(seen) > 20, "the interface was not seen at all"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bounds_of_queries_hold_in_every_language(
    browser: Client, language: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for path in ("newsletter/", "biobanks/"):  # the process has answered before
        browser.get(f"/{language}/{path}")
    for path in paths(language):
        most = HOME_QUERIES if path == f"/{language}/" else PAGE_QUERIES
        with django_assert_max_num_queries(most):
            browser.get(path)


def test_translations_know_each_other(browser: Client, settings: Settings) -> None:
    for path in paths("en"):
        known = alternates(browser.get(path).text, settings)
        assert set(known) == {*LANGUAGES, "x-default"}, path
        assert known["x-default"] == known["en"] == path
        for language in LANGUAGES[1:]:
            assert alternates(browser.get(known[language]).text, settings) == known


def test_the_switch_leads_to_the_same_page_under_each_languages_own_name(browser: Client) -> None:
    markup = browser.get("/nl/networks/bwb/").text
    for code, name in {"en": "English", "fr": "Français", "de": "Deutsch"}.items():
        link = rf'<a href="/{code}/networks/bwb/"\s+hreflang="{code}"\s+lang="{code}"\s*>{name}</a>'
        assert re.search(link, markup), code
    current = r'<a href="/nl/networks/bwb/"\s+hreflang="nl"\s+lang="nl"\s+aria-current="true">'
    assert re.search(current, markup)


def test_a_search_goes_on_in_the_other_language(browser: Client) -> None:
    assert 'href="/fr/search/?q=staal"' in browser.get("/nl/search/?q=staal").text


@pytest.mark.parametrize(
    ("wish", "home"),
    [
        ("nl-BE,nl;q=0.9", "/nl/"),
        ("fr", "/fr/"),
        ("de-AT", "/de/"),
        ("es, fr;q=0.5", "/fr/"),
        ("ja", "/en/"),
    ],
)
def test_the_root_leads_to_the_wished_language(browser: Client, wish: str, home: str) -> None:
    response = browser.get("/", HTTP_ACCEPT_LANGUAGE=wish)
    assert (response.status_code, response.headers["Location"]) == (302, home)
    assert "Accept-Language" in response.headers["Vary"]


def test_what_is_not_the_root_asks_only_its_path(browser: Client) -> None:
    assert 'lang="fr"' in browser.get("/fr/", HTTP_ACCEPT_LANGUAGE="nl").text
    assert browser.get("/goals/", HTTP_ACCEPT_LANGUAGE="nl").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("nl", "pagina"), ("fr", "page"), ("de", "Seite")])
def test_an_error_speaks_the_language_of_its_path(
    browser: Client, language: str, word: str
) -> None:
    response = browser.get(f"/{language}/nowhere/")
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.text
    assert word in response.text


def test_dates_are_written_as_the_language_does(browser: Client) -> None:
    said = {code: browser.get(f"/{code}/privacy/").text for code in LANGUAGES}
    assert "22 November 2026" in said["en"]
    assert "22 november 2026" in said["nl"]
    assert "22 novembre 2026" in said["fr"]
    assert "22. November 2026" in said["de"]


def test_links_in_texts_and_menus_stay_in_the_language(browser: Client) -> None:
    for language in LANGUAGES[1:]:
        for path in ["", "for-citizens/", "history/"]:
            markup = browser.get(f"/{language}/{path}").text
            links = re.findall(r'<a [^>]*?href="(/[a-z]{2}/[^"]*)"([^>]*)', markup)
            strays = [
                to
                for to, more in links
                if not to.startswith(f"/{language}/") and "hreflang" not in more
            ]
            assert not strays, (path, strays)


ELSEWHERE = {
    ("the-law/", "nl"): "https://www.fagg.be/nl/news/nieuw_koninklijk_besluit_over_de_biobanken",
    ("the-law/", "fr"): "https://www.ejustice.just.fgov.be/eli/arrete/2018/01/09/2018030209/justel",
    ("the-law/", "de"): "koninklijk-besluit-van-20-juni-2024_n2025003723",
    ("for-citizens/your-samples/", "nl"): "https://www.gegevensbeschermingsautoriteit.be/",
    ("for-citizens/your-samples/", "fr"): "https://institutroialbertdeux.be/fr/la-biobanque",
    ("for-citizens/your-samples/", "de"): "https://datenschutzbehorde.be/zivilist/",
    ("accessibility/", "fr"): "https://www.ombudsman.be/fr",
}


@pytest.mark.parametrize(("path", "language"), ELSEWHERE)
def test_links_of_the_sites_own_texts_lead_to_pages_in_the_readers_language(
    browser: Client, path: str, language: str
) -> None:
    wanted = ELSEWHERE[path, language]
    assert wanted in browser.get(f"/{language}/{path}").text
    assert wanted not in browser.get(f"/en/{path}").text


def test_the_sitemap_has_every_page_with_its_translations(
    browser: Client, settings: Settings
) -> None:
    markup = mapped(browser)
    for language in LANGUAGES:
        empty = {f"/{language}/{path}" for path in EMPTY_LISTS}
        for path in {*paths(language)} - empty:
            assert f"<loc>{settings.SITE_URL}{path}</loc>" in markup
    assert markup.count('hreflang="x-default"') == markup.count("<loc>")


def test_robots_and_security_texts_are_there(browser: Client, settings: Settings) -> None:
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in browser.get("/robots.txt").text
    security = browser.get("/.well-known/security.txt").text
    assert "Contact: mailto:secretariat.BBMRIbe@kankerregister.org" in security
    assert "Expires: 20" in security


def test_editors_can_go_on_from_the_first_translations(browser: Client) -> None:
    translatable = Page.objects.filter(locale__language_code="en", depth__gt=1).count()
    sources = translatable + SiteIdentity.objects.filter(locale__language_code="en").count()
    sources += Funding.objects.filter(locale__language_code="en").count()
    for language in LANGUAGES[1:]:
        made = Translation.objects.filter(target_locale__language_code=language, enabled=True)
        assert made.count() == sources
        for translation in made:
            assert not open_pieces(translation)
            done, all_of_them = translation.get_progress()
            assert (done, translation) == (all_of_them, translation)


def test_names_of_people_are_the_same_in_every_language(browser: Client) -> None:
    for key in PersonPage.objects.values_list("translation_key", flat=True).distinct():
        assert (
            PersonPage.objects.filter(translation_key=key).values("title").distinct().count() == 1
        )


def test_a_changed_paragraph_reaches_its_translation(browser: Client) -> None:
    """As the editor's two screens do it: update the source, translate the new piece, publish."""
    page = StandardPage.objects.get(slug="history", locale__language_code="en")
    page.summary = "A summary that was changed."
    page.save_revision().publish()
    source, _made = TranslationSource.update_or_create_from_instance(page)
    translation = source.translations.get(target_locale__language_code="nl")
    segment = source.stringsegment_set.get(string__data="A summary that was changed.")
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=segment.context,
        data="Een samenvatting die veranderd is.",
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target()
    assert "Een samenvatting die veranderd is." in browser.get("/nl/history/").text
