"""Bounces that come as mail: read from a real IMAP server, believed where they are about ours."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from imaplib import Time2Internaldate
from pathlib import Path
from uuid import uuid4

import pytest
import trustme
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.mailings import transitions
from newsletter.models import (
    Delivery,
    DeliveryKind,
    DeliveryReport,
    DeliveryState,
    Mailing,
    ReportKind,
    StrayReport,
    Suppression,
)
from newsletter.sending.bounces import take_in
from newsletter.sending.checks import bounces_come_by_one_way
from newsletter.sending.reports import take_up_reports
from newsletter.steps import read_bounces
from pages.models import NodePage
from tests import bounce_mails, builders
from tests.bounce_mails import about
from tests.imap_server import ImapServer, imap_server
from tests.integration.sending import send_all
from tests.mail_server import MailServer
from worker.faults import Fault
from worker.mailbox import LARGEST
from worker.models import SendingMark
from worker.steps import Step

READER = "reader0.en@example.org"
Why = StrayReport.Why
pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[ImapServer]:
    with imap_server() as server:
        settings.BOUNCE_MAILBOX = server.setting
        settings.BOUNCE_ADDRESS = "bounces@bbmri.example"
        yield server


def begun(home: NodePage, people: int) -> Mailing:
    builders.crowd(people)
    made = builders.mailing(builders.issue(home))
    made.topics.add(builders.topic())
    transitions.begin(made)
    return made


@pytest.fixture
def row(home: NodePage) -> Delivery:
    """Handed over, and accepted."""
    made = begun(home, 1)
    settled = {"state": DeliveryState.ACCEPTED, "finished_at": timezone.now()}
    made.deliveries.update(**settled)
    return made.deliveries.get()


def step() -> Step:
    return read_bounces(lambda: False)


def work() -> int:
    """A round of what a worker does. How many mails it read."""
    went_well, done = step().attempt()
    assert went_well
    take_up_reports()
    return done


def strays() -> dict[tuple[str, str], int]:
    return {(each.word, each.why): each.count for each in StrayReport.objects.all()}


# From the mail that goes out to the mail that comes back


@pytest.mark.parametrize("delimiter", ["", "+"])
def test_who_bounces_is_written_to_no_more(
    home: NodePage, settings: Settings, server: MailServer, mailbox: ImapServer, delimiter: str
) -> None:
    settings.BOUNCE_DELIMITER, server.knows_dsn = delimiter, bool(delimiter)
    made = begun(home, 2)
    send_all()
    row = made.deliveries.get(subscriber__address=READER)
    (sent,) = server.to(READER)
    own = f"{delimiter}{row.uuid.hex}" if delimiter else ""
    assert sent.sender == f"bounces{own}@bbmri.example"
    assert sent.message["From"].addresses[0].addr_spec == "news@bbmri.example"
    assert (f"ENVID={row.uuid.hex}" in server.asked) == server.knows_dsn
    mailbox.put(about(bounce_mails.POSTFIX, READER, row.uuid.hex))
    assert work() == 1
    assert DeliveryReport.objects.get().kind == ReportKind.BOUNCED
    suppressed = Suppression.objects.standing().get()
    assert (suppressed.subject, suppressed.reason) == (row.recipient, suppressed.Reason.BOUNCED)
    assert (mailbox.count("ANSWERED"), work()) == (1, 0)
    assert strays() == {}


def test_a_service_mail_comes_back_as_an_issue_does(
    server: MailServer, mailbox: ImapServer
) -> None:
    sign_up = builders.sign_up(READER)
    row = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, sign_up)
    send_all()
    assert server.mails[0].sender == "bounces@bbmri.example"
    mailbox.put(about(bounce_mails.HARD["Exim"], READER, row.uuid.hex))
    work()
    assert Suppression.objects.standing().get().subject == sign_up.subject


# What a mail does


def told(row: Delivery, mail: str, address: str = READER, date: str = "") -> None:
    take_in(about(mail, address, row.uuid.hex, date))
    take_up_reports()
    row.refresh_from_db()


def test_a_bounce_for_our_fault_suppresses_nobody_and_is_sent_again_by_reason(
    row: Delivery,
) -> None:
    told(row, bounce_mails.ABOUT_US["no sign-in of ours"])
    assert (row.state, row.fault) == (DeliveryState.REJECTED, Fault.US)
    assert "unauthenticated" in row.error_text
    assert not Suppression.objects.exists()


def test_a_bounce_of_the_moment_is_noted_and_no_more(row: Delivery) -> None:
    told(row, bounce_mails.OF_THE_MOMENT["full"])
    assert (row.state, row.fault) == (DeliveryState.ACCEPTED, Fault.MOMENT)
    assert not Suppression.objects.exists()


def test_a_complaint_that_comes_as_mail_suppresses(row: Delivery) -> None:
    told(row, bounce_mails.ABUSE)
    assert Suppression.objects.standing().get().reason == Suppression.Reason.COMPLAINED


def test_a_reader_whose_mail_is_passed_on_to_a_dead_mailbox_exists(row: Delivery) -> None:
    passed_on = f"Original-Recipient: rfc822;{READER}"
    mail = bounce_mails.failed("550 5.1.1 no such user", "5.1.1", more=passed_on)
    told(row, mail, "elsewhere@example.com")
    assert row.fault == Fault.MOMENT
    assert not Suppression.objects.exists()


def test_again_and_in_any_order_comes_to_the_same(row: Delivery) -> None:
    for _again in range(3):
        for mail in (bounce_mails.POSTFIX, bounce_mails.OF_THE_MOMENT["full"], bounce_mails.ABUSE):
            told(row, mail)
    assert DeliveryReport.objects.count() == 3
    assert Suppression.objects.count() == 1


# What does nothing, and is counted


def test_what_cannot_be_placed_suppresses_nobody_and_is_counted(row: Delivery) -> None:
    told(row, bounce_mails.POSTFIX, "eve@example.org")
    told(row, bounce_mails.POSTFIX, "<>;no address")
    take_in(about(bounce_mails.POSTFIX, READER, "f" * 32))
    take_in(about(bounce_mails.POSTFIX, READER, "-"))
    take_in(about(bounce_mails.ABUSE, "eve@example.org", row.uuid.hex))
    take_up_reports()
    assert not DeliveryReport.objects.exists()
    assert strays() == {("failed 5.1.1", Why.NO_MAIL): 4, ("abuse", Why.NO_MAIL): 1}


def test_what_is_old_new_or_taken_back_suppresses_nobody_and_is_counted(row: Delivery) -> None:
    for days in (-3000, -8, 2):
        date = format_datetime(timezone.now() + timedelta(days=days))
        told(row, bounce_mails.POSTFIX, date=date)
    for mail in (*bounce_mails.NEW_WORDS.values(), bounce_mails.NOT_SPAM):
        told(row, mail)
    assert not DeliveryReport.objects.exists()
    assert strays()["failed 5.1.1", Why.TOO_OLD] == 3
    assert strays()["vaporised 5.1.1", Why.NEW_WORD] == 1
    assert strays()["not-spam", Why.TAKEN_BACK] == 1


def test_what_is_no_report_or_not_to_be_read_is_counted(row: Delivery, mailbox: ImapServer) -> None:
    for mail in bounce_mails.NO_REPORT.values():
        told(row, mail)
    mailbox.put(about(bounce_mails.OF_VACATION, READER, row.uuid.hex))
    mailbox.put(about(bounce_mails.POSTFIX, READER, row.uuid.hex) + b"x" * LARGEST)
    assert work() == 2
    assert not DeliveryReport.objects.exists()
    assert sum(strays().values()) == len(bounce_mails.NO_REPORT) + 2
    assert strays()["too large", Why.UNREADABLE] == 1
    assert strays()["auto-replied", Why.UNREADABLE] > 1
    assert mailbox.count("UNANSWERED") == 0


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Xyz 9999", "\udcff", "0" * 5000])
def test_a_date_that_cannot_be_read_is_now(row: Delivery, date: str) -> None:
    told(row, bounce_mails.POSTFIX.replace("DATE", date))
    assert Suppression.objects.standing().exists()


# The mailbox


def test_what_was_taken_in_is_deleted_after_a_week(mailbox: ImapServer) -> None:
    mail = about(bounce_mails.QMAIL)
    for days in (3, 10):
        at = Time2Internaldate(timezone.now() - timedelta(days=days))
        mailbox.put(mail, flags=r"\Answered", at=at)
    mailbox.put(mail, flags=r"\Seen")  # somebody looked into the mailbox
    assert work() == 1
    assert mailbox.count() == 2


def test_a_mailbox_that_is_down_is_said_and_fails_no_step(
    mailbox: ImapServer, settings: Settings
) -> None:
    settings.BOUNCE_MAILBOX |= {"password": "another"}
    assert work() == 0
    settings.BOUNCE_MAILBOX |= {"port": 1}
    assert work() == 0
    assert set(strays()) == {
        ("IMAP4.error", Why.UNREADABLE),
        ("ConnectionRefusedError", Why.UNREADABLE),
    }


def watch_over(made: Step, silent: socket.socket, is_over: threading.Event) -> None:
    """As the worker's loop does, beside the step."""
    with silent.accept()[0]:
        while not is_over.wait(0.02):
            made.end_if_stuck()


