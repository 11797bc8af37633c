"""What stands first on a page: within reach of keys and fingers, small, and at rest."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.keyboard import press
from tests.e2e.looks import LANGUAGES
from tests.e2e.site import RunningSite

NEXT = dict(zip(LANGUAGES, [*LANGUAGES[1:], LANGUAGES[0]], strict=True))
SHIFTS = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 600);
})"""
TOP = "() => document.querySelector('h1').getBoundingClientRect().top + scrollY"
ENDS = """() => [...document.querySelectorAll(".hero input, .doors li")].map(
    one => one.getBoundingClientRect().bottom + scrollY)"""
FINGER = 44  # px
# A box to tick is as large as the words that tick it.
SMALL = """least => [...document.querySelectorAll("button, .button, select, input, " +
        "header a, .breadcrumbs a, footer :is(li, address) a")]
    .filter(control => control.checkVisibility())
    .map(control => [control, (control.matches("[type=checkbox], [type=radio]")
        ? control.labels[0] : control).getBoundingClientRect()])
    .filter(([_, box]) => box.width > 1 && Math.min(box.width, box.height) < least)
    .map(([control, box]) => `${box.width} x ${box.height} ${control.outerHTML}`)"""
HEIGHTS = """() => {
    const header = document.querySelector("header"), withLinks = header.offsetHeight;
    const links = header.querySelectorAll("span.wide, li.narrow");
    links.forEach(link => link.remove());
    return [links.length, withLinks, header.offsetHeight];
}"""
LARGE = """() => ["header", "footer", "main p"].map(
    part => parseFloat(getComputedStyle(document.querySelector(part)).fontSize))"""


def choose_text(page: Page, size: str) -> None:
    """As a visitor does who has seen no page yet."""
    page.goto("/en/display-settings/")
    page.locator(f'[type="radio"][name="text"][value="{size}"]').check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#display .saved")).to_be_visible()  # in words of what was chosen


def test_skip_link_first_then_the_answers_then_the_sizes(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/")
    reached = []
    for _press in range(6):
        page.keyboard.press("Tab")
        reached.append(page.locator(":focus").inner_text().replace("\n", " "))
    assert reached[0] == "Skip to the content"
    assert reached[3] == "Reject analytics cookies"
    assert "larger text" in reached[5]


@pytest.mark.parametrize("scripted", [True, False])
def test_keys_alone_refuse_cookies_enlarge_the_text_and_change_the_language(
    visitor: Visitor, scripted: bool
) -> None:
    for language, other in NEXT.items():
        page = visitor(java_script_enabled=scripted)
        page.goto(f"/{language}/people/")
        press(page, page.locator('[name="analytics"][value="0"]'))
        expect(page.locator("#cookie-banner")).to_have_count(0)
        press(page, page.locator('[name="text"][value="150"]'))
        expect(page.locator("html")).to_have_attribute("data-text", "150")
        press(page, page.locator(f'.languages [hreflang="{other}"] >> visible=true'))
        expect(page).to_have_url(f"/{other}/people/")
        expect(page.locator("html")).to_have_attribute("data-text", "150")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_moves_while_the_page_loads(visitor: Visitor, width: int) -> None:
    page = visitor(width=width)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {
        "offline": False,
        "latency": 150,
        "downloadThroughput": 60_000,
        "uploadThroughput": 60_000,
    }
    network.send("Network.emulateNetworkConditions", slow)
    page.goto("/en/")
    expect(page.locator("#cookie-banner")).to_be_visible()
    assert page.evaluate(SHIFTS) == 0


def tops(page: Page, path: str = "") -> list[float]:
    """How far down a page begins, in each language."""
    found = []
    for language in LANGUAGES:
        page.goto(f"/{language}/{path}")
        found.append(page.evaluate(TOP))
    return found


@pytest.mark.parametrize(
    ("phone", "text", "undecided", "decided"),
    [((360, 740), "100", 540, 260), ((320, 568), "200", 920, 460)],
)
def test_the_first_words_are_near_the_top(
    visitor: Visitor, phone: tuple[int, int], text: str, undecided: int, decided: int
) -> None:
    page = visitor(*phone)
    choose_text(page, text)
    assert max(tops(page)) <= undecided
    page.locator('[name="analytics"][value="0"]').click()
    expect(page.locator("#cookies-rejected")).to_be_visible()
    assert max(tops(page)) <= decided


def answered(visitor: Visitor, site: RunningSite) -> Page:
    """The window of somebody who is not asked about cookies any more."""
    page = visitor()
    page.context.add_cookies([{"name": "bbmri_consent", "value": "1.a0", "url": site.url}])
    return page


@pytest.mark.parametrize(
    ("widths", "most"), [((320, 360, 480, 640), 185), ((768, 1024, 1100, 1280, 1920), 245)]
)
def test_the_frame_is_low_in_every_language(
    visitor: Visitor, site: RunningSite, widths: tuple[int, ...], most: int
) -> None:
    page = answered(visitor, site)
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = max(tops(page) + tops(page, "goals/"))
    assert max(found.values()) <= most, found


@pytest.mark.parametrize(("width", "above"), [(1280, 800), (390, 900)])
def test_the_first_screen_has_the_finders_field_and_three_doors(
    visitor: Visitor, site: RunningSite, width: int, above: int
) -> None:
    page = answered(visitor, site)
    page.set_viewport_size({"width": width, "height": 800})
    for language in LANGUAGES:
        page.goto(f"/{language}/")
        ends = page.evaluate(ENDS)
        assert len(ends) == 4, language
        assert max(ends) <= above, (language, ends)


@pytest.mark.parametrize(("width", "is_in_menu"), [(320, True), (360, True), (1280, False)])
def test_the_newsletter_is_in_reach_and_the_header_no_higher_for_it(
    visitor: Visitor, width: int, is_in_menu: bool
) -> None:
    page = visitor(width=width)
    for language in LANGUAGES:
        page.goto(f"/{language}/")
        link = page.locator(f'header [href="/{language}/newsletter/"] >> visible=true')
        expect(link).to_have_count(0 if is_in_menu else 1)
        if is_in_menu:
            page.locator(".tools .menu-button").click()
            expect(link).to_have_count(1)
        links, with_them, without = page.evaluate(HEIGHTS)
        assert (links, with_them) == (2, without), language


def test_the_question_takes_a_third_of_a_phone_at_most(visitor: Visitor) -> None:
    page, found = visitor(width=360, height=740), {}
    for language in LANGUAGES:
        page.goto(f"/{language}/")
        found[language] = page.evaluate(
            "() => document.getElementById('cookie-banner').offsetHeight"
        )
    assert max(found.values()) <= 0.35 * 740, found


def test_every_control_is_large_enough_for_a_finger(visitor: Visitor) -> None:
    page, small = visitor(), {}
    paths = ["", "display-settings/", "cookies/", "newsletter/", "search/"]
    for width, path in product([320, 1280], paths):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/de/{path}")
        if width == 320:
            page.evaluate("() => document.getElementById('site-menu').togglePopover(true)")
        if found := page.evaluate(SMALL, FINGER):
            small[width, path] = found
    assert not small


def test_what_stands_around_a_page_grows_to_a_quarter_more_at_most(
    visitor: Visitor,
) -> None:
    page = visitor()
    page.goto("/en/goals/")
    header, footer, words = page.evaluate(LARGE)
    choose_text(page, "200")
    page.goto("/en/goals/")
    assert page.evaluate(LARGE) == [header * 1.25, footer * 1.25, words * 2]
