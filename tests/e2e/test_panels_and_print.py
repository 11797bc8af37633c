"""No panel lies over what has the focus; on paper and without styles a page says what is so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.keyboard import tab_to

PANELS = {"": "site-menu", "biobanks/": "filters"}
PAPER = (680, 1000)  # px: A4 with margins
PRINTED = ["", "biobanks/", "biobanks/uza/", "search/?q=law", "faq/", "newsletter/", "the-law/"]
# Where the focus is, whatever lies over its middle.
COVERED = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return over && !element.contains(over) && !over.contains(element) ? over.outerHTML : "";
}"""
TO_ITS_END = """panel => {
    if (!panel.matches(":popover-open")) panel.showPopover();
    [...panel.querySelectorAll("a, button, input")].filter(e => e.checkVisibility()).at(-1).focus();
}"""
CONTROLS = """() => [...document.querySelectorAll("form:not(.choosing), button, input, select")]
    .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 200))"""
CUT = """() => [...document.querySelectorAll("main :is(table, svg, img, p, .details)")]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 200))"""
FALSE = re.compile(r"You (accepted|rejected)|are saved|You have left|colours are in use:")


@pytest.mark.parametrize("scripted", [True, False])
def test_the_focus_is_never_under_an_open_panel(visitor: Visitor, scripted: bool) -> None:
    for path, panel in PANELS.items():
        page = visitor(width=390, height=844, java_script_enabled=scripted)
        page.goto(f"/en/{path}")
        opener = page.locator(f"[popovertarget={panel}]:not([popovertargetaction])")
        tab_to(page, opener)
        page.keyboard.press("Enter")
        closer = page.locator(f"#{panel} [popovertargetaction=hide]")
        expect(closer).to_be_focused()
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        expect(closer).to_be_focused()
        page.keyboard.press("Shift+Tab")  # out of it, to what it covers
        assert not page.evaluate(COVERED), path
        page.locator(f"#{panel}").evaluate(TO_ITS_END)
        for _press in range(4):
            page.keyboard.press("Tab")
            assert not page.evaluate(COVERED), path


def on_paper(page: Page, path: str) -> None:
    page.goto(f"/en/{path}")
    page.emulate_media(media="print")


def test_no_form_is_printed_and_nothing_is_cut(visitor: Visitor) -> None:
    page = visitor(*PAPER)
    for path in PRINTED:
        on_paper(page, path)
        assert not page.evaluate(CONTROLS), path
        assert not page.evaluate(CUT), path
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_without_styles_nothing_is_told_that_is_not_so(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.route("**/*.css", lambda route: route.abort())
    for path in ["", "display-settings/"]:
        page.goto(f"/en/{path}")
        # As a browser of text reads it, which knows no `hidden`.
        assert not FALSE.search(page.locator("body").text_content() or "")
