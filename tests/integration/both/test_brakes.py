"""A mailing pauses by itself when the mails fail, and goes on when an editor says so."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.issues.messages import IssueMessage
from newsletter.mailings import transitions
from newsletter.mailings.progress import Progress
from newsletter.models import Delivery, DeliveryReport, DeliveryState, Mailing
from newsletter.sending import brakes
from newsletter.sending.claims import claim
from newsletter.sending.issues import Issues
from pages.models import NodePage
from tests import builders
from tests.integration.sending import send_all
from tests.mail_server import MailServer

State, Pause = Mailing.State, Mailing.Pause
pytestmark = pytest.mark.django_db


def begun(home: NodePage, people: int, language: str = "en", **fields: object) -> Mailing:
    builders.crowd(people, language)
    about = {"rate_per_minute": 10**6, "language": language} | fields
    made = builders.mailing(builders.issue(home, f"In {language}"), **about)
    made.topics.add(builders.topic())
    transitions.begin(made)
    return made


def after_sending(made: Mailing) -> Mailing:
    send_all()
    made.refresh_from_db()
    return made


def let_retries_be_due() -> None:
    Delivery.objects.filter(state=DeliveryState.RETRY).update(not_before=timezone.now())


def test_after_ten_failures_in_a_row_it_pauses_and_after_go_on_only_after_ten_more(
    home: NodePage, server: MailServer
) -> None:
    made = begun(home, 25)
    server.fail("recipient", "550 no such user")
    after_sending(made)
    assert (made.state, made.pause_reason) == (State.PAUSED, Pause.FAILURES)
    refused = Progress(made).rejected

    assert transitions.resume(made)
    after_sending(made)
    assert (made.state, made.pause_reason) == (State.PAUSED, Pause.FAILURES)
    assert Progress(made).rejected >= refused + brakes.FAILURES_IN_A_ROW

    server.behave()
    assert transitions.resume(made)
    after_sending(made)
    transitions.finish_what_is_done()
    made.refresh_from_db()
    assert made.state == State.FINISHED


def test_those_tried_again_come_one_after_another_and_do_not_pause_it(
    home: NodePage, server: MailServer
) -> None:
    made = begun(home, 36)
    server.faults.refused = {f"reader{n * 3}.en@example.org": "452 full" for n in range(12)}
    assert after_sending(made).state == State.SENDING
    let_retries_be_due()
    assert after_sending(made).state == State.SENDING
    assert set(
        made.deliveries.filter(state=DeliveryState.RETRY).values_list("attempts", flat=True)
    ) == {2}


def test_mails_that_cannot_be_written_pause_it(
    home: NodePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begun(home, 10)

    def fall_over(*args: object) -> None:
        raise KeyError

    monkeypatch.setattr(IssueMessage, "__init__", fall_over)
    after_sending(made)
    assert (made.state, made.pause_reason) == (State.PAUSED, Pause.FAILURES)
    monkeypatch.undo()
    assert transitions.resume(made)
    let_retries_be_due()
    after_sending(made)
    assert Progress(made).accepted == 10


@pytest.mark.parametrize(("refused", "reason"), [(10, ""), (11, Pause.BOUNCES)])
def test_more_than_five_of_a_hundred_addresses_refused_pause_it(
    home: NodePage, server: MailServer, refused: int, reason: str
) -> None:
    """Of 200 handed over, the last of which tips the scale."""
    made = begun(home, 200)
    keys = list(made.deliveries.order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    tried = {"attempts": 1, "attempt_started_at": now, "finished_at": now, "error_code": "550"}
    made.deliveries.filter(pk__in=keys[1:refused]).update(state=DeliveryState.REJECTED, **tried)
    for row in made.deliveries.filter(pk__in=keys[1:refused]):
        DeliveryReport.of_a_refusal(row)
    tried |= {"error_code": "", "attempt_started_at": now + timedelta(milliseconds=1)}
    made.deliveries.filter(pk__in=keys[refused:]).update(state=DeliveryState.ACCEPTED, **tried)
    server.fail("recipient", "550 5.1.1 no such user")
    after_sending(made)
    assert Progress(made).rejected == refused
    assert made.pause_reason == reason
    transitions.resume(made)
    made.refresh_from_db()
    assert brakes.unwelcome(made) == ""


def test_a_server_that_refuses_our_sender_pauses_it_and_costs_nobody_the_mail(
    home: NodePage, server: MailServer
) -> None:
    made = begun(home, 3)
    server.fail("sender", "550 5.7.1 sender not allowed")
    after_sending(made)
    assert (made.state, made.pause_reason) == (State.PAUSED, Pause.SIGN_IN)
    assert Progress(made).rejected == 0
    server.behave()
    transitions.resume(made)
    let_retries_be_due()
    after_sending(made)
    assert Progress(made).accepted == 3


def test_a_sign_in_that_is_refused_pauses_it(
    home: NodePage, server: MailServer, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "news", "wrong"
    server.takes = ("news", "right")
    made = begun(home, 3)
    after_sending(made)
    assert (made.state, made.pause_reason) == (State.PAUSED, Pause.SIGN_IN)
    assert set(made.deliveries.values_list("state", "attempts")) <= {
        (DeliveryState.RETRY, 0),
        (DeliveryState.PENDING, 0),
    }
    settings.EMAIL_HOST_PASSWORD = "right"  # noqa: S105  nobody's
    transitions.resume(made)
    let_retries_be_due()
    after_sending(made)
    assert Progress(made).accepted == 3


# Several mailings, several workers


def test_a_mail_that_waits_for_its_next_attempt_holds_up_no_other_mailing(
    home: NodePage, server: MailServer
) -> None:
    first, second = begun(home, 2), begun(home, 2, "nl")
    server.faults.refused["reader0.en@example.org"] = "450 later"
    after_sending(first)
    assert (Progress(first).accepted, Progress(first).retrying) == (1, 1)
    assert Progress(second).accepted == 2


def test_of_two_mailings_each_keeps_its_rate(home: NodePage, server: MailServer) -> None:
    first, second = begun(home, 3, rate_per_minute=1), begun(home, 3, "nl", rate_per_minute=2)
    after_sending(first)
    assert (Progress(first).accepted, Progress(second).accepted) == (1, 2)
    a_minute_ago = timezone.now() - timedelta(seconds=61)
    Delivery.objects.filter(state=DeliveryState.ACCEPTED).update(attempt_started_at=a_minute_ago)
    after_sending(first)
    assert (Progress(first).accepted, Progress(second).accepted) == (2, 3)


def test_what_one_worker_has_claimed_the_rate_of_another_counts(home: NodePage) -> None:
    begun(home, 5, rate_per_minute=3)
    one, other = Issues(), Issues()
    assert len(claim(one, one.room()).deliveries) == 3
    assert other.room() == 0
