"""An editor at work in the admin, and a visitor who sees what was published."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.site import RunningSite

SignIn = Callable[[str], Page]


def edit_address(site: RunningSite, slug: str) -> str:
    pk = site.shell(f"from wagtail.models import Page; print(Page.objects.get(slug='{slug}').pk)")
    return f"/admin/pages/{pk.strip()}/edit/"


def test_a_publisher_edits_previews_and_publishes(
    signed_in: SignIn, visitor: Visitor, site: RunningSite
) -> None:
    page = signed_in("publisher")
    page.goto(edit_address(site, "goals"))
    page.get_by_label("Summary").fill("Five goals, seen from Brussels.")
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title=Preview]")
    expect(preview.get_by_text("Five goals, seen from Brussels.")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Toggle preview").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("has been published")).to_be_visible()
    reader = visitor()
    reader.goto("/en/goals/")
    expect(reader.get_by_text("Five goals, seen from Brussels.")).to_be_visible()


def test_an_editor_is_told_which_facts_are_missing(signed_in: SignIn) -> None:
    page = signed_in("operator")
    panel = page.get_by_role("region", name="What the site does not say yet")
    expect(panel.get_by_text("There is no news yet")).to_be_visible()


def test_a_picture_is_uploaded_and_shown(
    signed_in: SignIn, visitor: Visitor, site: RunningSite, tmp_path: object
) -> None:
    from tests.builders import png  # noqa: PLC0415  needs the registry, which the fixtures load

    page = signed_in("publisher")
    page.goto("/admin/images/add/")
    file = {"name": "freezer.png", "mimeType": "image/png", "buffer": png()}
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("Upload successful")).to_be_visible(timeout=30_000)


def test_a_false_picture_is_refused_with_the_reason(signed_in: SignIn) -> None:
    page = signed_in("publisher")
    page.goto("/admin/images/add/")
    file = {"name": "freezer.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("not a valid image").first).to_be_visible(timeout=30_000)
