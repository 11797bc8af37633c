"""`python -m bench.mailing_run`: measures mailings on the database of its environment.

Prints a row a line, as JSON. It is called by `bench.mailing`, which has the mail server.
"""

import json
import logging
import smtplib
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, cast

import django

django.setup()

from django.conf import settings  # noqa: E402  only now can models be read
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models.functions import Mod  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsletter.issues.messages import IssueMessage  # noqa: E402
from newsletter.mailings import transitions  # noqa: E402
from newsletter.models import DeliveryState, Mailing, Subscriber  # noqa: E402
from pages.models import NodePage  # noqa: E402
from tests import builders  # noqa: E402
from worker.loop import Worker  # noqa: E402

Row = tuple[str, str, str]
MANY, MAILS, ROUND = 100_000, 10_000, 1_000
UNLIMITED = 10**6  # mails a minute
BIRDSONG = 338 / 2464  # of such a loop: it sends 338 a second where the loop sends 2,464
ACCEPTED = "UPDATE newsletter_delivery SET state = 'accepted', finished_at = %s WHERE id = %s"


class Loop:
    """What anybody would write: one connection, the same message to all, a commit for each."""

    def __init__(self, mailing: Mailing) -> None:
        rows = mailing.deliveries.select_related("subscriber").order_by("pk")
        first = rows[0]
        copy = IssueMessage(mailing).to(first, cast("Subscriber", first.subscriber))
        message: Any = copy.message()  # Django's own kinds, which write any line end
        self.wire: bytes = message.as_bytes(linesep="\r\n")
        self.people = iter(list(rows.values_list("pk", "subscriber__address")))
        self.smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT)

    def send(self, count: int) -> None:
        for key, address in islice(self.people, count):
            self.smtp.sendmail("news@bbmri.example", [address], self.wire)
            with connection.cursor() as cursor:
                cursor.execute(ACCEPTED, [timezone.now(), key])


def measure() -> Iterator[Row]:
    home = builders.home()
    builders.crowd(MAILS)
    yield from _sending(_begun(home, "Sent by a worker"), _begun(home, "Sent by a loop"))
    builders.crowd(MANY, "nl")
    _let_the_database_look()
    large = _prepared(home, "To very many", language="nl")
    desk = Client(headers={"host": settings.SITE_HOST})
    desk.force_login(User.objects.create_superuser("operator"))
    yield _page(desk, large, "newsletter_mailing", "prepared")
    yield (
        f"rows for {MANY} recipients made in",
        f"{_seconds(lambda: transitions.begin(large)):.1f} s",
        "< 10 s",
    )
    _as_after_a_while(large)
    _let_the_database_look()
    yield _page(desk, large, "newsletter_mailing", "progress")
    yield _page(desk, large, "newsletter_progress", "its refresh")
    _as_at_the_end(large)
    _let_the_database_look()
    yield _page(desk, large, "newsletter_mailing", "report")


def _let_the_database_look() -> None:
    """What is made here at once comes about in minutes, in which a database counts its rows."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _prepared(home: NodePage, title: str, language: str = "en") -> Mailing:
    about = {"rate_per_minute": UNLIMITED, "language": language}
    made = builders.mailing(builders.issue(home, title), **about)
    made.topics.add(builders.topic())
    return made


def _begun(home: NodePage, title: str) -> Mailing:
    made = _prepared(home, title)
    transitions.begin(made)
    return made


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _sending(ours: Mailing, plain: Mailing) -> Iterator[Row]:
    """By turns: both halves of a round meet the same machine."""
    loop, worker = Loop(plain), Worker()
    transitions.pause(plain)
    rates, memory = [], [0.0]
    for _round in range(MAILS // ROUND):
        before = _accepted(ours)
        seconds = _seconds(lambda: _come_round(worker, ROUND))
        rates.append((_accepted(ours) - before) / seconds)
        rates.append(ROUND / _seconds(lambda: loop.send(ROUND)))
        memory.append(_resident())
    worker.sender.close()
    pairs = list(zip(rates[::2], rates[1::2], strict=True))
    ratio = median(one / other for one, other in pairs)
    yield f"{MAILS} mails, beside a plain loop", f"{ratio:.0%}", ">= 60 %"
    yield (
        "beside birdsong, which manages 338 for the loop's 2464",
        f"{ratio / BIRDSONG:.1f} x",
        ">= 4 x",
    )
    one, other = (median(each) for each in zip(*pairs, strict=True))
    yield "mails a second; the loop's", f"{one:.0f}; {other:.0f}", ""
    yield "the mail's size", f"{len(loop.wire) / 1000:.1f} kB", ""
    yield "not accepted", str(MAILS - _accepted(ours)), "0"
    yield "memory, from the first round to the last", f"+{memory[-1] - memory[1]:.1f} MB", "< 20 MB"


def _come_round(worker: Worker, count: int) -> None:
    done = 0
    while done < count:
        done += worker.come_round()


def _accepted(mailing: Mailing) -> int:
    return mailing.deliveries.filter(state=DeliveryState.ACCEPTED).count()


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


# The editor's page


def _page(desk: Client, mailing: Mailing, name: str, what: str) -> Row:
    address = reverse(name, args=[mailing.pk])
    if desk.get(address).status_code != HTTPStatus.OK:
        raise SystemExit(f"Not the page: {address}")
    taken = median(_seconds(lambda: desk.get(address)) for _time in range(7))
    return f"page of a mailing to {MANY}, {what}", f"{taken * 1000:.0f} ms", "< 500 ms"


def _as_after_a_while(mailing: Mailing) -> None:
    """Most are accepted; of everything else there is some."""
    rows = mailing.deliveries.annotate(lot=Mod("pk", 100))
    now = {"finished_at": timezone.now()}
    rows.filter(lot__lt=80).update(state="accepted", **now)
    rows.filter(lot=80).update(state="rejected", error_code="550", error_text="No such user", **now)
    rows.filter(lot=81).update(state="skipped", skip_reason="left", **now)
    rows.filter(lot=82, pk__lt=rows[0].pk + 2000).update(state="uncertain", **now)


def _as_at_the_end(mailing: Mailing) -> None:
    now = timezone.now()
    mailing.deliveries.open().update(state="accepted", finished_at=now)
    Mailing.objects.filter(pk=mailing.pk).update(state="finished", finished_at=now)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    for row in measure():
        sys.stdout.write(json.dumps(row) + "\n")
