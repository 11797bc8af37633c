"""A worker that is killed at any moment loses nobody, and leaves at most one row to try again."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.models import Delivery, DeliveryKind, DeliveryState
from newsletter.sending.claims import return_lapsed
from tests import builders
from tests.e2e.crew import Crew, crew, database
from tests.mail_server import SLOW, MailServer, mail_server

MAILS, KILLS = 120, 2
PATIENCE = 120  # seconds
LONG_LEASE = {"NEWSLETTER_LEASE": "300", "EMAIL_TIMEOUT": "90"}  # it lapses where a test says so
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.each_engine,
]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as up:
        yield up


@pytest.fixture
def hired(tmp_path: Path, server: MailServer) -> Iterator[Crew]:
    with crew(tmp_path, database(), server.url, LONG_LEASE) as hired:
        yield hired


def fill(count: int) -> None:
    someone = builders.subscriber()
    for _number in range(count):
        builders.delivery(someone, DeliveryKind.KNOWN)


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def kill_in_the_middle(hired: Crew, server: MailServer) -> int:
    """How many rows it leaves of which nobody can know; all it had taken is free at once."""
    before = len(server.mails)
    worker = hired.hire()
    server.wait_for(min(before + random.randint(1, 40), MAILS), seconds=60)  # noqa: S311  no secret
    hired.workers.remove(worker)
    worker.end(signal.SIGKILL)
    held = Delivery.objects.exclude(claim=None)
    in_doubt = held.filter(state=DeliveryState.SENDING).count()
    held.update(claimed_until=LONG_AGO)
    return_lapsed()
    return in_doubt


def test_killing_the_worker_loses_no_mail(hired: Crew, server: MailServer) -> None:
    fill(MAILS)
    doubts = 0
    for _kill in range(KILLS):
        doubt = kill_in_the_middle(hired, server)
        assert doubt <= 1
        doubts += doubt
    hired.hire()
    until = time.monotonic() + PATIENCE
    while states() != {DeliveryState.ACCEPTED: MAILS}:
        assert time.monotonic() < until, states()
        time.sleep(0.1)
    copies = Counter(mail.message["Message-ID"] for mail in server.mails)
    assert len(copies) == MAILS
    assert sum(copies.values()) - MAILS <= doubts  # each under the Message-ID of the first


def test_a_worker_told_to_stop_hears_the_mail_server_out(hired: Crew, server: MailServer) -> None:
    fill(3)
    server.fail("answer", SLOW)
    worker = hired.hire("manage.py", "run_worker")
    server.wait_for(1, seconds=60)  # it has the message, and has not said so yet
    hired.workers.remove(worker)
    worker.end(signal.SIGTERM, seconds=20)
    assert worker.process
    assert worker.process.returncode == 0
    assert states() == {DeliveryState.ACCEPTED: 1, DeliveryState.PENDING: 2}
    assert len(server.mails) == 1
