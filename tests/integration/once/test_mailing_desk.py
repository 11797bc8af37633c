"""What the desk sees of a mailing without changing it, and what it cannot do by a slip."""

import re
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page

from newsletter import retention
from newsletter.mailings import transitions
from newsletter.models import DeliveryState, Mailing, NewsletterIssuePage, SkipReason
from pages.models import NodePage
from tests import builders
from worker.models import SendingMark

State = Mailing.State
STOPPED = "until the operator has run release_sending"
STUCK = "Nothing has moved"
LONG_AGO = timezone.now() - timedelta(minutes=6)
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, admin_of_all: User) -> Client:
    client.force_login(admin_of_all)
    return client


@pytest.fixture
def issue(home: NodePage) -> NewsletterIssuePage:
    return builders.issue(home)


@pytest.fixture
def mailing(issue: NewsletterIssuePage) -> Mailing:
    made = builders.mailing(issue)
    made.topics.add(builders.topic())
    return made


def address(name: str, mailing: Mailing) -> str:
    return reverse(f"newsletter_{name}", args=[mailing.pk])


def shown(desk: Client, mailing: Mailing) -> str:
    return desk.get(address("progress", mailing)).content.decode()


def stop() -> None:
    why = SendingMark.Stop.OTHER_ADDRESS
    SendingMark.objects.create(pk=SendingMark.ONLY, site_url="https://a.example", stopped=why)


# What is kept


def test_an_issue_with_a_mailing_is_not_deleted(
    desk: Client, home: NodePage, mailing: Mailing
) -> None:
    for page in (mailing.issue, mailing.issue.get_parent(), home):
        delete = reverse("wagtailadmin_pages:delete", args=[page.pk])
        for ask in (desk.get, desk.post):
            told = ask(delete, follow=True).content.decode()
            assert "a mailing of it was prepared or sent" in told
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    told = desk.post(f"{bulk}?id={mailing.issue.pk}", follow=True).content.decode()
    assert "a mailing of it was prepared or sent" in told
    assert Page.objects.filter(pk=mailing.issue.pk).exists()


def test_an_issue_without_a_mailing_is_deleted(desk: Client, issue: NewsletterIssuePage) -> None:
    builders.begun(builders.issue(Page.objects.get(slug="home-en").specific, "Another"))
    desk.post(reverse("wagtailadmin_pages:delete", args=[issue.pk]))
    assert not NewsletterIssuePage.objects.filter(pk=issue.pk).exists()


def test_to_look_at_what_would_be_frozen_makes_no_file(
    desk: Client, home: NodePage, media: Path
) -> None:
    picture = builders.picture()
    for rendition in picture.renditions.all():
        Path(rendition.file.path).unlink()
    value = {"image": {"image": picture.pk, "alt_text": "Cold", "decorative": False}, "caption": ""}
    page = builders.issue(home, body=[{"type": "picture", "value": value}])
    prepare = reverse("newsletter_prepare", args=[page.pk])
    before = sorted(media.rglob("*")), set(picture.renditions.values_list("pk", flat=True))
    assert "cannot be sent" not in desk.get(prepare).content.decode()
    after = sorted(media.rglob("*")), set(picture.renditions.values_list("pk", flat=True))
    assert after == before
    desk.post(prepare, {"topics": [builders.topic().pk]})
    assert "images/mail/" in Mailing.objects.get().html
    Path(picture.file.path).unlink()
    Mailing.objects.update(state="cancelled")
    assert "is missing" in desk.get(prepare).content.decode()


def test_what_shows_only_in_the_making_is_said(desk: Client, home: NodePage, media: Path) -> None:
    picture = builders.picture("The blue freezer")
    for rendition in picture.renditions.all():
        Path(rendition.file.path).unlink()
    Path(picture.file.path).write_bytes(b"no picture")
    value = {"image": {"image": picture.pk, "alt_text": "Cold", "decorative": False}, "caption": ""}
    page = builders.issue(home, body=[{"type": "picture", "value": value}])
    typed = {"topics": [builders.topic().pk]}
    told = desk.post(reverse("newsletter_prepare", args=[page.pk]), typed).content.decode()
    assert "The blue freezer" in told
    assert not Mailing.objects.exists()


def test_the_frozen_mail_is_nobodys_copy(desk: Client, mailing: Mailing) -> None:
    html = desk.get(address("frozen_html", mailing))
    assert "{{" not in html.content.decode()
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    assert "{{" not in desk.get(address("frozen_text", mailing)).content.decode()


def test_without_a_script_a_link_shows_how_it_stands(desk: Client, mailing: Mailing) -> None:
    transitions.begin(mailing)
    waiting = re.findall(
        r"<noscript data-goes-on>(.*?)</noscript>", shown(desk, mailing), re.DOTALL
    )
    assert address("mailing", mailing) in waiting[0]
    transitions.pause(mailing)
    assert "data-goes-on" not in shown(desk, mailing)


# What it compares with


