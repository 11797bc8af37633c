"""What an issue begins with: the one before it, and the news and events since."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import Translation

from newsletter.models import Mailing, NewsletterIssuePage
from pages.models import NodePage
from tests import builders
from tests.integration import four_languages as stage


@pytest.fixture
def desk(client: Client, admin_of_all: User) -> Client:
    client.force_login(admin_of_all)
    return client


def put_in(desk: Client, issue: Page) -> str:
    told: str = desk.post(reverse("newsletter_put_in", args=[issue.pk]), follow=True).text
    return told


def chosen(issue: NewsletterIssuePage) -> list[list[str]]:
    """The titles in each block of news or events of the draft."""
    body = NewsletterIssuePage.objects.get(pk=issue.pk).get_latest_revision_as_object().body
    return [[page.title for page in block.value] for block in body if block.block_type != "text"]


# News and events since the last issue


def test_what_was_published_since_is_put_in_once(desk: Client, home: NodePage) -> None:
    builders.news(home, "Old news")
    builders.begun(builders.issue(home, "Last"))
    draft = builders.issue(home, "Next")
    told = put_in(desk, draft)
    assert "nothing was published since “Last”" in told.replace("&quot;", '"')
    assert chosen(draft) == []
    builders.news(home, "One")
    builders.news(home, "Two")
    builders.event(home, "Open day")
    builders.event(home, "Over", in_days=-7)
    assert "2 news items, 1 event." in put_in(desk, draft)
    assert chosen(draft) == [["Two", "One"], ["Open day"]]
    draft.refresh_from_db()
    assert draft.has_unpublished_changes, "who approves has not seen it"
    builders.news(home, "Three")
    put_in(desk, draft)
    put_in(desk, draft)
    assert chosen(draft) == [["Two", "One"], ["Open day"], ["Three"]]


def test_before_the_first_issue_all_is_new(desk: Client, home: NodePage) -> None:
    draft = builders.issue(home)
    assert "every published news" in put_in(desk, draft)
    builders.news(home, "One")
    put_in(desk, draft)
    assert chosen(draft) == [["One"]]


def test_what_only_stands_in_from_another_language_is_no_news_of_its_own(
    desk: Client, home: NodePage
) -> None:
    stage.two_homes(home)
    builders.news(home, "In English")
    there = NodePage.objects.get(locale=stage.dutch())
    draft = builders.issue(there, "Uitgave")
    put_in(desk, draft)
    assert all(page == "First" for block in chosen(draft) for page in block)


def test_nothing_is_put_into_what_is_prepared_submitted_or_translated(
    desk: Client, client: Client, home: NodePage, admin_of_all: User, editor: User
) -> None:
    stage.two_homes(home)
    builders.news(home, "One")
    issue = builders.issue(home)
    dutch = stage.in_dutch(issue, admin_of_all)
    submitted = builders.issue(home, "Submitted")
    submitted.save_revision()
    submitted.get_workflow().start(submitted, editor)
    builders.mailing(issue)
    for page in (issue, dutch, submitted):
        answer = desk.post(reverse("newsletter_put_in", args=[page.pk]))
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert chosen(page) == []
        told = desk.get(reverse("newsletter_issue", args=[page.pk])).text
        assert "Put in the news" not in told


# From the last issue


def test_a_new_issue_begins_as_a_copy_of_the_last(
    desk: Client, home: NodePage, admin_of_all: User
) -> None:
    stage.two_homes(home)
    last = builders.issue(home, "Freezers", summary="Old words.")
    stage.in_dutch(last, admin_of_all)
    builders.begun(last)
    begin = reverse("newsletter_begin", args=[last.get_parent().pk])
    assert "“Freezers” went out last." in desk.get(begin).text
    said = [
        desk.post(begin, {"title": title}).headers.get("Location", "")
        for title in ("Freezers", "Πάγος", "", "x" * 256)
    ]
    drafts = NewsletterIssuePage.objects.exclude(translation_key=last.translation_key)
    assert [draft.slug for draft in drafts.order_by("pk")] == ["freezers-2", "issue"]
    assert said[2:] == ["", ""]
    draft = drafts.get(slug="freezers-2")
    assert said[0] == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert not draft.live
    assert (draft.summary, draft.subject) == (last.summary, last.subject)
    assert draft.body.get_prep_value()[0]["value"] == last.body.get_prep_value()[0]["value"]
    assert draft.get_translations().count() == 0
    assert Translation.objects.count() == 1
    assert Mailing.objects.count() == 1


def test_there_is_nothing_to_begin_from_before_the_first(desk: Client, home: NodePage) -> None:
    archive = builders.archive(home)
    begin = reverse("newsletter_begin", args=[archive.pk])
    assert "No issue went out in this language yet" in desk.get(begin).text
    desk.post(begin, {"title": "Freezers"})
    assert not NewsletterIssuePage.objects.exists()
    assert begin in desk.get(reverse("wagtailadmin_explore", args=[archive.pk])).text


def test_who_may_not_add_issues_begins_none(client: Client, home: NodePage, manager: User) -> None:
    issue = builders.issue(home)
    builders.begun(issue)
    client.force_login(manager)
    answer = client.post(
        reverse("newsletter_begin", args=[issue.get_parent().pk]), {"title": "Next"}
    )
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "You may not add issues here." in answer.text
    assert NewsletterIssuePage.objects.count() == 1
