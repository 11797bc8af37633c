"""Nobody's script runs on a public page, whoever is signed in; user bar and previews still work."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import RunningSite
from tests.e2e.test_editor import edit_address

SignIn = Callable[[str], Page]
SCRIPT = "javascript:document.title='a script ran'"
# A translator's words as wagtail-localize keeps them: put there past the screens, which refuse it.
HOSTILE = f"""
import json
from wagtail.models import Locale, Page
from wagtail_localize.models import OverridableSegment, SegmentOverride, Translation
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource
from newsletter.models import NewsletterIssuePage, NewsletterIndexPage
from pages.models import NodePage, StandardPage
home = NodePage.objects.get(locale__language_code="en")
dutch = Locale.objects.get(language_code="nl")
words = '<p>Read <a href="https://a.example/">these words</a></p>'
about = StandardPage(title="Hostile", body=[("paragraph", words)])
home.add_child(instance=about)
issue = NewsletterIssuePage(title="Hostile issue", subject="Hostile", body=[("text", words)])
NewsletterIndexPage.objects.get(locale__language_code="en").add_child(instance=issue)
for page in (about, issue):
    page.refresh_from_db()
    page.save_revision().publish()
    source, _made = TranslationSource.get_or_create_from_instance(page)
    made, _made = Translation.objects.get_or_create(source=source, target_locale=dutch)
    for segment in OverridableSegment.objects.filter(source=source):
        if segment.data == "https://a.example/":
            SegmentOverride.objects.create(
                locale=dutch, context=segment.context, data_json=json.dumps("{SCRIPT}")
            )
    for segment in StringSegment.objects.filter(source=source):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string, locale=dutch, context=segment.context,
            defaults={{"data": f"{{segment.string.data}} (nl)"}},
        )
    made.save_target(publish=True)
    assert "javascript:" in str(page.get_translation(dutch).specific.body.raw_data)
"""


@pytest.fixture(scope="module")
def hostile(site: RunningSite) -> Iterator[None]:
    site.shell(HOSTILE)
    yield
    gone = "from wagtail.models import Page; [p.delete() for p in Page.objects.filter("
    site.shell(f"{gone}slug__startswith='hostile')]")


def assert_harmless(page: Page) -> None:
    words = page.get_by_text("these words").first
    words.click()
    page.wait_for_timeout(300)
    assert page.title() != "a script ran"
    assert page.locator("a[href^='javascript']").count() == 0


@pytest.mark.usefixtures("hostile")
def test_a_translators_script_does_not_run_for_the_operator(
    signed_in: SignIn, site: RunningSite
) -> None:
    page = signed_in("operator")
    page.goto("/nl/hostile/")
    assert page.locator("wagtail-userbar").count() == 1
    assert_harmless(page)
    address = edit_address(site, "hostile-issue", "nl").replace("/edit/", "/view_draft/")
    page.goto(address)
    assert_harmless(page)
    page.goto(f"{address}?mode=mail")
    assert_harmless(page)


def test_the_user_bar_checks_a_page_and_shows_what_is_wrong(
    signed_in: SignIn, site: RunningSite
) -> None:
    faulty = "[('paragraph', '<p><b>No heading but bold</b></p><h4>Too deep</h4><p>So.</p>')]"
    site.shell(
        "from pages.models import NodePage, StandardPage\n"
        "home = NodePage.objects.get(locale__language_code='en')\n"
        f"home.add_child(instance=StandardPage(title='Faulty', body={faulty}))"
    )
    page = signed_in("publisher")
    page.goto("/en/faulty/")
    page.get_by_role("button", name="View Wagtail quick actions").click()
    expect(page.get_by_role("menuitem", name="Edit this page")).to_be_visible()
    page.get_by_role("menuitem", name="Checks").click()
    found = page.locator("[data-content-checker-row]")
    expect(found.first).to_be_visible(timeout=20_000)
    found.first.get_by_role("button", name="Show issue").click()
    mark = page.locator("wagtail-inline-userbar").first
    expect(mark).to_be_attached()
    mark.get_by_role("button", name="Show issue").click()
    expect(mark.locator("[data-content-checker-help]").last).to_be_visible()


def test_a_preview_shows_its_page_in_the_editor(signed_in: SignIn, site: RunningSite) -> None:
    page = signed_in("publisher")
    page.goto(edit_address(site, "goals"))
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title=Preview]").first
    expect(preview.get_by_role("heading", name="Goals")).to_be_visible(timeout=30_000)
