"""Issues and their archive: where they stand, and nowhere before somebody has the mail."""

import re

import feedparser
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail_localize.models import Translation, TranslationSource

from newsletter.models import Mailing, NewsletterIndexPage, NewsletterIssuePage
from pages.models import NodePage
from tests import builders
from tests.sitemaps import mapped
from worker.mails import validate_header_line

ARCHIVE = "/en/newsletter/issues/"
ISSUE = f"{ARCHIVE}freezers-of-the-north/"


def dutch_home() -> NodePage:
    return builders.home("nl")


# Addresses


def test_issues_stand_below_the_sign_up(home: NodePage) -> None:
    assert builders.issue(home).url == ISSUE
    assert builders.archive(home).url == ARCHIVE


def test_a_changed_slug_keeps_the_place(home: NodePage) -> None:
    builders.issue(home)
    archive = builders.archive(home)
    archive.slug = "letters"
    archive.save_revision().publish()
    assert [page.url for page in Page.objects.descendant_of(home)] == [
        "/en/newsletter/letters/",
        "/en/newsletter/letters/freezers-of-the-north/",
    ]


def test_moving_the_archive_or_an_issue_keeps_the_place(home: NodePage) -> None:
    issue, other = builders.issue(home), builders.text_page(home)
    Page.objects.get(pk=builders.archive(home).pk).move(other, "right")
    issue.refresh_from_db()
    assert [builders.archive(home).url, issue.url] == [ARCHIVE, ISSUE]
    dutch = builders.archive(dutch_home())
    issue.move(dutch, "last-child")
    issue.refresh_from_db()
    assert issue.url_path.endswith("/newsletter/issues/freezers-of-the-north/")


def test_a_translation_has_the_same_place(home: NodePage) -> None:
    home.copy_for_translation(Locale.objects.create(language_code="nl")).save_revision().publish()
    dutch = Locale.objects.get(language_code="nl")
    issue = builders.issue(home)
    for page in (builders.archive(home), issue):
        source, _made = TranslationSource.update_or_create_from_instance(page)
        Translation.objects.create(source=source, target_locale=dutch).save_target(publish=False)
    translated = issue.get_translation(dutch)
    assert translated.url == ISSUE.replace("/en/", "/nl/")
    assert translated.get_parent().url == ARCHIVE.replace("/en/", "/nl/")


def test_the_words_of_the_mail_are_translated_and_the_slug_is_not(home: NodePage) -> None:
    source, _made = TranslationSource.update_or_create_from_instance(
        builders.issue(home, preheader="Read on")
    )
    pieces = set(source.stringsegment_set.values_list("context__path", flat=True))
    assert {"title", "subject", "preheader"} <= pieces
    assert any(piece.startswith("body.") for piece in pieces)
    assert "slug" not in pieces


