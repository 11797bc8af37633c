"""Redirects of editors: loops are refused, and small differences in what is asked forgiven."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from pages.models import NodePage
from tests import builders

AWAY = "https://elsewhere.example/"
COMPOSED = "/biobanken/%C3%9Cbersicht-f%C3%BCr-%C3%84rzte"


@pytest.fixture
def operating(client: Client, admin_of_all: User, home: NodePage) -> Client:
    client.force_login(admin_of_all)
    return client


def add(browser: Client, old: str, new: str = AWAY) -> str:
    fields = {"old_path": old, "redirect_link": new, "is_permanent": "on"}
    return browser.post(reverse("wagtailredirects:add"), fields, follow=True).text


def leads_to(browser: Client, path: str) -> str | None:
    return browser.get(path).headers.get("Location")


@pytest.mark.parametrize("kept", ["/biobanken/Übersicht-für-Ärzte", COMPOSED, COMPOSED.lower()])
@pytest.mark.parametrize(
    "asked",
    [
        COMPOSED,
        COMPOSED.lower(),
        COMPOSED + "/",
        "/BIOBANKEN/%C3%9CBERSICHT-F%C3%9CR-%C3%84RZTE",
        "/biobanken/U%CC%88bersicht-fu%CC%88r-A%CC%88rzte",
        "/biobanken/u%cc%88bersicht-fu%cc%88r-a%cc%88rzte/",
        COMPOSED + "?utm_source=letter&utm_medium=mail",
        COMPOSED + "/?fbclid=abc",
    ],
)
def test_every_way_to_write_an_address_leads_there(
    operating: Client, kept: str, asked: str
) -> None:
    add(operating, kept)
    assert leads_to(operating, asked) == AWAY


@pytest.mark.parametrize("asked", ["/actionplan", "/ActionPlan/", "/ACTIONPLAN?gclid=1"])
def test_capitals_of_a_poster_are_forgiven(operating: Client, asked: str) -> None:
    add(operating, "/ActionPlan")
    assert leads_to(operating, asked) == AWAY


def test_capitals_of_a_redirect_from_before_are_forgiven(operating: Client) -> None:
    Redirect.objects.create(old_path="/Old-Plan", redirect_link=AWAY)
    assert leads_to(operating, "/old-plan/") == AWAY


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/page?id=5", "https://five.example/"),
        ("/Page/?utm_source=x&id=5&fbclid=y", "https://five.example/"),
        ("/page?mc_cid=1", AWAY),
        ("/page?id=6", AWAY),
    ],
)
def test_words_that_count_visits_do_not_hide_those_that_mean_something(
    operating: Client, asked: str, leads: str
) -> None:
    add(operating, "/page?id=5", "https://five.example/")
    add(operating, "/page")
    assert leads_to(operating, asked) == leads


@pytest.mark.parametrize("chain", [["/a"], ["/a", "/b"], ["/a", "/b", "/c", "/d"]])
@pytest.mark.parametrize("ending", ["", "/", "?utm_source=x"])
def test_a_loop_of_any_length_is_refused(operating: Client, chain: list[str], ending: str) -> None:
    host = "http://localhost"
    for old, new in pairwise(chain):
        add(operating, old, host + new)
    assert Redirect.objects.count() == len(chain) - 1
    answer = add(operating, chain[-1].upper(), host + chain[0] + ending)
    assert "back to its own address" in answer
    assert Redirect.objects.count() == len(chain) - 1


def test_a_redirect_that_is_changed_into_a_loop_is_refused(operating: Client) -> None:
    add(operating, "/a", "http://localhost/b")
    add(operating, "/b")
    changed = Redirect.objects.get(old_path="/b")
    fields = {"old_path": "/b", "redirect_link": "http://localhost/a", "is_permanent": "on"}
    address = reverse("wagtailredirects:edit", args=[changed.pk])
    assert "back to its own address" in operating.post(address, fields).text


@pytest.mark.parametrize("old", ["/en/news/", "/en/news", "/EN/News", "/en/"])
def test_a_redirect_from_a_page_is_refused(operating: Client, home: NodePage, old: str) -> None:
    builders.news(home)
    assert "A page stands at this address" in add(operating, old)
    assert not Redirect.objects.exists()


def test_a_page_made_later_answers_for_all_that_is_below_it(
    operating: Client, home: NodePage
) -> None:
    add(operating, "/en/news")
    assert leads_to(operating, "/en/news/") == AWAY
    builders.news(home)
    assert operating.get("/en/news/").status_code == 200
    assert leads_to(operating, "/en/news") == "/en/news/"
    assert operating.get("/en/news/?page=99").status_code in {200, 404}
    assert leads_to(operating, "/en/news/?page=99") is None


@pytest.mark.parametrize(
    "target", ["//evil.example/", "/\\evil.example/", "https:///evil.example", "ftp://a.example/"]
)
def test_a_target_without_a_full_address_is_refused(operating: Client, target: str) -> None:
    add(operating, "/a", target)
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("old", ["http://[x", "/" + "a" * 300, "/" + "İ" * 200])
def test_an_address_that_cannot_be_kept_is_refused(operating: Client, old: str) -> None:
    add(operating, old)
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    "asked", ["/" + "a" * 3_000, "/" + "a" * 60_000, "/%00", "/%ff%fe", "/;;?&&=", "/%2F%2Fa"]
)
def test_any_address_is_answered(operating: Client, asked: str) -> None:
    assert operating.get(asked).status_code in {400, 404, 414}


def test_an_imported_list_obeys_the_same(operating: Client, home: NodePage) -> None:
    builders.news(home)
    rows = ["old,new", f"/Plan,{AWAY}", "/x,http://localhost/y", "/y,http://localhost/X"]
    rows += [f"/en/news/,{AWAY}", "/z,//evil.example/"]
    file = SimpleUploadedFile("list.csv", "\n".join(rows).encode(), "text/csv")
    page = operating.post(reverse("wagtailredirects:start_import"), {"import_file": file})
    fields = page.context["form"].initial | {"from_index": 0, "to_index": 1, "permanent": "on"}
    answer = operating.post(reverse("wagtailredirects:process_import"), fields).text
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/plan", "/x"}
    assert "back to its own address" in answer
    assert "A page stands at this address" in answer
    assert "full address" in answer