@pytest.mark.parametrize(
    "state", [State.SENDING, State.PAUSED, "retried", State.FINISHED, "erased", State.CANCELLED]
)
def test_it_says_to_how_many_the_issue_before_went_whatever_became_of_it(
    desk: Client, home: NodePage, mailing: Mailing, state: str
) -> None:
    builders.crowd(5)
    assert "It is the first in this language." in shown(desk, mailing)
    before = builders.mailing(builders.issue(home, "Before"))
    before.topics.add(builders.topic())
    transitions.begin(before)
    assert "The one before is still going out, to 5." in shown(desk, mailing)
    become(before, state)
    goes_on = state in {State.SENDING, State.PAUSED, "retried"}
    told = "The one before is still going out, to 4." if goes_on else "The one before went to 4."
    assert told in shown(desk, mailing)


def become(mailing: Mailing, state: str) -> None:
    """One of five has left, one waits where any does, the others have it."""
    rows = mailing.deliveries.order_by("pk")
    rows.filter(pk=rows[0].pk).skip(SkipReason.LEFT)
    others, last = rows.filter(pk__gt=rows[0].pk), rows[4]
    others.exclude(pk=last.pk).update(state=DeliveryState.ACCEPTED, finished_at=timezone.now())
    match state:
        case State.PAUSED:
            transitions.pause(mailing)
        case "retried":
            rows.filter(pk=last.pk).update(state=DeliveryState.RETRY)
        case State.CANCELLED:
            transitions.cancel(mailing)
            rest = builders.mailing(mailing.issue)  # who had none gets one of it
            rest.topics.add(builders.topic())
            rows.filter(pk=last.pk).update(mailing=rest, state=DeliveryState.ACCEPTED)
            Mailing.objects.filter(pk=rest.pk).update(
                state=State.FINISHED, started_at=timezone.now(), finished_at=timezone.now()
            )
        case State.FINISHED | "erased":
            others.update(state=DeliveryState.ACCEPTED, finished_at=timezone.now())
            transitions.finish_what_is_done()
    if state == "erased":
        rows.update(made_at=timezone.now() - timedelta(days=1000))
        retention.erase_deliveries(timezone.now() - timedelta(days=900))
        assert not mailing.deliveries.exists()


# Who may send


def test_who_may_prepare_may_not_send(client: Client, editor: User, mailing: Mailing) -> None:
    may = ["view_mailing", "add_mailing"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(editor)
    assert "Send it …" not in client.get(address("mailing", mailing)).content.decode()
    for name in (
        "send",
        "pause",
        "resume",
        "cancel",
        "cancelling",
        "unschedule",
        "uncertain",
        "refused",
    ):
        answer = client.post(address(name, mailing), {"when": "now", "seen": "prepared None"})
        assert answer.headers["Location"] == "/admin/"
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.PREPARED
    assert client.get(reverse("newsletter_mailings:index")).status_code == HTTPStatus.OK


def test_what_is_taken_off_the_schedule_is_logged(desk: Client, mailing: Mailing) -> None:
    at = timezone.now() + timedelta(hours=1)
    transitions.schedule(mailing, at, at + timedelta(hours=1))
    assert "(time of Europe/Brussels)" in shown(desk, mailing)
    desk.post(address("unschedule", mailing))
    assert ModelLogEntry.objects.filter(action="newsletter.unschedule").count() == 1


def test_a_test_is_logged_without_its_address(desk: Client, mailing: Mailing) -> None:
    desk.post(address("test", mailing), {"address": "desk@example.org"})
    entry = ModelLogEntry.objects.get(action="newsletter.try")
    assert "example.org" not in f"{entry.data} {entry.label}"


# Why nothing is sent


def test_a_copy_says_everywhere_that_it_sends_nothing(desk: Client, mailing: Mailing) -> None:
    places = [
        reverse("wagtailadmin_home"),
        reverse("newsletter_mailings:index"),
        address("mailing", mailing),
    ]
    assert not any(STOPPED in desk.get(place).content.decode() for place in places)
    stop()
    assert all(STOPPED in desk.get(place).content.decode() for place in places)


def test_who_has_nothing_to_do_with_it_is_not_told(client: Client, editor: User) -> None:
    stop()
    client.force_login(editor)
    assert STOPPED not in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("name", ["started", "scheduled"])
def test_a_mailing_that_does_not_move_says_so(desk: Client, mailing: Mailing, name: str) -> None:
    builders.crowd(2)
    if name == "started":
        transitions.begin(mailing)
        mailing.deliveries.update(not_before=LONG_AGO)
    else:
        transitions.schedule(mailing, timezone.now(), timezone.now() + timedelta(hours=6))
    assert STUCK not in shown(desk, mailing)
    field = "started_at" if name == "started" else "scheduled_for"
    Mailing.objects.update(**{field: LONG_AGO})
    assert STUCK in shown(desk, mailing)


def test_a_mailing_that_waits_with_reason_is_not_stuck(desk: Client, mailing: Mailing) -> None:
    builders.crowd(2)
    transitions.begin(mailing)
    Mailing.objects.update(started_at=LONG_AGO)
    later = timezone.now() + timedelta(hours=1)
    mailing.deliveries.update(state=DeliveryState.RETRY, not_before=later)
    assert STUCK not in shown(desk, mailing)
    mailing.deliveries.update(not_before=LONG_AGO)
    assert STUCK in shown(desk, mailing)
    Mailing.objects.update(resumed_at=timezone.now())
    assert STUCK not in shown(desk, mailing)
    Mailing.objects.update(resumed_at=None)
    mailing.deliveries.update(attempt_started_at=timezone.now())
    assert STUCK not in shown(desk, mailing)
