"""The desk's screens for mailings: who may, what is refused, and that twice is once."""

import re
from copy import deepcopy
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from newsletter.mailings import transitions
from newsletter.models import Delivery, Mailing, NewsletterIssuePage, Subscription, Topic
from newsletter.tokens import is_of_trial
from pages.models import NodePage
from tests import builders
from tests.mail_server import mail_server

State = Mailing.State
SHOWN = ["mailing", "progress", "frozen_html", "frozen_text", "send", "cancelling"]
ACTS = ["test", "uncertain", "refused", "pause", "resume", "cancel", "unschedule"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture(scope="module")
def made(module_db: Path) -> NewsletterIssuePage:
    return builders.issue(builders.home())


@pytest.fixture
def issue(made: NewsletterIssuePage, manager: User) -> NewsletterIssuePage:
    """A published one, that the managers' group may edit as the editors do."""
    from django.contrib.auth.models import Group  # noqa: PLC0415  only here

    manager.groups.add(Group.objects.get(name="Editors"))
    return deepcopy(made)


@pytest.fixture
def topic(db: None) -> Topic:
    return builders.topic()


@pytest.fixture
def mailing(issue: NewsletterIssuePage, topic: Topic) -> Mailing:
    made = builders.mailing(issue)
    made.topics.add(topic)
    return made


def readers(count: int, topic: Topic) -> None:
    for number in range(count):
        someone = builders.subscriber(f"reader{number}@example.org")
        Subscription.objects.get_or_create(subscriber=someone, topic=topic)


def told(desk: Client, mailing: Mailing, **typed: str) -> Any:  # noqa: ANN401  the test client's answer
    """What the screen for sending answers to one who has just looked."""
    mailing.refresh_from_db()
    seen = f"{mailing.state} {mailing.scheduled_for}"
    return desk.post(address("send", mailing), {"seen": seen, "when": "now"} | typed)


def address(name: str, mailing: Mailing) -> str:
    return reverse(f"newsletter_{name}", args=[mailing.pk])


@pytest.mark.parametrize("key", [str(2**63), "9" * 30])
@pytest.mark.parametrize(
    "path", ["prepare", "mailing", "subscribers", "consent-texts", "topics/edit"]
)
def test_a_number_that_no_row_can_have_leads_nowhere(desk: Client, path: str, key: str) -> None:
    response = desk.get(f"/admin/newsletter/{path}/{key}/")
    assert response.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "name",
    [*SHOWN, *ACTS],
)
def test_an_editor_without_the_right_sees_no_mailing(
    client: Client, editor: User, mailing: Mailing, name: str
) -> None:
    client.force_login(editor)
    for ask in (client.get, client.post):
        answer = ask(address(name, mailing))
        assert answer.status_code in {HTTPStatus.FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
        assert answer.headers.get("Location", "/admin/") == "/admin/"
    mailing.refresh_from_db()
    assert mailing.state == State.PREPARED


def test_an_approved_issue_is_prepared_once(
    desk: Client, issue: NewsletterIssuePage, topic: Topic
) -> None:
    prepare = reverse("newsletter_prepare", args=[issue.pk])
    assert desk.get(prepare).status_code == HTTPStatus.OK
    for _press in range(2):
        assert desk.post(prepare, {"topics": [topic.pk]}).status_code == HTTPStatus.FOUND
    made = Mailing.objects.get()
    assert made.subject == issue.subject
    assert list(made.topics.all()) == [topic]
    assert ModelLogEntry.objects.filter(action="newsletter.prepare").count() == 1


def test_an_issue_with_faults_is_refused_with_their_list(
    desk: Client, issue: NewsletterIssuePage, topic: Topic
) -> None:
    NodePage.objects.update(host_name="", host_address="")  # who sends it must be in the mail
    prepare = reverse("newsletter_prepare", args=[issue.pk])
    assert "cannot be sent as it is" in desk.get(prepare).content.decode()
    desk.post(prepare, {"topics": [topic.pk]})
    assert not Mailing.objects.exists()


def test_an_unpublished_issue_is_not_prepared(desk: Client, issue: NewsletterIssuePage) -> None:
    issue.unpublish()
    page = desk.get(reverse("newsletter_prepare", args=[issue.pk]))
    assert "not published" in page.content.decode()


def test_the_page_says_to_how_many_it_goes(desk: Client, mailing: Mailing, topic: Topic) -> None:
    readers(3, topic)
    for name in ("mailing", "send"):
        page = " ".join(desk.get(address(name, mailing)).content.decode().split())
        assert "<strong>3</strong> people" in page
        assert f"<dt>Topics</dt> <dd> {topic} </dd>" in page
        assert "r••••@example.org" in page
        assert "reader0@" not in page


def test_what_nobody_would_get_is_not_sent(desk: Client, mailing: Mailing) -> None:
    """It would be finished at once, and the issue could never go out again."""
    assert "Nobody would get it" in told(desk, mailing).content.decode()
    mailing.refresh_from_db()
    assert mailing.state == State.PREPARED


def test_send_now_is_a_schedule_for_now(desk: Client, mailing: Mailing, topic: Topic) -> None:
    readers(1, topic)
    assert told(desk, mailing).status_code == HTTPStatus.FOUND
    transitions.begin_what_is_due()
    assert told(desk, mailing).status_code == HTTPStatus.FOUND
    mailing.refresh_from_db()
    assert mailing.state == State.SENDING
    assert Delivery.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="newsletter.send").count() == 1


