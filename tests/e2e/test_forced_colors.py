"""A device that brings its own colours, asks for more contrast, or for less motion is obeyed."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visitor

PATHS = ["", "display-settings/", "cookies/", "search/?q=biobank"]
# Contrast of each visible text with the ground it stands on (WCAG 2.2, relative luminance).
FAINT = """() => {
    const linear = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const channel = value => linear(value / 255);
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = numbers(getComputedStyle(at).backgroundColor);
            if (colour[3] !== 0) return colour;
        }
        return [255, 255, 255];
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    while (words.nextNode()) {
        const element = words.currentNode.parentElement;
        if (!words.currentNode.data.trim() || !element.checkVisibility()) continue;
        const [dim, bright] = [numbers(getComputedStyle(element).color), ground(element)]
            .map(light).sort((a, b) => a - b);
        if ((bright + 0.05) / (dim + 0.05) < 4.5) faint.push(element.outerHTML.slice(0, 120));
    }
    return faint;
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.transitionDuration !== "0s" || style.animationName !== "none"
        || style.scrollBehavior === "smooth";
}).length"""
LINE = """element => {
    const drawn = getComputedStyle(element);
    const canvas = getComputedStyle(document.body).backgroundColor;
    return drawn.borderTopStyle !== "none" && drawn.borderTopColor !== canvas
        && parseFloat(drawn.borderTopWidth) >= 1;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_words_can_be_read_in_the_devices_colours(visitor: Visitor, path: str, scheme: str) -> None:
    page = visitor(forced_colors="active", color_scheme=scheme)
    page.goto(f"/en/{path}")
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("theme", ["auto", "dark", "hc"])
def test_the_bar_says_when_the_devices_colours_are_in_use(visitor: Visitor, theme: str) -> None:
    page = in_theme(visitor, theme, forced_colors="active")
    told = page.get_by_text("own colours are in use")
    expect(told).to_be_visible()
    page.emulate_media(forced_colors="none")
    expect(told).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_keep_their_borders(visitor: Visitor, scheme: str) -> None:
    page = visitor(forced_colors="active", color_scheme=scheme)
    page.goto("/en/search/")
    controls = page.locator("button:visible, input:visible, .button:visible").all()
    assert len(controls) > 6
    assert [name_of(control) for control in controls if not control.evaluate(LINE)] == []


def test_what_has_the_focus_keeps_an_outline(visitor: Visitor) -> None:
    page = visitor(forced_colors="active")
    page.goto("/en/")
    unseen = []
    for _press in range(20):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        style = focused.evaluate("e => getComputedStyle(e).outlineStyle")
        if style == "none":
            unseen.append(name_of(focused))
    assert unseen == []


def test_a_pressed_button_differs_by_more_than_colour(visitor: Visitor) -> None:
    page = visitor(forced_colors="active")
    page.goto("/en/")
    drawn = "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).textDecorationLine]"
    pressed = page.get_by_role("button", name="normal text").evaluate(drawn)
    unpressed = page.get_by_role("button", name="larger text").evaluate(drawn)
    assert pressed == ["solid", "underline"]
    assert unpressed == ["none", "none"]


@pytest.mark.parametrize(
    ("theme", "ground"), [("auto", "rgb(0, 0, 0)"), ("light", "rgb(255, 255, 255)")]
)
def test_who_asks_for_more_contrast_gets_it_unless_they_chose(
    visitor: Visitor, theme: str, ground: str
) -> None:
    page = in_theme(visitor, theme, contrast="more")
    assert ground_of(page) == ground


@pytest.mark.parametrize(
    ("theme", "ground"), [("auto", "rgb(14, 23, 34)"), ("hcl", "rgb(255, 255, 255)")]
)
def test_who_asks_for_a_dark_page_gets_it_unless_they_chose(
    visitor: Visitor, theme: str, ground: str
) -> None:
    page = in_theme(visitor, theme, color_scheme="dark")
    assert ground_of(page) == ground


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_who_asks_for_less_motion(
    visitor: Visitor, wish: str, moves: bool
) -> None:
    page = visitor(reduced_motion=wish)
    page.goto("/en/")
    at_rest = page.evaluate(MOVING)
    page.keyboard.press("Tab")  # to the skip link, which slides in
    moving = page.evaluate(MOVING)
    assert not at_rest
    assert bool(moving) == moves


def in_theme(visitor: Visitor, theme: str, **device: str) -> Page:
    """The home of a visitor who chose a theme, on a device with its own wishes."""
    page = visitor(**device)
    page.goto("/en/display-settings/")
    page.locator(f"[name=theme][value={theme}][type=radio]").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/en/")
    return page


def ground_of(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


def name_of(element: Locator) -> str:
    return str(element.evaluate("e => e.outerHTML.slice(0, 120)"))
