"""Whatever the mail server does, the row tells the truth, and nothing is lost or sent twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.models import Delivery, DeliveryKind, DeliveryState
from newsletter.sending.claims import GAVE_UP
from newsletter.sending.sender import Sender
from tests import builders
from tests.integration.sending import send_all
from tests.mail_server import DROP, HANG, MailServer, mail_server
from worker.transport import RETRY_AFTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """The mail server that the site hands its mail to."""
    with mail_server() as up:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", up.port
        settings.EMAIL_TIMEOUT = 1
        yield up


@pytest.fixture
def sender() -> Iterator[Sender]:
    sender = Sender()
    yield sender
    sender.close()


def a_mail(kind: str = DeliveryKind.MANAGE_LINK, address: str = "ada@example.org") -> Delivery:
    return builders.delivery(builders.subscriber(address), kind)


def after(sender: Sender, delivery: Delivery) -> Delivery:
    send_all(sender)
    delivery.refresh_from_db()
    return delivery


def let_it_be_due(delivery: Delivery, sender: Sender) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now())
    sender._not_before = 0


@pytest.mark.parametrize("stage", ["sender", "recipient", "data"])
@pytest.mark.parametrize("answer", ["421 busy", "450 later", "451 later", "452 full"])
def test_a_temporary_answer_is_tried_again_later(
    server: MailServer, sender: Sender, stage: str, answer: str
) -> None:
    delivery = a_mail()
    server.fail(stage, answer, times=2)  # 421 ends the connection, so that a new one is tried
    after(sender, delivery)
    assert (delivery.state, delivery.attempts) == (DeliveryState.RETRY, 1)
    assert delivery.error_code == answer[:3]
    wait = delivery.not_before - timezone.now()
    assert timedelta(seconds=50) < wait <= RETRY_AFTER[0] + timedelta(seconds=1)

    server.behave()
    let_it_be_due(delivery, sender)
    assert after(sender, delivery).state == DeliveryState.ACCEPTED
    assert (delivery.error_code, delivery.error_text) == ("", "")
    assert len(server.mails) == 1


@pytest.mark.parametrize("stage", ["recipient", "data"])
def test_a_final_answer_is_kept_without_the_address(
    server: MailServer, sender: Sender, stage: str
) -> None:
    delivery = a_mail()
    server.fail(stage, "550 5.1.1 <ada@example.org>: no mailbox ada at example.org")
    after(sender, delivery)
    assert (delivery.state, delivery.error_code) == (DeliveryState.REJECTED, "550")
    assert delivery.error_text == "5.1.1 <…>: no mailbox … at …"
    assert server.mails == []


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("sender", "550 5.7.1 sender not allowed"),
        ("recipient", "554 5.7.1 <ada@example.org>: Relay access denied"),
        ("recipient", "550 relay not permitted"),
        ("recipient", "530 5.7.0 sign in first"),
    ],
)
def test_an_answer_about_us_costs_nobody_the_mail(
    server: MailServer, sender: Sender, stage: str, answer: str
) -> None:
    delivery = a_mail()
    server.fail(stage, answer)
    after(sender, delivery)
    assert (delivery.state, delivery.attempts) == (DeliveryState.RETRY, 0)
    assert "ada" not in delivery.error_text


def test_a_mailbox_that_another_server_will_not_relay_to_is_refused_for_good(
    server: MailServer, sender: Sender
) -> None:
    delivery = a_mail()
    server.fail("recipient", "550 5.1.1 undeliverable: its server said 554 relay access denied")
    assert after(sender, delivery).state == DeliveryState.REJECTED


@pytest.mark.parametrize("stage", ["sender", "recipient"])
@pytest.mark.parametrize("fault", [DROP, HANG])
def test_silence_before_the_body_is_tried_again(
    server: MailServer, sender: Sender, stage: str, fault: str
) -> None:
    delivery = a_mail(DeliveryKind.RECONSENT)
    server.fail(stage, fault)
    assert after(sender, delivery).state == DeliveryState.RETRY
    assert server.mails == []


@pytest.mark.parametrize("stage", ["data", "answer"])
@pytest.mark.parametrize("fault", [DROP, HANG])
def test_silence_after_the_body_is_uncertain_and_not_sent_again(
    server: MailServer, sender: Sender, stage: str, fault: str
) -> None:
    delivery = a_mail(DeliveryKind.RECONSENT)
    server.fail(stage, fault)
    assert after(sender, delivery).state == DeliveryState.UNCERTAIN
    server.behave()
    let_it_be_due(delivery, sender)
    assert after(sender, delivery).state == DeliveryState.UNCERTAIN
    assert len(server.mails) == (1 if stage == "answer" else 0)


@pytest.mark.parametrize("answer", ["what?", "199 hm", "354 go on", "250 " + 9000 * "x"])
def test_an_answer_to_the_body_that_says_neither_yes_nor_no_is_uncertain(
    server: MailServer, sender: Sender, answer: str
) -> None:
    first, second = (
        a_mail(DeliveryKind.RECONSENT),
        a_mail(DeliveryKind.RECONSENT, "bob@example.org"),
    )
    server.fail("answer", answer, times=1)
    assert after(sender, first).state == DeliveryState.UNCERTAIN
    second.refresh_from_db()
    assert second.state == DeliveryState.ACCEPTED
    assert len(server.mails) == 2


def test_any_yes_to_the_body_is_a_yes(server: MailServer, sender: Sender) -> None:
    delivery = a_mail()
    server.fail("answer", "251 taken, and sent on")
    assert after(sender, delivery).state == DeliveryState.ACCEPTED
    assert len(server.mails) == 1


@pytest.mark.parametrize("fault", [DROP, HANG])
def test_a_mail_somebody_waits_for_is_sent_again_when_in_doubt(
    server: MailServer, sender: Sender, fault: str
) -> None:
    """Under the same Message-ID, so that the two are one to whoever gets them."""
    delivery = a_mail()
    server.fail("answer", fault, times=1)
    assert after(sender, delivery).state == DeliveryState.RETRY
    let_it_be_due(delivery, sender)
    assert after(sender, delivery).state == DeliveryState.ACCEPTED
    assert {mail.message["Message-ID"] for mail in server.mails} == {delivery.message_id}


def test_a_mail_somebody_waits_for_is_sent_twice_at_most_and_never_called_rejected(
    server: MailServer, sender: Sender
) -> None:
    delivery = a_mail()
    server.fail("answer", DROP)
    assert after(sender, delivery).state == DeliveryState.RETRY
    for _try in range(2):
        let_it_be_due(delivery, sender)
        assert after(sender, delivery).state == DeliveryState.UNCERTAIN
    assert [mail.message["Message-ID"] for mail in server.mails] == 2 * [delivery.message_id]


@pytest.mark.parametrize("answer", ["450 greylisted", "550 no"])
def test_what_was_in_doubt_once_is_not_rejected_by_a_later_answer(
    server: MailServer, sender: Sender, answer: str
) -> None:
    delivery = a_mail()
    server.fail("answer", DROP)
    after(sender, delivery)
    server.fail("recipient", answer)
    for _try in range(len(RETRY_AFTER)):
        let_it_be_due(delivery, sender)
        after(sender, delivery)
    assert delivery.state == DeliveryState.UNCERTAIN
    assert answer[:3] in delivery.error_code + delivery.error_text
    assert len(server.mails) == 1


@pytest.mark.parametrize("fault", [DROP, HANG, "421 full", "554 go away"])
def test_a_server_that_lets_nobody_in_costs_no_row_an_attempt(
    server: MailServer, sender: Sender, fault: str
) -> None:
    deliveries = [a_mail(address=f"reader{n}@example.org") for n in range(3)]
    server.fail("connect", fault)
    send_all(sender)
    for delivery in deliveries:
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == (DeliveryState.RETRY, 0)
        assert delivery.error_code == "connect"
    assert server.connections == 1

    server.behave()
    for delivery in deliveries:
        let_it_be_due(delivery, sender)
    send_all(sender)
    assert sorted(mail.recipient for mail in server.mails) == [
        f"reader{n}@example.org" for n in range(3)
    ]


def test_a_server_that_is_down_is_left_alone_for_a_while(
    server: MailServer, sender: Sender
) -> None:
    server.stop()
    delivery = a_mail()
    assert after(sender, delivery).state == DeliveryState.RETRY
    Delivery.objects.update(not_before=timezone.now())
    assert sender.send_due() == 0
    server.start()
    let_it_be_due(delivery, sender)
    assert after(sender, delivery).state == DeliveryState.ACCEPTED


def test_a_refused_recipient_does_not_hold_up_the_next(server: MailServer, sender: Sender) -> None:
    first, second = a_mail(address="gone@example.org"), a_mail(address="here@example.org")
    server.faults.refused["gone@example.org"] = "550 no such user"
    assert after(sender, first).state == DeliveryState.REJECTED
    second.refresh_from_db()
    assert second.state == DeliveryState.ACCEPTED
    assert server.connections == 1


def test_one_connection_serves_many_and_is_opened_anew_when_the_server_restarts(
    server: MailServer, sender: Sender
) -> None:
    for n in range(5):
        a_mail(address=f"reader{n}@example.org")
    send_all(sender)
    assert (len(server.mails), server.connections) == (5, 1)

    server.stop()
    server.start()
    delivery = a_mail()
    assert after(sender, delivery).state == DeliveryState.ACCEPTED
    assert (delivery.attempts, server.connections) == (1, 2)


def test_after_five_more_tries_it_is_given_up(server: MailServer, sender: Sender) -> None:
    delivery = a_mail()
    server.fail("recipient", "450 greylisted")
    for attempt, minutes in enumerate((1, 5, 15, 60, 240), start=1):
        assert after(sender, delivery).state == DeliveryState.RETRY
        assert delivery.attempts == attempt
        wait = delivery.not_before - timezone.now()
        assert timedelta(seconds=-10) < wait - timedelta(minutes=minutes) < timedelta(seconds=1)
        let_it_be_due(delivery, sender)
    after(sender, delivery)
    assert (delivery.state, delivery.attempts) == (DeliveryState.REJECTED, 6)
    assert (delivery.error_code, delivery.error_text) == (GAVE_UP, "450 greylisted")
