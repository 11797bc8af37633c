"""A writer, who approves and who sends, at the screens of an issue and its mailings."""

import re

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.e2e.conftest import Visitor
from tests.ready_made import PASSWORD

WORDS = "Two freezers went to Ghent."


def signed_in(visitor: Visitor, name: str) -> Page:
    page = visitor()
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def choose(page: Page, name: str) -> None:
    """A page for a block. The window is asked for once more where it came to nothing.

    It did so once in many runs, on a busy machine, while Wagtail was saving the draft by itself.
    """
    wanted = page.get_by_role("link", name=name).first
    button = page.get_by_role("button", name="Choose a page").first
    button.click()
    try:
        wanted.click(timeout=15_000)
    except PlaywrightTimeoutError:
        page.keyboard.press("Escape")
        button.click()
        wanted.click()


def hand_in(page: Page, title: str) -> str:
    """To whoever approves, in two clicks. Answers where it is edited."""
    page.wait_for_load_state("networkidle")  # Wagtail saves the draft by itself meanwhile
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Moderators approval").click()
    row = page.get_by_role("row", name=re.compile(f"{title}.*in moderation"))
    expect(row).to_be_visible(timeout=30_000)
    links = [str(link.get_attribute("href")) for link in row.get_by_role("link").all()]
    return next(link for link in links if link.endswith("/edit/"))


def write_news(page: Page, news: str, title: str) -> str:
    page.goto(f"/admin/pages/add/pages/newspage/{news}/")
    page.get_by_role("textbox", name="Title").first.fill(title)
    page.get_by_role("textbox", name="Summary").fill("It stands in Ghent now.")
    return hand_in(page, title)


def write(page: Page, archive: str, title: str, news: str = "") -> str:
    """An issue of a text and, where it is named, a news teaser."""
    page.goto(f"/admin/pages/add/newsletter/newsletterissuepage/{archive}/")
    page.get_by_role("textbox", name="Title").first.fill(title)
    page.get_by_role("textbox", name="Subject").fill(f"{title}, and more")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Text").click()
    page.locator("[contenteditable=true]").last.fill(WORDS)
    taken = page.locator("[name=body-0-value]")  # by the form, a moment later
    expect(taken).to_have_value(re.compile(WORDS))
    if news:
        page.get_by_role("button", name="Insert a block").last.click()
        page.get_by_role("option", name="News").click()
        choose(page, news)
    return hand_in(page, title)


def preview(page: Page, edit: str, mode: str) -> str:
    page.goto(edit)
    chooser = page.get_by_label("Preview mode")
    if not chooser.is_visible():  # it stays open from page to page
        page.get_by_role("button", name="Toggle preview").click()
    chooser.select_option(label=mode)
    frame = page.frame_locator("iframe[title=Preview]").last
    expect(frame.get_by_text("Two freezers went to Ghent.").first).to_be_visible(timeout=30_000)
    return frame.locator("body").inner_text()


def approve(page: Page, edit: str, title: str) -> None:
    page.goto(edit)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve and Publish").click()
    expect(page.get_by_role("row", name=re.compile(f"{title}.*status: live"))).to_be_visible()


def prepare(page: Page) -> None:
    """In the one language that waits for it."""
    page.get_by_role("link", name="Prepare the mailing").click()
    page.get_by_role("checkbox", name=re.compile(r"^Newsletter \(\d+ readers\)")).check()
    page.get_by_role("button", name="Prepare the mailing").click()
    page.wait_for_url("**/newsletter/mailing/*/")


def send(page: Page) -> None:
    page.get_by_role("link", name="Send it …").click()
    page.get_by_role("button", name="Send it", exact=True).click()
    page.wait_for_url("**/newsletter/mailing/*/")
