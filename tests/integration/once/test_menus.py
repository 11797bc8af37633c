"""Menus lead to pages, to other sites, and to views of this site in the reader's language."""

import pytest
from django.test import Client
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks import menu_views
from pages.blocks.links import MenuLinkBlock
from pages.models import NodePage, SiteIdentity
from tests import builders


@pytest.fixture
def menu(home: NodePage) -> None:
    """A Dutch home whose header menu leads to the search and to a view that is gone."""
    builders.translation_of(builders.text_page(home), "nl")
    identity = SiteIdentity.objects.get(locale__language_code="nl")
    entries = {"Vinden": "search", "Weg": "members:gone", "Blijf": "newsletter:send_my_link"}
    identity.header_menu = [
        {"type": "link", "value": {"label": label, "page": None, "url": "", "view": view}}
        for label, view in entries.items()
    ]
    identity.save()


def test_an_entry_leads_to_a_view_in_the_readers_language(client: Client, menu: None) -> None:
    page = client.get("/nl/").text
    assert '<a href="/nl/search/">Vinden</a>' in page
    assert '<a href="/nl/newsletter/send-my-link/">Blijf</a>' in page
    assert '<a href="/nl/search/" aria-current="page">Vinden</a>' in client.get("/nl/search/").text


@pytest.mark.parametrize("is_offered", [True, False])
def test_an_entry_whose_view_is_gone_is_left_out(
    client: Client, menu: None, monkeypatch: pytest.MonkeyPatch, is_offered: bool
) -> None:
    if is_offered:  # by an app whose address has another name since
        monkeypatch.setitem(menu_views.offered, "members:gone", "Gone")
    assert "Weg" not in client.get("/nl/").text


def test_every_view_that_is_offered_has_an_address(db: None) -> None:
    assert {name for name, _label in menu_views.choices()} >= {"search", "newsletter:sign_up"}
    assert all(menu_views.address(name) for name, _label in menu_views.choices())


@pytest.mark.parametrize(
    ("page", "url", "view"),
    [
        (False, "", ""),
        (True, "https://bbmri-eric.eu", ""),
        (True, "", "search"),
        (False, "https://bbmri-eric.eu", "search"),
    ],
)
def test_an_entry_leads_to_one_place(home: NodePage, page: bool, url: str, view: str) -> None:
    block = MenuLinkBlock()
    value = {"label": "x", "page": home if page else None, "url": url, "view": view}
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.normalize(value))
    assert "one of the three" in str(refused.value.block_errors["page"])


def test_an_entry_names_no_view_that_is_not_offered(home: NodePage) -> None:
    block = MenuLinkBlock()
    for view, is_good in {"search": True, "wagtailadmin_home": False}.items():
        value = block.normalize({"label": "x", "page": None, "url": "", "view": view})
        if is_good:
            assert block.render(block.clean(value)).count('href="/en/search/"') == 1
        else:
            with pytest.raises(StructBlockValidationError):
                block.clean(value)


def test_an_entry_of_before_is_kept_as_it_was(home: NodePage) -> None:
    """It has no `view`."""
    stored = {"label": "News", "page": None, "url": "https://bbmri-eric.eu"}
    block = MenuLinkBlock()
    assert block.clean(block.to_python(stored)).href == stored["url"]
