"""Editors search with the same index: accents make no difference, beginnings are enough."""

import pytest
from django.test import Client
from django.urls import reverse

from pages.models import NodePage
from tests import builders


@pytest.mark.parametrize("words", ["Liège", "lieg", "LIEGE sam", '"samples of"'])
def test_editors_find_pages_in_the_admin(publishing: Client, home: NodePage, words: str) -> None:
    builders.text_page(home, "Liège: samples of today")
    for name in ["wagtailadmin_pages:search", "wagtailadmin_choose_page_search"]:
        assert "samples of today" in publishing.get(reverse(name), {"q": words}).text
    below = reverse("wagtailadmin_explore", args=[home.pk])
    assert "samples of today" in publishing.get(below, {"q": "liege"}).text


@pytest.mark.parametrize("words", ["*", '"!" -', "' OR 1", "word " * 60])
def test_editors_may_type_anything(publishing: Client, home: NodePage, words: str) -> None:
    for name in ["wagtailadmin_pages:search", "wagtailadmin_choose_page_search"]:
        for order in ["", "title"]:
            query = {"q": words, "ordering": order}
            assert "Belgium (Member)" not in publishing.get(reverse(name), query).text


def test_editors_find_pages_in_the_order_they_choose(publishing: Client, home: NodePage) -> None:
    for title in ["Sample C", "Sample A", "Sample B"]:
        builders.text_page(home, title)
    address = reverse("wagtailadmin_pages:search")
    text = publishing.get(address, {"q": "sample", "ordering": "title"}).text
    assert text.index("Sample A") < text.index("Sample B") < text.index("Sample C")


def test_editors_find_pictures(publishing: Client, media: object) -> None:
    builders.picture("Congélateur à Liège")
    for words in ["liege", "Liège", "cong"]:
        assert "Congélateur" in publishing.get(reverse("wagtailimages:index"), {"q": words}).text
