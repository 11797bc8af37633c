"""A worker that is killed at any moment loses nobody, and leaves at most one row to try again."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import ready_made
from tests.e2e.site import RunningSite
from tests.mail_server import SLOW, MailServer, mail_server
from tests.parts import PROJECT

MAILS, KILLS = 120, 2
PATIENCE = 120  # seconds
ALL_ACCEPTED = f"('accepted', {MAILS})"
FILL = (
    "from newsletter.models import Delivery, Subscriber\n"
    "from tests import builders\n"
    "someone = builders.subscriber()\n"
    "for n in range({count}):\n"
    "    Delivery.objects.to_subscriber('known', someone)\n"
)
# As if the lease had run out: nobody wants to wait for that in a test.
LAPSE = (
    "from newsletter.models import Delivery\n"
    "from newsletter.sending.claims import return_lapsed\n"
    "from django.db.models.functions import Now\n"
    "held = Delivery.objects.exclude(claim=None)\n"
    "print(held.filter(state='sending').count())\n"
    "held.update(claimed_until='2020-01-01T00:00Z')\n"
    "return_lapsed()\n"
)
COUNT = (
    "from collections import Counter\n"
    "from newsletter.models import Delivery\n"
    "print(*Counter(Delivery.objects.values_list('state', flat=True)).items())\n"
)


@contextmanager
def worker(site: RunningSite, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "run_worker"]
    with (
        log.open("ab") as said,
        subprocess.Popen(command, cwd=PROJECT, env=site.environment, stderr=said) as up,
    ):
        yield up
        up.terminate()


def kill_in_the_middle(site: RunningSite, server: MailServer, log: Path) -> None:
    before = len(server.mails)
    with worker(site, log) as up:
        server.wait_for(min(before + random.randint(1, 40), MAILS), seconds=60)  # noqa: S311  no secret
        up.kill()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as up:
        yield up


@pytest.fixture
def site(tmp_path: Path, server: MailServer) -> Iterator[RunningSite]:
    """Its database and its commands: nobody visits it."""
    with ready_made.database(tmp_path, ready_made.migrated()) as database:
        more = {
            "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
            "DATABASE_URL": database,
            "EMAIL_URL": server.url,
            "SENDING_MARK": str(tmp_path / "sending.json"),
        }
        yield RunningSite("", os.environ | more)


def test_killing_the_worker_loses_no_mail(
    tmp_path: Path, site: RunningSite, server: MailServer
) -> None:
    log = tmp_path / "worker.log"
    site.shell(FILL.format(count=MAILS))
    doubts = 0
    for _ in range(KILLS):
        kill_in_the_middle(site, server, log)
        doubt = int(site.shell(LAPSE))
        assert doubt <= 1
        doubts += doubt
    with worker(site, log):
        deadline = time.monotonic() + PATIENCE
        while site.shell(COUNT).strip() != ALL_ACCEPTED:
            assert time.monotonic() < deadline, site.shell(COUNT)
    copies = Counter(mail.message["Message-ID"] for mail in server.mails)
    assert len(copies) == MAILS
    assert sum(copies.values()) - MAILS <= doubts  # each under the Message-ID of the first


def test_a_worker_told_to_stop_hears_the_mail_server_out(
    tmp_path: Path, site: RunningSite, server: MailServer
) -> None:
    site.shell(FILL.format(count=3))
    server.fail("answer", SLOW)
    with worker(site, tmp_path / "worker.log") as up:
        server.wait_for(1, seconds=60)  # it has the message, and has not said so yet
        up.terminate()
        assert up.wait(timeout=20) == 0
    assert site.shell(COUNT).strip() == "('accepted', 1) ('pending', 2)"
    assert len(server.mails) == 1
