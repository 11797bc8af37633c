"""An editor at work in the admin, and a visitor who sees what was published."""

import re
from collections.abc import Callable
from pathlib import Path
from time import sleep

from playwright.sync_api import FilePayload, Page, Route, expect

from tests import builders
from tests.e2e.conftest import Visitor
from tests.e2e.site import RunningSite

SHOWS_WITHIN = 2_000  # milliseconds, in every process
# From when on Wagtail saves what is typed by itself.
WATCHED = """() => new Promise(
    go => document.addEventListener("w-unsaved:watch-edits", () => go(), {once: true}))"""
SignIn = Callable[[str], Page]


def edit_address(site: RunningSite, slug: str, language: str = "en") -> str:
    page = f"Page.objects.get(slug__startswith='{slug}', locale__language_code='{language}')"
    pk = site.shell(f"from wagtail.models import Page; print({page}.pk)")
    return f"/admin/pages/{pk.strip()}/edit/"


def test_a_publisher_edits_previews_and_publishes(
    signed_in: SignIn, visitor: Visitor, site: RunningSite
) -> None:
    page = signed_in("publisher")
    page.goto(edit_address(site, "goals"))
    page.get_by_role("textbox", name="Summary").fill("Five goals, seen from Brussels.")
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title=Preview]").first
    expect(preview.get_by_text("Five goals, seen from Brussels.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Toggle preview").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("has been published")).to_be_visible(timeout=30_000)
    page.goto("/en/goals/")
    page.get_by_role("button", name="View Wagtail quick actions").click()
    expect(page.get_by_role("menuitem", name="Edit this page")).to_be_visible()
    reader = visitor()
    reader.wait_for_timeout(SHOWS_WITHIN)
    reader.goto("/en/goals/")
    expect(reader.get_by_text("Five goals, seen from Brussels.")).to_be_visible()


def test_a_button_pressed_while_a_draft_is_being_saved_makes_one_page(
    signed_in: SignIn, site: RunningSite
) -> None:
    page = signed_in("publisher")
    page.route("**/pages/add/**", slowly)
    node = edit_address(site, "home-1").split("/")[3]
    page.goto(f"/admin/pages/add/pages/standardpage/{node}/")
    page.evaluate(WATCHED)
    page.get_by_role("textbox", name="Title").fill("How a freezer is moved")
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("textbox", name="Summary").fill("By four people.")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("has been published")).to_be_visible(timeout=30_000)
    assert page.request.get("/en/how-a-freezer-is-moved/").ok
    assert page.request.get("/en/how-a-freezer-is-moved-2/").status == 404


def slowly(route: Route) -> None:
    """The draft is saved at once, and the editor hears of it late."""
    answer = route.fetch(max_redirects=0)
    sleep(1)
    route.fulfill(response=answer)


def test_an_editor_is_told_which_facts_are_missing(signed_in: SignIn) -> None:
    page = signed_in("operator")
    panel = page.get_by_role("region", name="What the site does not say yet")
    expect(panel.get_by_text("There is no news yet")).to_be_visible()


def upload(page: Page, content: bytes) -> None:
    page.goto("/admin/images/add/")
    file = FilePayload(name="freezer.png", mimeType="image/png", buffer=content)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Title").fill("A rack of tubes")
    page.get_by_role("button", name="Upload").click()


def test_a_picture_is_uploaded_and_its_sizes_are_served(
    signed_in: SignIn, site: RunningSite
) -> None:
    page = signed_in("publisher")
    upload(page, builders.png())
    expect(page.get_by_text("Image 'A rack of tubes' added")).to_be_visible()
    told = (
        "from pages.models import Picture\n"
        "print(Picture.objects.get(title='A rack of tubes').sizes['card']['avif'][0][0])"
    )
    size = page.request.get(f"/media/{site.shell(told).strip()}")
    assert size.headers["content-type"] == "image/avif"


def test_a_false_picture_is_refused_with_the_reason(signed_in: SignIn) -> None:
    page = signed_in("publisher")
    upload(page, b"not a picture")
    expect(page.get_by_text("Upload a valid image")).to_be_visible()


def test_a_changed_sentence_of_the_home_is_translated_and_read(
    signed_in: SignIn, visitor: Visitor, site: RunningSite, shots: Path | None
) -> None:
    page = signed_in("operator")
    address = edit_address(site, "home-1")
    page.goto(address)
    page.get_by_role("textbox", name="Summary").fill("The node, in words of today.")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("has been published")).to_be_visible(timeout=30_000)
    page.goto(address)
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Sync translated pages").click()
    page.locator("main form [type=submit]").last.click()
    expect(page).to_have_url(re.compile(re.escape(address)))
    page.goto(edit_address(site, "home-1", "nl"))
    buttons = page.get_by_role("button", name="Translate")
    pieces = page.locator("li", has_text="The node, in words of today.").filter(
        has=page.locator("button, textarea")
    )
    if shots:
        page.screenshot(path=shots / "translation-desk.png", full_page=True)
    piece = pieces.filter(has=buttons).last
    piece.get_by_role("button", name="Translate").click()
    piece = pieces.filter(has=page.locator("textarea")).last
    piece.locator("textarea").fill("Het knooppunt, in woorden van nu.")
    piece.get_by_role("button", name="Save").click()
    expect(pieces.filter(has_text="Translated manually").last).to_be_visible()
    page.reload()
    same = page.get_by_role("button", name="Same in this language")
    while same.count():  # the address, whose lines the browser ends otherwise
        with page.expect_navigation():
            same.first.click()
    expect(page.get_by_text("Every piece is translated.")).to_be_visible()
    if shots:
        page.screenshot(path=shots / "translation-whole.png", full_page=True)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("has been published").first).to_be_visible(timeout=30_000)
    reader = visitor()
    reader.wait_for_timeout(SHOWS_WITHIN)
    reader.goto("/nl/")
    expect(reader.get_by_text("Het knooppunt, in woorden van nu.").first).to_be_visible()
