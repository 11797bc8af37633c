"""A test mail is the mail that readers get, and shows its draft to whoever has it, for a time."""

import re
import time
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry, Revision

from newsletter.models import NewsletterIssuePage
from newsletter.tokens import DRAFT
from pages.models import NodePage
from tests import builders
from tests.mail_server import Mail, MailServer

DESK = "desk@example.org"
pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(home: NodePage, editor: User) -> NewsletterIssuePage:
    """A draft that its editor saved and nobody approved."""
    issue = builders.issue(home)
    issue.unpublish()
    issue.title = "Freezers, as drafted"
    issue.save_revision(user=editor)
    return issue


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """Who may write issues and has nothing to do with mailings."""
    client.force_login(editor)
    return client


def screen(issue: NewsletterIssuePage) -> str:
    return reverse("newsletter_try_draft", args=[issue.pk])


def tried(desk: Client, issue: NewsletterIssuePage, address: str = DESK) -> str:
    answer: Any = desk.post(screen(issue), {"address": address}, follow=True)
    assert answer.status_code == HTTPStatus.OK
    return answer.text


def link_online(mail: Mail) -> str:
    [in_html] = re.findall(r'href="([^"]*/draft/[^"]*)"', mail.html)
    assert in_html in mail.text.splitlines()
    return in_html.removeprefix(site.SITE_URL)


def test_a_draft_is_tried_from_the_screen_it_is_written_on(
    desk: Client, issue: NewsletterIssuePage, server: MailServer
) -> None:
    editing = desk.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).text
    listing = desk.get(reverse("wagtailadmin_explore", args=[issue.get_parent().pk])).text
    assert screen(issue) in editing
    assert screen(issue) in listing
    assert "The test is sent." in tried(desk, issue)
    [mail] = server.mails
    assert (mail.recipient, mail.message["To"]) == (DESK, DESK)
    assert mail.message["Subject"] == f"[TEST] {issue.subject}"
    assert "Freezers, as drafted" in mail.html
    assert "Freezers, as drafted" in mail.text
    assert "-link}}" not in mail.html + mail.text
    entry = PageLogEntry.objects.get(action="newsletter.try")
    assert "example.org" not in f"{entry.data} {entry.label}"


def test_it_has_the_headers_of_an_issue_and_links_that_are_about_nobody(
    client: Client, desk: Client, issue: NewsletterIssuePage, server: MailServer
) -> None:
    tried(desk, issue)
    [mail] = server.mails
    assert mail.message["Message-ID"].strip().endswith(f"@{site.MAIL_DOMAIN}>")
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.message["Precedence"] == "bulk"
    leave = mail.message["List-Unsubscribe"].strip("<> ").removeprefix(site.SITE_URL)
    assert client.post(leave).text.startswith("This is of a test mail")
    personal = re.findall(rf"{site.SITE_URL}(/en/newsletter/(?:manage|unsubscribe)/\S+)", mail.text)
    assert len(personal) == 2
    for link in personal:
        answer = client.get(link)
        assert answer.status_code == HTTPStatus.OK
        assert "This link is from a test mail" in answer.text


def test_its_link_shows_the_draft_as_it_was_sent_to_whoever_has_it(
    desk: Client, issue: NewsletterIssuePage, server: MailServer, editor: User
) -> None:
    tried(desk, issue)
    link = link_online(server.mails[0])
    issue.title = "Written over"  # as the editor's screen does by itself
    issue.save_revision(user=editor, overwrite_revision=issue.latest_revision)
    issue.refresh_from_db()
    assert issue.latest_revision == issue.get_latest_revision()
    assert issue.latest_revision.as_object().title == "Written over"
    page = Client().get(link)
    assert page.status_code == HTTPStatus.OK
    assert "Freezers, as drafted" in page.text
    assert "The draft of" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert not page.cookies
    assert Client().get(issue.url).status_code == HTTPStatus.NOT_FOUND


def test_its_link_ends(
    issue: NewsletterIssuePage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = DRAFT.link("en", issue.latest_revision).removeprefix(site.SITE_URL)
    assert client.get(link).status_code == HTTPStatus.OK
    later = time.time() + timedelta(days=15).total_seconds()
    monkeypatch.setattr("time.time", lambda: later)
    assert client.get(link).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("fault", ["550 5.7.1 not from here", "421 not now"])
def test_what_the_mail_server_says_is_told_and_nothing_kept(
    desk: Client, issue: NewsletterIssuePage, server: MailServer, fault: str
) -> None:
    server.fail("recipient", fault)
    before = Revision.objects.count()
    told = tried(desk, issue)
    assert "The test was not sent: the mail server said" in told
    assert fault[:3] in told
    assert Revision.objects.count() == before
    assert not PageLogEntry.objects.filter(action="newsletter.try").exists()


def test_what_cannot_be_a_mail_is_said(
    desk: Client, issue: NewsletterIssuePage, server: MailServer
) -> None:
    assert "Enter a valid email address" in tried(desk, issue, "no address")
    issue.subject = ""
    issue.save_revision(clean=False)
    assert "The issue has no subject." in tried(desk, issue)
    issue.subject = "One\nTwo"
    issue.save_revision(clean=False)
    assert "must be one line each" in tried(desk, issue)
    assert server.mails == []


def test_what_has_to_be_mended_is_told_and_keeps_no_test_back(
    desk: Client, issue: NewsletterIssuePage, server: MailServer
) -> None:
    issue.body = [("text", "<p>Dear *|FNAME|*</p>")]
    issue.save_revision(clean=False)
    assert "“*|FNAME|*” is filled in" in desk.get(screen(issue)).text
    tried(desk, issue)
    assert "*|FNAME|*" in server.mails[0].text


def test_who_may_not_edit_the_issue_may_not_try_it(
    client: Client, issue: NewsletterIssuePage, manager: User, server: MailServer
) -> None:
    client.force_login(manager)
    manager.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    for ask in (client.get, client.post):
        assert ask(screen(issue)).headers["Location"] == "/admin/"
    assert server.mails == []


def test_the_test_of_a_prepared_mailing_leads_to_what_is_frozen(
    client: Client, admin_of_all: User, home: NodePage, server: MailServer
) -> None:
    issue = builders.issue(home)
    mailing = builders.mailing(issue)
    assert issue.slug in mailing.html
    issue.title, issue.slug = "Another title", "another-slug"
    issue.save_revision().publish()
    client.force_login(admin_of_all)
    client.post(reverse("newsletter_test", args=[mailing.pk]), {"address": DESK})
    page = Client().get(link_online(server.mails[0]))
    assert "Freezers of the North" in page.text
    assert "Another title" not in page.text
