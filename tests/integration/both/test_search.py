"""Search finds what visitors may see, whatever is typed, and shows where."""

import re
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageViewRestriction
from wagtail.search.models import IndexEntry
from wagtail.search.query import Phrase
from wagtail.search.utils import parse_query_string

from pages.models import NodePage, Role, StandardPage
from pages.search.queries import found
from pages.search.words import fold
from tests import builders

MOST_QUERIES = 8  # of the view; what frames every page comes on top


@pytest.fixture
def place(home: NodePage) -> StandardPage:
    words = "The biobank of Liège keeps what d'Hérent and the Straße gave: sœur, Ærø, Łódź."
    return builders.text_page(home, "Where samples live", body=builders.body(words))


def titles(words: str, language: str = "en") -> list[str]:
    return [page.title for page in found(fold(words).split(), language)]


def shown(client: Client, words: str, language: str = "en") -> str:
    response = client.get(f"/{language}/search/", {"q": words})
    assert response.status_code == HTTPStatus.OK
    return re.sub(r"\s+", " ", response.text)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("liege", "Liège"),
        ("LIÈGE", "Liège"),
        ("Lie\u0300ge", "Liège"),
        ("herent", "Hérent"),
        ("d'Hérent", "Hérent"),
        ("strasse", "Straße"),
        ("Straße", "Straße"),
        ("soeur", "sœur"),
        ("aero", "Ærø"),
        ("lodz", "Łódź"),
    ],
)
@pytest.mark.usefixtures("place")
def test_accents_and_ligatures_make_no_difference(client: Client, asked: str, written: str) -> None:
    assert f"<mark>{written}</mark>" in shown(client, asked)


@pytest.mark.parametrize("asked", ["herent", "strasse", "wo"])
def test_a_title_is_marked_too(client: Client, home: NodePage, asked: str) -> None:
    builders.text_page(home, "Herent, Straße & <b>wo</b>")
    assert "<mark>" in shown(client, asked)
    assert "&amp; &lt;b&gt;" in shown(client, asked)


@pytest.mark.usefixtures("place")
def test_a_word_finds_longer_ones_that_begin_with_it() -> None:
    assert titles("biob sampl") == ["Where samples live"]
    assert titles("obank") == []
    assert titles("th") == [], "two letters would find nearly every page"


@pytest.mark.usefixtures("place")
def test_all_the_words_must_be_there() -> None:
    assert titles("biobank liege") == titles("biobank") == ["Where samples live"]
    assert titles("biobank gent") == []


def test_a_word_in_the_title_comes_before_many_in_the_text(home: NodePage) -> None:
    builders.text_page(home, "Cold rooms", body=builders.body("freezer " * 60))
    builders.text_page(home, "What a very long title may say about the freezer of the node")
    builders.text_page(home, "Some more cold rooms", body=builders.body("freezer " * 30))
    assert titles("freezer")[0] == "What a very long title may say about the freezer of the node"
    assert len(titles("freezer")) == 3


def test_people_and_networks_are_found_by_what_is_said_of_them(home: NodePage) -> None:
    builders.person(home, "Ada Peeters", affiliation="Universiteit Gent")
    builders.network(home, "Bibliothèque virtuelle", acronym="BVT", own_name="Virtuele bank")
    assert titles("gent") == ["Ada Peeters"]
    assert titles("bvt") == titles("bibliotheque") == titles("bank") == ["Bibliothèque virtuelle"]


def test_a_person_is_found_by_a_role_as_soon_as_it_is_published(home: NodePage) -> None:
    someone = builders.person(home, "Ada Peeters")
    someone.roles.add(Role(title="Treasurer", body=Role.Body.BOARD, locale=home.locale))
    someone.save_revision().publish()
    assert titles("treasurer") == ["Ada Peeters"]


def test_published_pages_are_found_at_once_and_unpublished_ones_gone(place: StandardPage) -> None:
    place.title = "Where tissue lives"
    revision = place.save_revision()
    assert titles("tissue") == [], "a draft of a published page stays the editors'"
    revision.publish()
    assert titles("tissue") == ["Where tissue lives"]
    place.unpublish()
    assert titles("tissue") == []
    place.delete()
    assert titles("samples") == []


