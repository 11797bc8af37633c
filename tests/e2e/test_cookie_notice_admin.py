"""The operator publishes a version of the cookie notice; visitors are asked again, or are not."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.site import RunningSite, running_site

SHOWS_WITHIN = 2_000  # milliseconds, in every process
FIRST_WORDS = "We use cookies to analyse the traffic on our websites."
MENDED = "We use cookies to analyse the visits to our websites."
MEANT = "We use cookies to count how often each page is read."
SignIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One of this file's own: what is published here stays published."""
    with running_site(tmp_path_factory.mktemp("notice")) as site:
        yield site


def publish(page: Page, words: str, *, material: bool) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Cookie notice").click()
    page.get_by_label("Notice (English)").fill(words)
    if material:
        page.get_by_label("The meaning changed: ask every visitor again").check()
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_text(re.compile(r"Version \d of the cookie notice"))).to_be_visible()
    page.wait_for_timeout(SHOWS_WITHIN)


def banner(page: Page) -> Locator:
    page.goto("/en/")
    return page.locator("#cookie-banner")


def answer(page: Page, button: str) -> None:
    page.get_by_role("button", name=f"{button} analytics cookies").click()
    expect(page.locator("#cookie-banner")).to_have_count(0)


# In this order: each version follows the one before.


def test_a_mended_slip_asks_nobody_again(signed_in: SignIn, visitor: Visitor) -> None:
    decided, newcomer = visitor(), visitor()
    expect(banner(decided)).to_contain_text(FIRST_WORDS)
    answer(decided, "Reject")
    publish(signed_in("operator"), MENDED, material=False)
    expect(banner(decided)).to_have_count(0)
    expect(banner(newcomer)).to_contain_text(MENDED)


def test_a_new_meaning_asks_everyone_again(signed_in: SignIn, visitor: Visitor) -> None:
    accepted, rejected = visitor(), visitor(java_script_enabled=False)
    for page, button in ((accepted, "Accept"), (rejected, "Reject")):
        expect(banner(page)).to_be_visible()
        answer(page, button)
        expect(banner(page)).to_have_count(0)
    publish(signed_in("operator"), MEANT, material=True)
    for page in (accepted, rejected):
        expect(banner(page)).to_contain_text(MEANT)
        answer(page, "Accept")
        assert {cookie["value"] for cookie in page.context.cookies()} == {"3.a1"}


def test_earlier_versions_stay_readable(signed_in: SignIn, visitor: Visitor) -> None:
    reader, operator = visitor(), signed_in("operator")
    reader.goto("/en/cookies/")
    for number, words in enumerate((FIRST_WORDS, MENDED), start=1):
        reader.get_by_text(re.compile(rf"Earlier notice of .* \(version {number}\)")).click()
        expect(reader.get_by_role("main").get_by_text(words)).to_be_visible()
    operator.goto("/admin/cookie-notice/")
    published = operator.get_by_role("region", name="Published versions")
    told = {FIRST_WORDS: "yes", MENDED: "no", MEANT: "yes"}
    for number, (words, is_new) in enumerate(told.items(), start=1):
        version = published.locator("details").filter(has_text=f"Version {number}")
        if number < 3:  # the version that holds is open
            version.locator("summary").click()
        expect(version.get_by_text(words)).to_be_visible()
        expect(version.locator("summary")).to_contain_text(f"The meaning changed: {is_new}")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_counts_are_shown_at_any_width(
    signed_in: SignIn, shots: Path | None, width: int
) -> None:
    page = signed_in("operator")
    page.set_viewport_size({"width": width, "height": 3_000})
    page.goto("/admin/cookie-notice/")
    rows = page.get_by_role("table").last.get_by_role("row")
    expect(rows.filter(has_text="rejected").first).to_contain_text("banner")
    expect(rows.filter(has_text="accepted").first).to_be_visible()
    if shots:
        page.screenshot(path=shots / f"cookie-notice-{width}.png")
    widest = (
        "() => Math.max(...[...document.querySelectorAll('main, html')].map(e => e.scrollWidth))"
    )
    assert page.evaluate(widest) <= width