def test_no_other_page_takes_the_newsletters_address(publishing: Client, home: NodePage) -> None:
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])
    typed = {"title": "News", "slug": "newsletter", "summary": "", "body": streamfield([])}
    typed |= {"comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}}
    response = publishing.post(address, nested_form_data(typed))
    assert "taken by the site itself" in response.text


# The archive


def places_of(browser: Client) -> dict[str, bool]:
    """Where a visitor meets the issue."""
    news = "/en/news/freezer-news/"
    return {
        "itself": browser.get(ISSUE).status_code == 200,
        "list": ISSUE in browser.get(ARCHIVE).text,
        "feed": ISSUE in browser.get(f"{ARCHIVE}feed/").text,
        "search": ISSUE in browser.get("/en/search/?q=freezers").text,
        "sitemap": ISSUE in mapped(browser),
        "link": ISSUE in browser.get(news).text,
    }


@pytest.fixture
def issue(home: NodePage) -> NewsletterIssuePage:
    page = builders.issue(home)
    link = f'<p><a linktype="page" id="{page.pk}">the issue</a></p>'
    builders.news(home, "Freezer news", body=[{"type": "paragraph", "value": link}])
    return page


def test_an_issue_is_nowhere_until_its_mailing_begins(
    client: Client, issue: NewsletterIssuePage
) -> None:
    assert not any(places_of(client).values())
    mailing = builders.mailing(issue)
    assert not any(places_of(client).values()), "prepared is not sent"
    mailing.delete()
    builders.begun(issue)
    assert all(places_of(client).values()), places_of(client)


def test_a_kept_page_shows_what_has_begun(
    client: Client, keeping: None, issue: NewsletterIssuePage
) -> None:
    assert ISSUE not in client.get(ARCHIVE).text
    builders.begun(issue)
    assert ISSUE in client.get(ARCHIVE).text


def test_a_cancelled_mailing_that_had_begun_stays_in_the_archive(
    client: Client, issue: NewsletterIssuePage
) -> None:
    builders.begun(issue, state=Mailing.State.CANCELLED)
    assert client.get(ISSUE).status_code == 200


def test_an_issue_is_shown_in_no_language_that_it_is_not_written_in(
    client: Client, home: NodePage, issue: NewsletterIssuePage
) -> None:
    dutch = Locale.objects.create(language_code="nl")
    home.copy_for_translation(dutch).save_revision().publish()
    builders.archive(home).copy_for_translation(dutch).save_revision().publish()
    issue.save_revision().publish()
    assert not issue.get_translations().exists()
    issue.copy_for_translation(dutch, alias=True)
    builders.begun(issue)
    address = ISSUE.replace("/en/", "/nl/")
    assert client.get(address).status_code == 404
    for place in (ARCHIVE, f"{ARCHIVE}feed/"):
        assert address not in client.get(place.replace("/en/", "/nl/")).text


def test_the_archive_is_newest_first_and_dated_by_the_sending(
    client: Client, home: NodePage
) -> None:
    builders.begun(builders.issue(home, "Second"))
    builders.begun(builders.issue(home, "First"))
    markup = client.get(ARCHIVE).text
    assert markup.index(">First<") < markup.index(">Second<")
    assert markup.count("<time") >= 2


def test_the_feed_is_one_that_readers_know(client: Client, issue: NewsletterIssuePage) -> None:
    builders.begun(issue)
    feed = feedparser.parse(client.get(f"{ARCHIVE}feed/").content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert [entry.title for entry in feed.entries] == [issue.title]
    assert feed.entries[0].id.startswith("urn:uuid:")


def test_the_archive_leads_to_its_feed(client: Client, issue: NewsletterIssuePage) -> None:
    builders.begun(issue)
    markup = client.get(ARCHIVE).text
    assert f'<a href="{ARCHIVE}feed/">' in markup
    assert f'type="application/atom+xml" href="{ARCHIVE}feed/"' in markup


def test_a_language_without_an_archive_has_no_feed(client: Client, home: NodePage) -> None:
    builders.archive(home).delete()
    assert client.get(f"{ARCHIVE}feed/").status_code == 404


def test_machines_are_told_when_it_was_sent(client: Client, issue: NewsletterIssuePage) -> None:
    begun_at = timezone.now()
    builders.begun(issue, started_at=begun_at)
    assert f'"datePublished": "{begun_at.isoformat()}"' in client.get(ISSUE).text


def test_the_page_is_nobodys(client: Client, issue: NewsletterIssuePage) -> None:
    builders.begun(issue)
    markup = client.get(ISSUE).text
    assert "unsubscribe" not in markup.lower()
    assert "{{" not in markup


def test_an_unpublished_teaser_is_left_out_of_the_page(client: Client, home: NodePage) -> None:
    news = builders.news(home, "Shown for now")
    page = builders.issue(home, body=[{"type": "news", "value": [news.pk]}])
    builders.begun(page)
    assert "Shown for now" in client.get(ISSUE).text
    news.unpublish()
    assert "Shown for now" not in client.get(ISSUE).text


# In the admin


def test_an_editor_sees_each_preview_before_anything_is_sent(
    publishing: Client, issue: NewsletterIssuePage
) -> None:
    address = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    shown = {mode: publishing.get(f"{address}?mode={mode}") for mode, _ in issue.preview_modes}
    assert all(response.status_code == 200 for response in shown.values())
    assert "A freezer was moved." in shown["mail"].text
    assert "@media all" in shown["dark"].text
    assert "{{" not in shown["mail"].text + shown["text"].text
    assert "<pre" in shown["text"].text
    assert "the mail can be prepared" in shown["checks"].text
    for mode in ("mail", "dark", "text", "checks"):
        policy = shown[mode].headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy


def test_a_preview_that_is_not_there_is_the_websites(
    publishing: Client, issue: NewsletterIssuePage
) -> None:
    address = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    assert "A freezer was moved." in publishing.get(f"{address}?mode=film").text


def test_what_is_to_be_mended_is_said_in_the_editors_language(
    publishing: Client, issue: NewsletterIssuePage
) -> None:
    locale = Locale.objects.create(language_code="fr")
    french = issue.copy_for_translation(locale, copy_parents=True)
    address = reverse("wagtailadmin_pages:view_draft", args=[french.pk])
    assert "What still has to be mended" in publishing.get(f"{address}?mode=checks").text


def test_a_preview_makes_no_file_and_no_row(
    publishing: Client, home: NodePage, settings: object
) -> None:
    picture = builders.picture()
    block = {"image": {"image": picture.pk, "alt_text": "Cold", "decorative": False}}
    page = builders.issue(home, body=[{"type": "picture", "value": block | {"caption": ""}}])
    before = picture.renditions.count()
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    assert re.search(r'<img[^>]*src="http[^"]*\.jpg"', publishing.get(f"{address}?mode=mail").text)
    assert 'src="data:,"' in publishing.get(f"{address}?mode=dark").text
    assert picture.renditions.count() == before


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x00", "\x85", "\u2028"])
def test_a_line_break_in_the_subject_is_refused(sign: str) -> None:
    with pytest.raises(ValidationError):
        validate_header_line(f"Hello{sign}Bcc: all@example.org")


def test_the_form_refuses_a_line_break_in_the_subject(
    publishing: Client, issue: NewsletterIssuePage
) -> None:
    typed = {
        "title": issue.title,
        "slug": issue.slug,
        "summary": "",
        "subject": "Hello\r\nBcc: all@example.org",
        "preheader": "",
        "body": streamfield([]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    address = reverse("wagtailadmin_pages:edit", args=[issue.pk])
    response = publishing.post(address, nested_form_data(typed))
    assert "no control characters" in response.text
    assert NewsletterIssuePage.objects.get().subject == issue.subject


def test_there_is_one_archive_a_home_and_issues_live_in_it(home: NodePage) -> None:
    builders.archive(home)
    assert not NewsletterIndexPage.can_create_at(home)
    assert not NewsletterIssuePage.can_create_at(home)
