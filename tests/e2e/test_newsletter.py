"""From the first mail to the last, in a real browser and over real SMTP."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.crew import Crew
from tests.e2e.newsletter_site import Post, posting_site
from tests.e2e.site import RunningSite

# Two languages, each in one way; `make audit` has each language in each way.
WAYS = [
    *[("en", True), ("fr", False)],
    *(
        pytest.param(*way, marks=pytest.mark.audit)
        for way in (("en", False), *product(("nl", "de"), (True, False)), ("fr", True))
    ),
]


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    folder = tmp_path_factory.mktemp("newsletter")
    with posting_site(folder) as post:
        crew = Crew(post.site.environment, folder / "worker.log")
        crew.hire()
        yield post
        crew.go_home()


@pytest.fixture(scope="module")
def site(post: Post) -> RunningSite:
    return post.site


def main_button(page: Page) -> None:
    """Press the one button of the page."""
    button = page.get_by_role("main").get_by_role("button")
    expect(button).to_have_count(1)
    button.click()


def sign_up(page: Page, language: str, address: str) -> None:
    page.goto(f"/{language}/")
    form = page.locator("section.newsletter form")
    form.locator("[name=email]").fill(address)
    form.locator("[name=consent]").check()
    form.get_by_role("button").click()
    page.wait_for_url(f"**/{language}/newsletter/check-your-mail/")


def act(page: Page, name: str) -> None:
    page.locator(f"button[name=act][value={name}]").click()
    expect(page.locator(f"#told-{name}")).to_be_visible()


@pytest.mark.parametrize(("language", "scripted"), WAYS)
def test_a_subscriber_comes_chooses_leaves_returns_and_is_erased(
    visitor: Visitor, post: Post, language: str, scripted: bool
) -> None:
    page = visitor(width=360, java_script_enabled=scripted)
    address = f"ada.{language}.{scripted}@example.org".lower()
    sign_up(page, language, address)
    confirm = post.link(address, "confirm")
    assert f"/{language}/newsletter/" in confirm
    page.goto(confirm)
    expect(page.locator("html")).to_have_attribute("lang", language)
    main_button(page)
    page.get_by_role("main").locator("[href*='/manage/']").click()
    page.wait_for_url("**/manage/**")
    own_page = page.url
    page.get_by_role("checkbox").first.uncheck()
    act(page, "topics")
    expect(page.get_by_role("checkbox").first).not_to_be_checked()
    act(page, "leave")
    undo = post.link(address, "undo")
    page.goto(undo)
    main_button(page)
    page.goto(own_page)
    expect(page.get_by_role("checkbox").last).to_be_checked()
    act(page, "erase")
    page.goto(post.link(address, "erase"))
    main_button(page)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    answer = page.goto(own_page)
    assert answer
    assert answer.status == 404
    assert address not in post.rows().lower()
    assert page.context.cookies() == []


def test_a_new_address_is_confirmed_and_the_old_one_told(visitor: Visitor, post: Post) -> None:
    old, new = "bo@example.org", "bo@new.example"
    page = visitor()
    sign_up(page, "en", old)
    page.goto(post.link(old, "confirm"))
    main_button(page)
    page.get_by_role("link", name="Your own page").click()
    act(page, "change-address")
    page.goto(post.link(old, "change-address"))
    page.get_by_label("New e-mail address").fill(new)
    main_button(page)
    page.goto(post.link(new, "confirm-address"))
    main_button(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is confirmed")
    told = post.newest(old)
    assert new not in told.text + told.html


def test_the_link_comes_to_who_asks_for_it(visitor: Visitor, post: Post) -> None:
    page = visitor()
    sign_up(page, "en", "cy@example.org")
    page.goto(post.link("cy@example.org", "confirm"))
    main_button(page)
    for address in ("nobody@example.org", "cy@example.org"):
        page.goto("/en/newsletter/send-my-link/")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_role("button", name="Send me my link").click()
        page.wait_for_url("**/check-your-mail/")
    page.goto(post.link("cy@example.org", "manage"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your newsletter")
    assert not post.server.to("nobody@example.org")


def test_a_scanner_that_is_a_browser_changes_nothing(visitor: Visitor, post: Post) -> None:
    page, address = visitor(), "di@example.org"
    sign_up(page, "en", address)
    page.goto(post.link(address, "confirm"))
    main_button(page)
    page.get_by_role("link", name="Your own page").click()
    for name in ("change-address", "erase", "leave"):
        act(page, name)
    sign_up(page, "en", "not-confirmed@example.org")
    post.link("not-confirmed@example.org", "confirm")
    post.link(address, "undo")
    post.deliver()
    before = post.rows()
    links = {link for mail in post.server.mails for link in post.links_of(mail)}
    names = {re.split(r"/newsletter/", link)[-1].split("/")[0] for link in links}
    assert names >= {"confirm", "never-again", "change-address", "erase", "undo"}
    for link in sorted(links):
        page.goto(link)
    assert post.rows() == before


def test_mistakes_are_reached_and_mended_by_keyboard(visitor: Visitor) -> None:
    page = visitor(width=320)
    page.goto("/en/newsletter/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("ada")
    page.keyboard.press("Enter")
    summary = page.locator(".mistakes")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.get_by_label("E-mail address")
    expect(field).to_be_focused()
    expect(field).to_have_value("ada")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("End")
    page.keyboard.type("@example.org")
    page.get_by_role("checkbox").last.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-your-mail/")
