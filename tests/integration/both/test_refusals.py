"""A refusal is about the reader, about us or about the moment, and each has its own end."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.mailings import transitions
from newsletter.mailings.progress import Progress
from newsletter.mailings.refusals import refusals, send_again
from newsletter.models import (
    ConsentEvent,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Mailing,
    StrayReport,
    Subscriber,
    Suppression,
)
from newsletter.sending.reports import take_up_reports
from newsletter.subscribers import acts
from newsletter.subscribers.unreachable import failures_of, unreachable
from pages.models import NodePage
from tests import builders
from tests.integration.sending import send_all
from tests.mail_server import MailServer
from tests.provider_reports import REPORTS
from tests.provider_webhooks import open_address, tell
from worker.faults import Fault

State, Pause = Mailing.State, Mailing.Pause
DMARC = "550 5.7.26 This mail is unauthenticated, which poses a security risk"
BLOCKED = "554 5.7.1 client host blocked using zen.spamhaus.org"
QUOTA = "550 5.4.5 Daily user sending quota exceeded"
pytestmark = pytest.mark.django_db


def begun(home: NodePage, people: int) -> Mailing:
    builders.crowd(people)
    made = builders.mailing(builders.issue(home), rate_per_minute=10**6)
    made.topics.add(builders.topic())
    transitions.begin(made)
    return made


def round_of_work(made: Mailing) -> Mailing:
    send_all()
    take_up_reports()
    transitions.finish_what_is_done()
    made.refresh_from_db()
    return made


def reader(number: int) -> str:
    return f"reader{number}.en@example.org"


def row_of(made: Mailing, number: int) -> Delivery:
    return made.deliveries.get(subscriber__address=reader(number))


# About the reader


@pytest.mark.parametrize(
    "said", ["550 5.1.1 User unknown", "550 5.1.1 l'utilisateur n'existe pas", "550 no such user"]
)
def test_an_address_that_does_not_exist_is_written_to_no_more(
    home: NodePage, server: MailServer, said: str
) -> None:
    made = begun(home, 3)
    server.faults.refused = {reader(1): said}
    assert round_of_work(made).state == State.FINISHED
    row = row_of(made, 1)
    assert (row.state, row.fault) == (DeliveryState.REJECTED, Fault.READER)
    assert Suppression.objects.standing().get().reason == Suppression.Reason.BOUNCED
    assert Subscriber.objects.reachable().count() == 2
    event = ConsentEvent.objects.get(kind=ConsentEvent.Kind.SUPPRESSED)
    assert event.subject == row.recipient
    assert not Progress(made).reports  # it was never accepted
    assert send_again(made, [each.reason for each in refusals(made)]) == 0


def test_a_confirmation_that_is_refused_so_suppresses_too(server: MailServer) -> None:
    sign_up = builders.sign_up("nobody@example.org")
    Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, sign_up)
    server.fail("recipient", "550 5.1.1 no such user")
    send_all()
    take_up_reports()
    assert Suppression.objects.standing().get().subject == sign_up.subject


# About us


def test_what_is_refused_for_our_fault_is_sent_again_by_reason_once_it_is_mended(
    home: NodePage, server: MailServer, client: Client, admin_of_all: User
) -> None:
    client.force_login(admin_of_all)
    made = begun(home, 12)
    answers = {reader(0): DMARC, reader(1): f"{DMARC} 17 gsmtp", reader(2): BLOCKED}
    server.faults.refused = answers | {reader(3): QUOTA}
    assert round_of_work(made).state == State.FINISHED
    assert not Suppression.objects.exists()
    found = [(each.reason, each.count) for each in refusals(made)]
    assert found[0] == ("550 5.7.26", 2)
    assert sorted(found[1:]) == [("550 5.4.5", 1), ("554 5.7.1", 1)]

    server.behave()
    screen = client.get(reverse("newsletter_mailing", args=[made.pk])).text
    assert re.search(r'name="reason"\s+value="550 5.7.26"', screen)
    assert screen.count("5.7.26 This mail is unauthenticated") == screen.count("550 5.7.26 This")
    again = reverse("newsletter_refused", args=[made.pk])
    assert "Nothing was ticked." in client.post(again, follow=True).text
    told = client.post(again, {"reason": ["550 5.7.26", "what nobody said"]}, follow=True).text
    assert "2 mails are sent again." in told
    assert (
        "Somebody else was first" in client.post(again, {"reason": "550 5.7.26"}, follow=True).text
    )
    made.refresh_from_db()
    assert made.state == State.SENDING
    assert round_of_work(made).state == State.FINISHED
    assert Progress(made).accepted == 10
    assert [len(server.to(reader(number))) for number in range(4)] == [1, 1, 0, 0]
    assert [each.count for each in refusals(made)] == [1, 1]


def test_who_has_left_meanwhile_is_not_among_them(home: NodePage, server: MailServer) -> None:
    made = begun(home, 2)
    server.faults.refused = {reader(0): DMARC}
    round_of_work(made)
    server.behave()
    acts.leave(Subscriber.objects.get(address=reader(0)), ConsentEvent.Method.PAGE)
    send_again(made, ["550 5.7.26"])
    round_of_work(made)
    assert row_of(made, 0).state == DeliveryState.SKIPPED


def test_some_refusals_for_our_fault_pause_a_small_mailing_and_cost_nobody_the_mail(
    home: NodePage, server: MailServer
) -> None:
    made = begun(home, 60)
    server.faults.refused = {reader(number): DMARC for number in range(0, 60, 3)}
    round_of_work(made)
    assert (made.state, made.pause_reason) == (State.PAUSED, Pause.REFUSED)
    assert Progress(made).rejected == 5
    assert not Suppression.objects.exists()

    server.behave()
    assert send_again(made, ["550 5.7.26"]) == 5
    transitions.resume(made)
    assert round_of_work(made).state == State.FINISHED
    assert Progress(made).accepted == 60


def test_what_a_provider_could_not_deliver_for_our_fault_is_sent_again_too(
    home: NodePage, server: MailServer, settings: Settings
) -> None:
    made = round_of_work(begun(home, 2))
    open_address(settings, "brevo")
    row = row_of(made, 0)
    tell("brevo", row, reader(0), REPORTS["brevo"]["blocked"][0])
    take_up_reports()
    (refusal,) = refusals(made)
    assert (refusal.reason, refusal.count) == ("blocked", 1)
    assert send_again(made, ["blocked"]) == 1
    assert round_of_work(made).state == State.FINISHED
    assert len(server.to(reader(0))) == 2


@pytest.mark.parametrize("order", [("blocked", "delivered"), ("delivered", "blocked")])
def test_what_arrived_is_not_sent_again_whatever_was_told_first(
    home: NodePage, server: MailServer, settings: Settings, order: tuple[str, str]
) -> None:
    made = round_of_work(begun(home, 1))
    open_address(settings, "brevo")
    for sort in order:
        tell("brevo", row_of(made, 0), reader(0), REPORTS["brevo"][sort][0])
        take_up_reports()
    assert row_of(made, 0).state == DeliveryState.ACCEPTED
    assert not refusals(made)


# About the moment


@pytest.mark.parametrize("said", ["452 4.2.2 over quota", "421 greylisted"])
def test_what_is_of_the_moment_is_tried_again(
    home: NodePage, server: MailServer, said: str
) -> None:
    made = begun(home, 2)
    server.faults.refused = {reader(0): said}
    round_of_work(made)
    row = row_of(made, 0)
    assert (row.state, row.fault) == (DeliveryState.RETRY, Fault.MOMENT)
    server.behave()
    made.deliveries.filter(state=DeliveryState.RETRY).update(not_before=timezone.now())
    assert round_of_work(made).state == State.FINISHED
    assert row_of(made, 0).fault == ""


def test_a_mailbox_that_is_disabled_exists_so_that_nobody_is_suppressed(
    home: NodePage, server: MailServer
) -> None:
    made = begun(home, 2)
    server.faults.refused = {reader(0): "550 5.2.1 The email account is disabled"}
    round_of_work(made)
    assert row_of(made, 0).fault == Fault.MOMENT
    assert not Suppression.objects.exists()
    assert not refusals(made)


def mails(person: Subscriber, *days_and_faults: tuple[int, str], **more: Any) -> None:
    now = timezone.now()
    for days, fault in days_and_faults:
        about = {"state": DeliveryState.ACCEPTED, "finished_at": now, "fault": fault} | more
        row = builders.delivery(person, made_at=now - timedelta(days=days))
        Delivery.objects.filter(pk=row.pk).update(**about)


@pytest.mark.parametrize(
    ("told", "is_named"),
    [
        ([(100, "moment"), (60, "moment"), (5, "moment")], True),
        ([(200, ""), (100, "moment"), (60, "moment"), (5, "moment")], True),
        ([(80, "moment"), (60, "moment"), (5, "moment")], False),
        ([(100, "moment"), (5, "moment")], False),
        ([(100, "moment"), (60, ""), (30, "moment"), (5, "moment")], False),
        ([(100, "moment"), (60, "moment"), (40, "moment"), (5, "")], False),
        ([(100, "us"), (60, "us"), (5, "us")], False),
    ],
)
def test_a_mailbox_that_takes_nothing_for_months_is_named(
    told: list[tuple[int, str]], is_named: bool
) -> None:
    person = builders.subscriber()
    mails(person, *told)
    assert list(unreachable()) == ([person] if is_named else [])


def test_the_newsletter_manager_finds_it_and_decides(client: Client, manager: User) -> None:
    person, other = builders.subscriber(), builders.subscriber("other@example.org")
    mails(person, (100, "moment"), (60, "moment"), (5, "moment"))
    assert failures_of(person)[0] == 3
    client.force_login(manager)
    people = client.get(reverse("subscribers:index"))
    assert "unreachable=true" in people.content.decode()
    found = client.get(reverse("subscribers:index"), {"unreachable": "true"}).content.decode()
    assert person.address in found
    assert other.address not in found
    decide = reverse("subscribers:unreachable", args=[person.pk])
    assert decide in client.get(reverse("subscribers:inspect", args=[person.pk])).content.decode()
    assert client.get(decide).status_code == HTTPStatus.OK
    client.post(decide)
    assert Suppression.objects.standing().get().subject == person.subject
    assert not unreachable().exists()


# What fits nowhere


def test_reports_that_fit_nowhere_stand_above_the_mailings(client: Client, manager: User) -> None:
    for _time in range(3):
        StrayReport.add("brevo", "medium_bounce", StrayReport.Why.NEW_WORD)
    client.force_login(manager)
    shown = client.get(reverse("newsletter_mailings:index")).content.decode()
    assert "medium_bounce" in shown
    StrayReport.objects.update(day=timezone.localdate() - timedelta(days=31))
    shown = client.get(reverse("newsletter_mailings:index")).content.decode()
    assert "medium_bounce" not in shown