@pytest.mark.parametrize("encryption", ["", "ssl"])
def test_a_server_that_says_nothing_is_left_when_its_time_is_over(
    settings: Settings, encryption: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        about = {"host": "127.0.0.1", "port": silent.getsockname()[1], "encryption": encryption}
        settings.BOUNCE_MAILBOX = about | {"user": "u", "password": "p", "folder": "INBOX"}
        made, is_over = step(), threading.Event()
        assert made.in_thread
        assert made.longest
        made.longest = 0.01
        watch = threading.Thread(target=watch_over, args=[made, silent, is_over])
        watch.start()
        assert made.attempt() == (True, 0)
        is_over.set()
        watch.join()
    stray = StrayReport.objects.get()
    assert stray.provider == "BOUNCE_MAILBOX"
    assert stray.word != "TimeoutError"


def test_an_encrypted_mailbox_is_read_where_its_certificate_is_good(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, files = trustme.CA(), [tmp_path / name for name in ("ca", "chain", "key")]
    issued = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(files[0]))
    issued.cert_chain_pems[0].write_to_path(str(files[1]))
    issued.private_key_pem.write_to_path(str(files[2]))
    with imap_server("--cert", files[1], "--key", files[2]) as server:
        settings.BOUNCE_MAILBOX = server.setting | {"encryption": "tls"}
        assert work() == 0
        assert set(strays()) == {("SSLCertVerificationError", Why.UNREADABLE)}
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        assert work() == 0
        assert sum(strays().values()) == 1


def test_a_copy_of_the_site_and_one_with_a_provider_read_no_mailbox(
    mailbox: ImapServer, settings: Settings
) -> None:
    assert work() == 0  # the first mark of this site
    mailbox.put(about(bounce_mails.QMAIL))
    assert not list(bounces_come_by_one_way(None))
    settings.MAIL_PROVIDER = "postmark"
    assert work() == 0
    assert [fault.id for fault in bounces_come_by_one_way(None)] == ["newsletter.W002"]
    settings.MAIL_PROVIDER = ""
    SendingMark.objects.update(installation=uuid4())
    assert work() == 0
    assert mailbox.count("UNANSWERED") == 1
