"""Mails to named people: queued by the request, sent by the worker, once, and by nobody's copy."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, send_mail
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.mail_server import DROP, MailServer, mail_server
from worker import outbox
from worker.models import MailState, OutgoingMail
from worker.outbox import KEPT, Outbox, queue
from worker.transport import RETRY_AFTER

pytestmark = pytest.mark.django_db

LONG = "Vos données à Mont-sur-Meuse : l’équipe a répondu à votre demande d’accès aux échantillons"  # noqa: RUF001  as French writes it
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as up:
        settings.EMAIL_BACKEND = "worker.outbox.EmailBackend"
        settings.MAIL_TRANSPORT = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", up.port
        settings.EMAIL_TIMEOUT = 1
        yield up


@pytest.fixture
def worker() -> Iterator[Outbox]:
    sending = Outbox(lambda: False)
    yield sending
    sending.transport.close()


def send_all(worker: Outbox) -> None:
    while worker.send_due():
        pass


def let_it_be_due() -> None:
    OutgoingMail.objects.update(not_before=Now())


def test_whoever_forgot_the_password_is_answered_before_the_mail_server_is(
    client: Client, server: MailServer, worker: Outbox, editor: User
) -> None:
    User.objects.filter(pk=editor.pk).update(email="ada@example.org")
    server.fail("connect", "421 not now")
    answer = client.post("/admin/password_reset/", {"email": "ada@example.org"})
    assert answer.status_code == 302
    server.fail("connect", "")

    send_all(worker)
    (mail,) = server.mails
    assert mail.recipient == "ada@example.org"
    assert "/admin/password_reset/confirm/" in mail.text
    assert mail.message["Auto-Submitted"] == "auto-generated"
    row = OutgoingMail.objects.get()
    assert (row.state, row.text, row.subject) == (MailState.ACCEPTED, "", ""), "the link is secret"
    assert mail.message["Message-ID"] == row.message_id


def test_each_recipient_gets_a_mail_of_their_own(server: MailServer, worker: Outbox) -> None:
    send_mail("Two of you", "Hello", None, ["ada@example.org", "bob@example.org"])
    send_all(worker)
    assert sorted(mail.message["To"] for mail in server.mails) == [
        "ada@example.org",
        "bob@example.org",
    ]


def test_both_parts_go_out(server: MailServer, worker: Outbox) -> None:
    send_mail("Both", "words", None, ["ada@example.org"], html_message="<p>words</p>")
    send_all(worker)
    assert (server.mails[0].text.strip(), server.mails[0].html.strip()) == ("words", "<p>words</p>")


def test_what_could_end_a_header_or_is_attached_is_refused(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "worker.outbox.EmailBackend"
    with pytest.raises(ValidationError):
        queue("ada@example.org", "Hello\nBcc: all@example.org", "words")
    with pytest.raises(ValueError, match="no attachments"):
        EmailMessage("Hello", "words", to=["a@b.example"], attachments=[("a", "b", "c/d")]).send()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("subject", [LONG, LONG * 3, "a b " * 60, "x" * 300, "é" * 300, "Kort"])
def test_a_subject_of_any_length_is_folded_so_that_each_line_holds_some_of_it(
    server: MailServer, worker: Outbox, subject: str
) -> None:
    queue("ada@example.org", subject, "words")
    send_all(worker)
    wire = server.mails[0].content
    head = wire.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    start = head.index(b"Subject:")
    lines = head[start:].split(b"\n")
    folded = [lines[0], *_continued(lines[1:])]
    assert folded[0].removeprefix(b"Subject:").strip()
    assert all(line.strip() for line in folded)
    assert max(map(len, folded)) <= 78, "RFC 5322 section 2.1.1"
    read = message_from_bytes(wire, policy=policy.default)["Subject"]
    assert read.strip() == subject.strip()


def _continued(lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            return
        yield line


def test_a_temporary_answer_is_tried_again_and_a_final_one_is_not(
    server: MailServer, worker: Outbox
) -> None:
    row = queue("ada@example.org", "Hello", "words")
    server.fail("recipient", "450 later", times=1)
    send_all(worker)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.WAITING, 1)
    assert row.not_before > timezone.now() + timedelta(seconds=30)

    server.fail("recipient", "550 5.1.1 no such user ada@example.org", times=1)
    let_it_be_due()
    send_all(worker)
    row.refresh_from_db()
    assert (row.state, row.error_code) == (MailState.REJECTED, "550")
    assert "ada@" not in row.error_text


def test_a_server_that_takes_nothing_costs_no_attempt(server: MailServer, worker: Outbox) -> None:
    row = queue("ada@example.org", "Hello", "words")
    server.fail("connect", "554 go away")
    for _time in range(len(RETRY_AFTER) + 2):
        send_all(worker)
        let_it_be_due()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.WAITING, 0)


def test_a_mail_whose_answer_was_lost_goes_out_again_under_the_same_id(
    server: MailServer, worker: Outbox
) -> None:
    row = queue("ada@example.org", "Hello", "words")
    server.fail("answer", DROP, times=1)
    send_all(worker)
    let_it_be_due()
    send_all(worker)
    assert [mail.message["Message-ID"] for mail in server.mails] == [row.message_id] * 2


def test_what_a_worker_that_died_was_sending_is_sent_by_the_next(
    server: MailServer, worker: Outbox
) -> None:
    row = queue("ada@example.org", "Hello", "words")
    assert outbox._take(row)
    assert not outbox._take(row), "one worker has it"
    send_all(worker)
    assert not server.mails
    OutgoingMail.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    send_all(worker)
    assert len(server.mails) == 1


def test_it_is_given_up_where_every_worker_dies_of_it(server: MailServer, worker: Outbox) -> None:
    row = queue("ada@example.org", "Hello", "words")
    gone = timezone.now() - timedelta(seconds=1)
    for _time in range(len(RETRY_AFTER) + 1):
        row.refresh_from_db()
        assert outbox._take(row)
        OutgoingMail.objects.update(held_until=gone)
    send_all(worker)
    assert not server.mails
    assert OutgoingMail.objects.get().error_code == "gave up"


def test_a_restored_copy_sends_nothing(
    server: MailServer, worker: Outbox, settings: Settings
) -> None:
    queue("ada@example.org", "First", "words")
    send_all(worker)
    mark = json.loads(settings.SENDING_MARK.read_text())
    mark["steps"] += 5
    settings.SENDING_MARK.write_text(json.dumps(mark))

    queue("ada@example.org", "Second", "words")
    send_all(worker)
    assert [mail.message["Subject"] for mail in server.mails] == ["First"]
    assert OutgoingMail.objects.filter(state=MailState.WAITING).exists()


def test_who_was_written_to_is_forgotten_after_a_month() -> None:
    queue("ada@example.org", "Old", "words")
    queue("bob@example.org", "Waits", "words")
    settled = {"state": MailState.ACCEPTED, "settled_at": timezone.now()}
    OutgoingMail.objects.filter(to="ada@example.org").update(**settled)
    assert outbox._forget_settled() == 0
    OutgoingMail.objects.update(settled_at=F("settled_at") - KEPT)
    assert outbox._forget_settled() == 1
    assert [row.to for row in OutgoingMail.objects.all()] == ["bob@example.org"]
