"""What a mailing costs: beside a plain loop, in memory, and on the editor's page."""

import smtplib
import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from itertools import islice
from statistics import median
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Mod
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from bench.databases import Row, resident, sized
from newsletter.issues.messages import IssueMessage
from newsletter.mailings import transitions
from newsletter.models import DeliveryState, Mailing, Subscriber
from pages.models import NodePage
from tests import builders
from worker.steps import Step

MANY, MAILS = sized(100_000), sized(10_000, least=600)
ROUND = sized(1_000, least=200)  # whole batches of the worker's
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
    for what, measured, target in _rows():
        yield f"{connection.display_name}: {what}", measured, target


def _rows() -> Iterator[Row]:
    call_command("collectstatic", interactive=False, verbosity=0)
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
    names = [name for name in settings.WORKER_STEPS if name.startswith("newsletter.")]
    loop, steps = Loop(plain), [import_string(name)(lambda: False) for name in names]
    transitions.pause(plain)
    rates, memory = [], [0.0]
    for _round in range(MAILS // ROUND):
        before = _accepted(ours)
        seconds = _seconds(lambda: _come_round(steps, ROUND))
        rates.append((_accepted(ours) - before) / seconds)
        rates.append(ROUND / _seconds(lambda: loop.send(ROUND)))
        memory.append(resident())
    for step in steps:
        step.close()
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


def _come_round(steps: Sequence[Step], count: int) -> None:
    """As the worker does, until so many mails are sent."""
    done = 0
    while done < count:
        done += sum(step.attempt()[1] for step in steps if step.is_due)


def _accepted(mailing: Mailing) -> int:
    return mailing.deliveries.filter(state=DeliveryState.ACCEPTED).count()


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
