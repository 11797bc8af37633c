"""A visitor's ways through the site, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.site import RunningSite


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the link of that name has the focus."""
    wanted = page.get_by_role("link", name=name).first
    for _press in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{name} is not reached by {most} presses of Tab")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_visitor_browses_from_home_to_a_network_and_back(
    visitor: Visitor, scripted: bool
) -> None:
    page = visitor(java_script_enabled=scripted)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Belgium (Member)")
    page.get_by_role("navigation").get_by_role("link", name="Networks").first.click()
    page.get_by_role("main").get_by_role("link", name="Biothèque").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biothèque")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Belgium (Member)")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_visitor_searches_without_accents(visitor: Visitor, scripted: bool) -> None:
    page = visitor(width=360, java_script_enabled=scripted)
    page.goto("/en/search/")
    field = page.get_by_role("main").get_by_role("searchbox")
    field.fill("biotheque")
    field.press("Enter")
    expect(page.get_by_role("main").locator("mark").first).to_have_text("Biothèque")


def test_the_keyboard_alone_reaches_everything(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto("/en/")
    tab_to(page, "People")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    tab_to(page, "Annelies Debucquoy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Annelies Debucquoy")


def test_what_has_the_focus_can_be_seen(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/")
    unseen = []
    for _press in range(25):
        page.keyboard.press("Tab")
        outline = "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow]"
        style, shadow = page.locator(":focus").evaluate(outline)
        if style == "none" and shadow == "none":
            unseen.append(page.locator(":focus").inner_text())
    assert not unseen


@pytest.mark.parametrize("path", ["", "networks/", "people/", "search/?q=biobank", "nowhere/"])
@pytest.mark.parametrize(("width", "text"), [(320, "100"), (320, "200"), (640, "200")])
def test_no_page_scrolls_sideways(visitor: Visitor, path: str, width: int, text: str) -> None:
    page = visitor(width=width, height=600)
    page.goto(f"/en/{path}")
    page.evaluate("size => document.documentElement.dataset.text = size", text)
    root = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert root[0] <= root[1]


def test_a_visit_sets_no_cookie(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    for path in ["", "goals/", "people/", "networks/", "news/", "search/?q=law", "nowhere/"]:
        page.goto(f"/en/{path}")
    assert page.context.cookies() == []
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0


def test_print_leaves_out_the_chrome_and_keeps_the_funding(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/goals/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_text("676550")).to_be_visible()