def test_below_a_restriction_nothing_is_found(home: NodePage) -> None:
    news = builders.news(home, "Merger of the north")
    assert titles("merger") == ["Merger of the north"]
    restriction = PageViewRestriction.objects.create(
        page=news.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    assert titles("merger") == []
    restriction.delete()
    assert titles("merger") == ["Merger of the north"]


def test_an_alias_is_closed_with_its_source(home: NodePage) -> None:
    news = builders.news(home, "Merger of the north")
    alias = builders.text_page(home, "Merger explained").create_alias(update_slug="explained")
    builders.text_page(home, "Open merger")
    for page in (news.get_parent(), alias.alias_of):
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert titles("merger") == ["Open merger"]


def test_a_result_names_no_unpublished_page_above_it(client: Client, home: NodePage) -> None:
    above = builders.text_page(home, "Planned section")
    builders.below(above, StandardPage, "Opening hours")
    assert "Planned section" in shown(client, "opening")
    above.unpublish()
    text = shown(client, "opening")
    assert "<mark>Opening</mark> hours" in text
    assert "Planned section" not in text


def test_a_language_finds_its_own_pages(client: Client, place: StandardPage) -> None:
    french = builders.home("fr")
    builders.text_page(french, "La biobanque de Liège")
    assert titles("liege") == [place.title]
    assert titles("liege", "fr") == ["La biobanque de Liège"]
    assert not Locale.objects.filter(language_code="de").exists()
    assert titles("liege", "de") == []
    assert "La biobanque" not in shown(client, "liege")


def test_the_root_of_the_tree_is_no_result(home: NodePage) -> None:
    home.get_parent().save()
    assert titles("root") == []


def test_the_number_of_results_is_said_in_words(client: Client, home: NodePage) -> None:
    for number in range(11):
        builders.text_page(home, f"Freezer {number}", body=builders.body("minus eighty"))
    assert "11 results for “freezer”" in shown(client, "freezer")
    assert "1 result for “freezer 7”" in shown(client, "freezer 7")
    second = client.get("/en/search/?q=freezer&page=2").text
    assert "Search: freezer (page 2)" in re.sub(r"\s+", " ", second)
    assert second.count('class="result"') == 1
    assert '<ol class="search-results" start="11">' in second


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "", "٢", "1.0", "9" * 5000, "9" * 30])
@pytest.mark.usefixtures("place")
def test_a_page_of_results_that_is_none_is_not_found(client: Client, number: str) -> None:
    response = client.get("/en/search/", {"q": "biobank", "page": number[:3000]})
    assert response.status_code == HTTPStatus.NOT_FOUND


def test_without_a_question_there_is_the_form_alone(client: Client, home: NodePage) -> None:
    for query in ["", "?q=", "?q=+%20"]:
        text = client.get(f"/en/search/{query}").text
        assert 'name="q"' in text
        assert "result for" not in text
        assert "No results" not in text


def test_finding_nothing_offers_ways_on(client: Client, home: NodePage) -> None:
    network = builders.network(home)
    text = shown(client, "<script>alert(1)</script>")
    assert "No results for “&lt;script&gt;alert(1)&lt;/script&gt;”" in text
    assert f'href="{network.get_parent().url}"' in text


def test_a_long_question_is_cut_and_says_so(client: Client, place: StandardPage) -> None:
    text = shown(client, "biobank " * 9 + "liege nowhere at all")
    assert "10 words and 200 letters" in text
    assert place.title in text.replace("<mark>", "").replace("</mark>", "")
    assert "10 words and 200 letters" in shown(client, "x" * 201)
    assert "10 words and 200 letters" not in shown(client, "x" * 200)


HOSTILE = [
    *"*\"^:(){}[]-+|&!<>\\/'%_?#@~`$;,.",
    '"unclosed',
    "title:x",
    "{title} : x",
    "a AND",
    "OR b",
    "NOT",
    "a NEAR b",
    "NEAR(a b, 2)",
    "a* b*",
    "a & | !",
    "x:*A",
    "<-> <2>",
    "'; DROP TABLE pages_newspage; --",
    "%s %(x)s {}",
    "\u202e\u0000"[:1],
    "😀",
    "½ ² №",
    "北京",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "e" * 3900,
    "a " * 1900,
    '"' * 1200,
    "(" * 1200,
    "é" * 600,
    "1e5 01e4a 0x1F -3.5e-7 10.0.0.1 a@b.be http://x.be/y",
]


@pytest.mark.usefixtures("place")
def test_whatever_is_typed_is_answered(client: Client, subtests: pytest.Subtests) -> None:
    for words in HOSTILE:
        with subtests.test(words=words):
            shown(client, words)


@pytest.mark.parametrize("words", ["10.0.0.1", "a@b.be", "01e4a", "1e5", "bbmri.be", "covid-19"])
def test_what_a_database_would_parse_is_found_as_written(home: NodePage, words: str) -> None:
    builders.text_page(home, "Technical", body=builders.body(f"see {words}, please"))
    assert titles(words) == ["Technical"]


def test_queries_do_not_grow_with_the_results(client: Client, home: NodePage) -> None:
    builders.person(home, "Freezer person")
    builders.network(home, "Freezer network")
    builders.news(home, "Freezer news")
    builders.event(home, "Freezer event")
    for number in range(20):
        builders.text_page(home, f"Freezer {number}")
    client.get("/en/search/?q=freezer")
    with CaptureQueriesContext(connection) as alone:
        client.get("/en/search/")
    with CaptureQueriesContext(connection) as searching:
        client.get("/en/search/?q=freezer")
    assert len(searching) - len(alone) <= MOST_QUERIES


def test_results_are_not_for_search_engines(client: Client, place: StandardPage) -> None:
    response = client.get("/en/search/?q=biobank")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert 'rel="canonical"' not in response.text, "the query makes the list"
    assert 'canonical" href="http://127.0.0.1:8000/en/search/">' in client.get("/en/search/").text


def test_phrases_and_operators_of_code_are_understood(place: StandardPage) -> None:
    for query in [Phrase("Biobank of Liège"), parse_query_string('"of liège" biobank')[1]]:
        assert [page.pk for page in StandardPage.objects.search(query)] == [place.pk]
    assert not StandardPage.objects.search(Phrase("liège of biobank"))
    either = StandardPage.objects.search("nowhere liège", operator="or")
    assert [page.pk for page in either] == [place.pk]


def test_the_index_can_be_made_anew(place: StandardPage) -> None:
    IndexEntry.objects.all().delete()
    assert titles("liege") == []
    call_command("update_index", verbosity=0)
    assert titles("liege") == [place.title]
