"""A visitor's ways through the site, in a real browser."""

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.e2e.keyboard import press
from tests.e2e.looks import LANGUAGES
from tests.e2e.site import RunningSite

PATHS = [
    "",
    "networks/",
    "people/",
    "cookies/",
    "display-settings/",
    "search/?q=biobank",
    "nowhere/",
]
# A sheet made by a script is the reader's own: the content policy does not forbid it.
SET_APART = """text => {
    document.documentElement.dataset.text = text;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""
CUT = """() => {
    const root = document.documentElement;
    const cut = [...document.querySelectorAll("body *")].filter(element =>
        getComputedStyle(element).overflowX !== "visible" && element.checkVisibility()
        && !element.matches(".visually-hidden, .table-scroll, .page-head")
        && element.scrollWidth > element.clientWidth + 1);
    return [...cut.map(element => element.outerHTML.slice(0, 120)),
        ...(root.scrollWidth > innerWidth ? ["the page"] : [])];
}"""


@pytest.mark.parametrize("scripted", [True, False])
def test_a_visitor_browses_from_home_to_a_network_and_back(
    visitor: Visitor, scripted: bool
) -> None:
    page = visitor(java_script_enabled=scripted)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("biobanks, in one place")
    page.get_by_role("navigation").get_by_role("link", name="Networks").first.click()
    page.get_by_role("main").get_by_role("link", name="Biothèque").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biothèque")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("biobanks, in one place")


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
    press(page, page.get_by_role("link", name="People").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    press(page, page.get_by_role("link", name="Annelies Debucquoy").first)
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_letters_and_lines_set_apart_nothing_scrolls_sideways_or_is_cut(
    visitor: Visitor, language: str
) -> None:
    """WCAG 2.2 SC 1.4.12; 640 px at 200 % is a window that was made larger to 400 % (SC 1.4.10)."""
    page, wrong = visitor(), {}
    for path, (width, text) in product(PATHS, [(320, "100"), (320, "200"), (640, "200")]):
        page.set_viewport_size({"width": width, "height": 600})
        page.goto(f"/{language}/{path}")
        page.evaluate(SET_APART, text)
        if cut := page.evaluate(CUT):
            wrong[path, width, text] = cut
    assert not wrong


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
