"""What visitors get from the page cache: the same bytes, never another's, never an old page."""

import gzip
from collections.abc import Callable
from html import escape
from http import HTTPStatus
from pathlib import Path

import brotli
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from pages.models import NodePage
from tests import builders
from tests.sitemaps import maps
from visitors.cache import generation, page_cache
from visitors.cache.page_cache import encoding_of, is_for_everyone, may_be_kept

pytestmark = pytest.mark.usefixtures("keeping")
HOME = "/en/"


def shelf() -> set[str]:
    """The keys of all that is kept."""
    return set(cache._cache)  # type: ignore[attr-defined]  # the local memory cache's own


def kept_pages() -> int:
    return len(shelf())


@pytest.fixture(autouse=True)
def empty_shelf(keeping: None) -> None:
    cache.clear()


def test_two_fresh_visitors_get_the_same_bytes_and_headers(home: NodePage) -> None:
    first = Client().get(HOME)
    assert kept_pages() >= 1
    cache.clear()
    second = Client().get(HOME)
    assert first.content == second.content
    assert first.headers == second.headers


def test_a_kept_page_costs_no_query(
    home: NodePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Client().get(HOME)
    with django_assert_num_queries(0):
        assert Client().get(HOME).status_code == HTTPStatus.OK


def test_a_kept_page_costs_the_check_of_the_generation_when_it_is_due(
    home: NodePage,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Client().get(HOME)
    monkeypatch.setattr(generation._Known, "look_again_at", 0.0)
    with django_assert_num_queries(1):
        assert Client().get(HOME).status_code == HTTPStatus.OK


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_page_says_how_it_may_be_cached(home: NodePage, is_kept: bool) -> None:
    if is_kept:
        Client().get(HOME)
    answer = Client().get(HOME)
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert not answer.cookies


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize(
    ("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_it_comes_compressed_as_the_browser_asks(
    home: NodePage, encoding: str, decode: Callable[[bytes], bytes], is_kept: bool
) -> None:
    plain = Client().get(HOME)
    if not is_kept:
        cache.clear()
    packed = Client().get(HOME, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert decode(packed.content) == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br; q=0.000", ""),
        ("br;q=0.5", "br"),
        ("identity", ""),
        ("*", ""),
        ("", ""),
        ("brotli, gzipped", ""),
    ],
)
def test_the_encoding_is_one_the_browser_takes(accepted: str, encoding: str) -> None:
    assert encoding_of(accepted) == encoding


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_who_has_the_page_is_told_that_it_still_holds(home: NodePage, accepted: str) -> None:
    asked = {"Accept-Encoding": accepted}
    tag = Client().get(HOME, headers=asked).headers["ETag"]
    again = Client().get(HOME, headers=asked | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Vary"] == "Cookie, Accept-Encoding"
    other = Client().get(HOME, headers=asked | {"If-None-Match": '"another"'})
    assert other.status_code == HTTPStatus.OK


def test_a_tag_of_the_page_before_a_change_no_longer_holds(home: NodePage) -> None:
    tag = Client().get(HOME).headers["ETag"]
    home.title = "Another title"
    home.save_revision().publish()
    again = Client().get(HOME, headers={"If-None-Match": tag})
    assert again.status_code == HTTPStatus.OK


def test_head_is_answered_like_get_without_the_body(home: NodePage) -> None:
    got = Client().get(HOME)
    told = Client().head(HOME)
    assert (told.status_code, told.content) == (HTTPStatus.OK, b"")
    assert told.headers == got.headers


@pytest.mark.parametrize(
    "address",
    ["/en/?q=word", "/en/?c=1", "/en/?utm_source=x", "/en/?page=1&q=x", "/en/nowhere/", "/"],
)
def test_searches_errors_and_redirects_are_not_kept(home: NodePage, address: str) -> None:
    answer = Client().get(address)
    assert not [key for key in shelf() if "page:" in key]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]


def test_the_map_leads_to_one_file_a_kind_and_is_kept(
    home: NodePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    builders.news(home)
    builders.finder(home)
    builders.biobank("Bank")
    found = maps(Client())
    assert set(found) == {"pages", "news", "biobanks"}, "an empty map is not valid"
    assert "/en/biobanks/bank/</loc>" in found["biobanks"]
    assert "/en/news/a-freezer-was-moved/</loc>" not in found["pages"]
    for kind in ("", *(f"-{kind}" for kind in found)):
        with django_assert_num_queries(0):
            assert Client().get(f"/sitemap{kind}.xml").headers["ETag"]
    assert Client().get("/sitemap-nothing.xml").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("query", ["&&", "page=%31", "page=1&", "page", "page=1;"])
def test_an_address_is_kept_only_as_its_page_repeats_it(home: NodePage, query: str) -> None:
    """The hidden `next` of its forms holds the address as it was asked for."""
    asked = f"{HOME}?{query}"
    assert f'value="{escape(asked)}"' in Client().get(asked).text
    assert not [key for key in shelf() if "page:" in key]


@pytest.mark.parametrize("status", [201, 204, 301, 404, 500])
def test_only_a_whole_page_is_for_everyone(status: int) -> None:
    assert is_for_everyone(HttpResponse("page"))
    assert not is_for_everyone(HttpResponse("page", status=status))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cache-Control", "private"),
        ("Cache-Control", "max-age=0, No-Store"),
        ("Vary", "Accept-Language"),
        ("Vary", "*"),
        ("Content-Encoding", "gzip"),
    ],
)
def test_an_answer_that_says_so_is_not_for_everyone(name: str, value: str) -> None:
    assert not is_for_everyone(HttpResponse("page", headers={name: value}))


def test_an_answer_with_a_cookie_is_not_for_everyone() -> None:
    answer = HttpResponse("page")
    answer.set_cookie("for", "you")
    assert not is_for_everyone(answer)


@pytest.mark.parametrize(
    "path", ["/admin/", "/health/live", "/documents/1/a.pdf", "/media/images/a"]
)
def test_what_is_no_page_is_not_kept(path: str) -> None:
    assert may_be_kept(RequestFactory().get("/en/"))
    assert not may_be_kept(RequestFactory().get(path))
    assert not may_be_kept(RequestFactory().post("/en/"))


def test_pages_of_a_list_are_kept_each(home: NodePage) -> None:
    for number in range(25):
        builders.news(home, f"News {number:02}")
    first = Client().get("/en/news/").content
    second = Client().get("/en/news/?page=2").content
    assert first != second
    assert Client().get("/en/news/?page=2").content == second
    assert len([key for key in shelf() if "page:" in key]) == 2 * 3


def test_another_program_or_setting_finds_none_of_these_pages(
    settings: Settings, tmp_path: Path
) -> None:
    """The cache may be shared with the one that ran here before."""
    found = [_version_now()]
    for name, value in (("MATOMO_URL", "https://a.example/"), ("BASE_DIR", tmp_path)):
        setattr(settings, name, value)
        found.append(_version_now())
    for name in (
        *("templates/page.html", "pages/code.py", "bbmri_be/locale/nl/django.mo"),
        *("members/a.py", "newsletter/a.py", "visitors/a.py", "requirements/run.txt"),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("changed")
        found.append(_version_now())
    assert len(set(found)) == len(found)
    assert found[-1] == _version_now()


def _version_now() -> str:
    page_cache._version.cache_clear()
    return page_cache._version()


def test_a_cache_that_does_not_answer_costs_only_time(home: NodePage, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "visitors.cache.shared_cache.SharedCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    assert Client().get(HOME).status_code == HTTPStatus.OK
