"""Shared, an address shows words and a picture of what is there, whichever page it is."""

import re
from http import HTTPStatus

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from pages.models import NodePage
from tests import builders
from tests.integration.once.test_pages import KINDS, ONE_OF_EACH

META = re.compile(r'<meta (?:name|property)="([^"]+)"(?: lang="\w+")? content="([^"]*)">')


def said(client: Client, path: str) -> dict[str, str]:
    found = META.findall(client.get(path).text)
    assert len(found) == len(dict(found)), "each is said once"
    return dict(found)


@KINDS
def test_every_kind_of_page_has_words_and_a_picture(
    client: Client, home: NodePage, kind: str
) -> None:
    about = said(client, ONE_OF_EACH[kind](home).url)
    assert about["description"] == about["og:description"] != ""
    assert about["og:image:alt"]


@pytest.mark.parametrize("path", ["search/", "display-settings/", "newsletter/"])
def test_every_view_has_words(client: Client, home: NodePage, path: str) -> None:
    assert said(client, f"/en/{path}")["description"]


def test_a_page_shows_its_own_picture_with_what_it_tells(
    client: Client, home: NodePage, settings: Settings
) -> None:
    picture = builders.large_picture()
    news = builders.news(home, picture=picture, picture_alt="A freezer on a van")
    about = said(client, news.url)
    file, width, height = picture.sizes["wide"]["jpeg"][-1]
    assert about["og:image"] == f"{settings.SITE_URL}/media/{file}"
    assert (about["og:image:width"], about["og:image:height"]) == (str(width), str(height))
    assert about["og:image:alt"] == "A freezer on a van"
    assert said(client, "/en/")["og:image"].endswith(".png")


def test_a_page_without_a_summary_is_described_by_its_first_words(
    client: Client, home: NodePage
) -> None:
    page = builders.text_page(home, body=builders.body("Samples are <b>kept</b> cold."))
    assert said(client, page.url)["description"] == "Samples are kept cold."


def test_a_device_finds_the_icons_of_the_site(client: Client, home: NodePage) -> None:
    assert '<link rel="manifest" href="/site.webmanifest">' in client.get("/en/").text
    assert said(client, "/en/")["theme-color"]
    response = client.get("/site.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    told = response.json()
    assert client.get(told["start_url"]).status_code == HTTPStatus.FOUND
    for icon in told["icons"]:
        file = finders.find(icon["src"].removeprefix("/static/"))
        size = Image.open(str(file)).size
        assert "{}x{}".format(*size) == icon["sizes"]
