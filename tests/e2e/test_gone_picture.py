"""A picture goes, its places having been told; the translation that showed it is mended."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.site import RunningSite

SignIn = Callable[[str], Page]
WRITE = """
from django.contrib.auth.models import User
from django.core.management import call_command
from wagtail.models import Locale
from pages.models import NewsIndexPage, NewsPage, NodePage
from pages.translating import drafts
from tests import builders

first, second = builders.large_picture("The old freezer"), builders.large_picture("The new freezer")
node = NodePage.objects.get(locale__language_code="en")
image = {"image": first.pk, "alt_text": "A freezer", "decorative": False}
page = builders.news(node, "A freezer is shown", body=[
    {"type": "picture", "value": {"image": image, "caption": ""}},
])
nl = Locale.objects.get(language_code="nl")
drafts.begin(page, nl, User.objects.get(username="operator"))
call_command("rebuild_references_index", verbosity=0)
print(first.pk, page.get_translation(nl).pk)
"""


def test_a_translation_whose_picture_is_gone_opens_and_is_mended(
    signed_in: SignIn, site: RunningSite, shots: Path | None
) -> None:
    picture, dutch = site.shell(WRITE).split()[-2:]
    page = signed_in("operator")
    page.goto(f"/admin/images/{picture}/delete/")
    expect(page.get_by_text("A freezer is shown").first).to_be_visible()
    if shots:
        look(page, shots, "delete")
    page.get_by_role("button", name="Yes, delete").click()
    expect(page).to_have_url(f"/admin/images/{picture}/delete/")  # the box must be ticked
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Yes, delete").click()
    page.wait_for_url(lambda url: url.endswith("/admin/images/"))
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"/admin/pages/{dutch}/edit/")
    expect(page.get_by_text("Something that stood here was deleted")).to_be_visible()
    if shots:
        look(page, shots, "translation")
    page.get_by_role("button", name="Change image").click()
    page.get_by_role("link", name="The new freezer").first.click()
    expect(page.get_by_role("img", name="The new freezer")).to_be_visible()
    page.reload()
    same = page.get_by_role("button", name="Same in this language")
    while same.count():
        with page.expect_navigation():
            same.first.click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("has been published").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Something that stood here was deleted")).to_be_hidden()
    assert not broken
    page.goto("/nl/news/a-freezer-is-shown/")
    expect(page.get_by_role("img", name="A freezer")).to_be_visible()


def look(page: Page, shots: Path, name: str) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=shots / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})