def test_what_was_decided_on_an_older_screen_is_not_done(desk: Client, mailing: Mailing) -> None:
    page = desk.get(address("send", mailing)).content.decode()
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[0]
    tomorrow = timezone.now() + timedelta(days=1)
    transitions.schedule(mailing, tomorrow, tomorrow + timedelta(hours=1))
    stale = desk.post(address("send", mailing), {"when": "now", "seen": seen}, follow=True)
    assert "Somebody else was first" in stale.content.decode()
    mailing.refresh_from_db()
    assert mailing.scheduled_for == tomorrow
    assert not ModelLogEntry.objects.filter(action="newsletter.send").exists()


def test_a_time_that_has_passed_or_ends_before_it_begins_is_refused(
    desk: Client, mailing: Mailing
) -> None:
    past = timezone.localtime(timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    later = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    for said, sentence in (
        ({"when": "later", "scheduled_for": past}, "This time has passed"),
        ({"when": "later", "scheduled_for": ""}, "Choose the day"),
        ({"when": "now", "scheduled_for": later}, "take one of them back"),
        ({"when": "later", "scheduled_for": later, "not_after": past}, "before it goes out"),
        ({"when": "junk"}, "valid choice"),
    ):
        page = told(desk, mailing, **said)
        assert sentence in page.content.decode()
    mailing.refresh_from_db()
    assert mailing.state == State.PREPARED


def test_above_five_hundred_the_number_is_typed(
    desk: Client, mailing: Mailing, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.admin.mailings.forms.TYPE_THE_NUMBER_ABOVE", 2)
    readers(3, topic)
    assert "How many people" in desk.get(address("send", mailing)).content.decode()
    for number in ("", "2", "x"):
        assert told(desk, mailing, number=number).status_code == HTTPStatus.OK
    mailing.refresh_from_db()
    assert mailing.state == State.PREPARED
    assert told(desk, mailing, number="3").status_code == HTTPStatus.FOUND


def test_pause_resume_and_cancel_are_logged(desk: Client, mailing: Mailing, topic: Topic) -> None:
    readers(1, topic)
    transitions.begin(mailing)
    for act, state in (
        ("pause", State.PAUSED),
        ("resume", State.SENDING),
        ("cancel", State.CANCELLED),
    ):
        desk.post(address(act, mailing))
        mailing.refresh_from_db()
        assert mailing.state == state
        assert ModelLogEntry.objects.filter(action=f"newsletter.{act}").count() == 1


def test_a_test_goes_to_one_address_marked_and_counted_nowhere(
    desk: Client, mailing: Mailing, settings: Settings
) -> None:
    with mail_server() as server:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        desk.post(address("test", mailing), {"address": "desk@example.org"})
        mail = server.mails[0]
    assert mail.message["Subject"].startswith("[TEST] ")
    tokens = re.findall(r"/newsletter/(?:unsubscribe|manage)/([^/]+)/", mail.text + mail.html)
    assert len(tokens) == 4
    assert all(map(is_of_trial, tokens))
    assert not Delivery.objects.exists()


def test_a_test_that_cannot_be_sent_says_why(
    desk: Client, mailing: Mailing, settings: Settings
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = desk.post(address("test", mailing), {"address": "desk@example.org"}, follow=True)
    assert "The test was not sent" in page.content.decode()
    page = desk.post(address("test", mailing), {"address": "no address"}, follow=True)
    assert "not complete" in page.content.decode()


def test_what_is_uncertain_is_decided_by_hand(desk: Client, mailing: Mailing, topic: Topic) -> None:
    readers(2, topic)
    transitions.begin(mailing)
    rows = mailing.deliveries.all()
    rows.update(
        state="uncertain", finished_at=timezone.now(), attempt_started_at=timezone.now(), attempts=1
    )
    page = desk.get(address("mailing", mailing)).content.decode()
    assert "Treat as sent" in page
    first, second = rows
    said = []
    for ticked, act in (
        ([first.pk, "x", "", "9" * 30], "sent"),
        ([second.pk], "again"),
        ([first.pk], "again"),
        ([], "sent"),
    ):
        typed = {"delivery": ticked, "act": act}
        answer = desk.post(address("uncertain", mailing), typed, follow=True)
        said += [str(message) for message in answer.context["messages"]]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("accepted", "pending")
    assert said == [
        "1 mail counts as sent.",
        "1 mail is sent again.",
        "Somebody else was first: this is how it stands.",
        "Nothing was ticked.",
    ]
    for act in ("treat_as_sent", "send_again"):
        assert ModelLogEntry.objects.filter(action=f"newsletter.{act}").count() == 1


def test_an_edit_while_it_is_sent_changes_nothing_sent(
    mailing: Mailing, issue: NewsletterIssuePage
) -> None:
    before = mailing.html
    issue.subject = "Another subject"
    issue.save_revision().publish()
    mailing.refresh_from_db()
    assert mailing.html == before
    assert mailing.subject != "Another subject"


def test_the_progress_costs_the_same_for_few_and_many(
    desk: Client,
    mailing: Mailing,
    topic: Topic,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    readers(8, topic)
    transitions.begin(mailing)
    with django_assert_max_num_queries(30):
        assert desk.get(address("progress", mailing)).status_code == HTTPStatus.OK


@pytest.mark.parametrize("query", ["p=x", "state=junk", "ordering=--x", "language=%00"])
def test_junk_in_the_list_is_no_error(desk: Client, mailing: Mailing, query: str) -> None:
    status = desk.get(f"{reverse('newsletter_mailings:index')}?{query}").status_code
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR
