"""A row goes to one worker at a time, and is asked again whether it may go just before it does."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsletter.models import (
    ConsentEvent,
    Delivery,
    DeliveryKind,
    DeliveryState,
    SignUp,
    SkipReason,
    Suppression,
)
from newsletter.sending import streams
from newsletter.sending.batch import Batch
from newsletter.sending.claims import Claim, claim, return_lapsed
from newsletter.sending.sender import Sender
from newsletter.sending.streams import Reconsents, ServiceMails
from newsletter.subscribers import acts
from tests import builders
from tests.integration.sending import send_all
from worker.loop import Worker
from worker.transport import Transport
from worker.verdicts import Verdict

PAGE = ConsentEvent.Method.PAGE

pytestmark = pytest.mark.django_db


def a_mail(kind: str = DeliveryKind.MANAGE_LINK, address: str = "ada@example.org") -> Delivery:
    return builders.delivery(builders.subscriber(address), kind)


def send(taken: Claim, stream: streams.Stream) -> None:
    Batch(stream, taken, Transport()).send(lambda: False)


def fresh(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_what_one_worker_has_claimed_no_other_gets() -> None:
    a_mail()
    assert len(claim(ServiceMails(), 100).deliveries) == 1
    assert not claim(ServiceMails(), 100).deliveries


def test_a_claim_takes_the_oldest_and_no_more_than_asked_for() -> None:
    mails = [a_mail(address=f"reader{n}@example.org") for n in range(3)]
    assert list(claim(ServiceMails(), 2).deliveries) == mails[:2]


def test_what_is_not_due_yet_waits() -> None:
    delivery = a_mail()
    Delivery.objects.update(not_before=timezone.now() + timedelta(minutes=1))
    send_all()
    assert fresh(delivery).state == DeliveryState.PENDING


def test_mails_that_somebody_waits_for_go_before_those_to_many() -> None:
    a_mail(DeliveryKind.RECONSENT)
    a_mail(DeliveryKind.MANAGE_LINK, "bob@example.org")
    send_all()
    assert [message.to[0] for message in mail.outbox] == ["bob@example.org", "ada@example.org"]


def test_a_worker_told_to_stop_gives_back_what_it_has_not_begun() -> None:
    mails = [a_mail(address=f"reader{n}@example.org") for n in range(3)]
    send_all(Sender(is_stopping=lambda: len(mail.outbox) == 1))
    assert [fresh(each).state for each in mails] == [
        DeliveryState.ACCEPTED,
        DeliveryState.PENDING,
        DeliveryState.PENDING,
    ]


@pytest.mark.parametrize("reason", [SkipReason.LEFT, SkipReason.SUPPRESSED, SkipReason.GONE])
def test_consent_is_asked_again_just_before_a_mail_leaves(reason: str) -> None:
    delivery = a_mail(DeliveryKind.RECONSENT)
    taken = claim(Reconsents(), 100)
    subscriber = taken.deliveries[0].subscriber
    assert subscriber
    if reason == SkipReason.LEFT:  # as if the rows of an act came one after another
        type(subscriber).objects.update(state="left", left_at=timezone.now())
    elif reason == SkipReason.SUPPRESSED:
        Suppression.add(subscriber.subject, Suppression.Reason.COMPLAINED)
    else:
        Delivery.objects.update(subscriber=None)
    send(taken, Reconsents())
    assert (fresh(delivery).state, delivery.skip_reason) == (DeliveryState.SKIPPED, reason)
    assert mail.outbox == []


def test_who_is_erased_gets_nothing_that_was_claimed() -> None:
    delivery = a_mail()
    taken = claim(ServiceMails(), 100)
    assert delivery.subscriber
    acts.erase(delivery.subscriber, PAGE)
    send(taken, ServiceMails())
    assert (fresh(delivery).state, delivery.skip_reason) == (DeliveryState.SKIPPED, SkipReason.GONE)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (Suppression.Reason.ERASED, DeliveryState.ACCEPTED),
        (Suppression.Reason.NEVER, DeliveryState.SKIPPED),
    ],
)
def test_a_request_to_confirm_goes_where_confirming_lifts_the_suppression(
    reason: str, state: str
) -> None:
    sign_up = builders.sign_up()
    delivery = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, sign_up)
    Suppression.add(sign_up.subject, reason)
    send_all()
    assert fresh(delivery).state == state


def test_a_mail_nobody_waits_for_any_more_is_not_sent() -> None:
    delivery = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, builders.sign_up())
    Delivery.objects.update(made_at=timezone.now() - timedelta(hours=73))
    send_all()
    assert (fresh(delivery).state, delivery.skip_reason) == (DeliveryState.SKIPPED, SkipReason.LATE)


def test_a_mail_that_cannot_be_written_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = a_mail(DeliveryKind.CHANGE_LINK)
    other = a_mail(address="bob@example.org")
    monkeypatch.delitem(streams.mails.writing.LETTERS, DeliveryKind.CHANGE_LINK)
    send_all()
    assert (fresh(delivery).state, delivery.error_code) == (DeliveryState.RETRY, "KeyError")
    assert (delivery.attempts, fresh(other).state) == (1, DeliveryState.ACCEPTED)


def lapse(delivery: Delivery, state: str, attempts: int = 1) -> None:
    """As a worker leaves the row that dies with it, and the lease has run out."""
    before = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state,
        claim=uuid.uuid4(),
        claimed_until=before,
        attempt_started_at=before,
        attempts=attempts,
    )


@pytest.mark.parametrize(
    ("kind", "left", "attempts", "becomes"),
    [
        (DeliveryKind.MANAGE_LINK, DeliveryState.CLAIMED, 0, DeliveryState.PENDING),
        (DeliveryKind.RECONSENT, DeliveryState.CLAIMED, 0, DeliveryState.PENDING),
        (DeliveryKind.MANAGE_LINK, DeliveryState.SENDING, 1, DeliveryState.RETRY),
        (DeliveryKind.MANAGE_LINK, DeliveryState.SENDING, 6, DeliveryState.UNCERTAIN),
        (DeliveryKind.RECONSENT, DeliveryState.SENDING, 1, DeliveryState.UNCERTAIN),
    ],
)
def test_what_a_dead_worker_had_taken_is_settled_or_given_back(
    kind: str, left: str, attempts: int, becomes: str
) -> None:
    delivery = a_mail(kind)
    lapse(delivery, left, attempts)
    assert return_lapsed() == 1
    assert fresh(delivery).state == becomes


def test_a_mail_whose_worker_died_twice_is_uncertain_and_stays_so() -> None:
    delivery = a_mail()
    for state in (DeliveryState.RETRY, DeliveryState.UNCERTAIN):
        lapse(delivery, DeliveryState.SENDING)
        return_lapsed()
        assert fresh(delivery).state == state
    Delivery.objects.update(finished_at=timezone.now() - timedelta(days=30))
    Worker().run_once()
    assert (fresh(delivery).state, mail.outbox) == (DeliveryState.UNCERTAIN, [])


def test_what_lapses_while_the_lapsed_are_settled_is_not_sent_again() -> None:
    """Each statement sees the rows anew: one may lapse just before the last."""
    delivery, asked = a_mail(DeliveryKind.RECONSENT), []

    def lapse_before_the_last(execute: Callable[..., object], sql: str, *more: object) -> object:
        asked.append(sql)
        if len(asked) == 3:
            lapse(delivery, DeliveryState.SENDING)
        return execute(sql, *more)

    with connection.execute_wrapper(lapse_before_the_last):
        assert return_lapsed() == 0
    assert fresh(delivery).state == DeliveryState.SENDING
    return_lapsed()
    assert fresh(delivery).state == DeliveryState.UNCERTAIN


def test_what_may_have_gone_out_and_is_not_sent_again_is_uncertain() -> None:
    delivery = a_mail()
    lapse(delivery, DeliveryState.SENDING)
    return_lapsed()
    assert delivery.subscriber
    acts.suppress(delivery.subscriber.subject, Suppression.Reason.STAFF, ConsentEvent.Method.ADMIN)
    assert (fresh(delivery).state, delivery.skip_reason) == (
        DeliveryState.UNCERTAIN,
        SkipReason.SUPPRESSED,
    )


def test_what_another_worker_is_at_is_left_alone() -> None:
    delivery = a_mail()
    claim(ServiceMails(), 100)
    assert return_lapsed() == 0
    assert fresh(delivery).state == DeliveryState.CLAIMED


def test_a_late_worker_whose_claim_has_lapsed_sends_nothing() -> None:
    delivery = a_mail()
    taken = claim(ServiceMails(), 100)
    Delivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    return_lapsed()
    send(taken, ServiceMails())
    assert (fresh(delivery).state, mail.outbox) == (DeliveryState.PENDING, [])


def test_a_slow_worker_settles_what_was_thought_uncertain() -> None:
    delivery = a_mail(DeliveryKind.RECONSENT)

    class Hanging(Transport):
        def send(self, message: mail.EmailMessage) -> Verdict:
            Delivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
            return_lapsed()
            assert fresh(delivery).state == DeliveryState.UNCERTAIN
            return super().send(message)

    Batch(Reconsents(), claim(Reconsents(), 100), Hanging()).send(lambda: False)
    assert fresh(delivery).state == DeliveryState.ACCEPTED


def prepared() -> tuple[int, int]:
    """Statements that PostgreSQL keeps of us, and how often they were used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
        uses = [row[0] for row in cursor.fetchall()]
    return len(uses), sum(uses)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite plans in no time.")
def test_what_is_asked_once_a_message_is_planned_once() -> None:
    kept, used = prepared()
    for n in range(4):
        a_mail(DeliveryKind.RECONSENT, f"reader{n}@example.org")
    send_all()
    kept_then, used_then = prepared()
    assert kept_then - kept <= 1
    assert used_then - used == 3  # from the first to the second, and so on


def test_a_claim_costs_no_query_a_row(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(5):
        a_mail(address=f"reader{n}@example.org")
    with django_assert_max_num_queries(5):
        taken = claim(ServiceMails(), 100)
        assert [each.subscriber.address for each in taken.deliveries if each.subscriber]


def test_a_sign_up_that_is_gone_is_not_asked() -> None:
    delivery = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, builders.sign_up())
    SignUp.objects.all().delete()
    send_all()
    assert (fresh(delivery).state, delivery.skip_reason) == (DeliveryState.SKIPPED, SkipReason.GONE)
