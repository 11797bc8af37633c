"""What a sign-up costs, what many at once come to, what the worker's memory does; kills."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.asking import Poster, crowd
from bench.databases import Row, resident, sized
from bench.web import bare
from tests import parts
from tests.e2e.site import RunningSite, running_site
from tests.mail_server import mail_server

TABLE = "bench_row"  # of bench.bare, whose settings only its own process reads
ROUNDS, IN_A_ROUND = 20, 20
EACH = sized(200, least=10)  # known addresses, and as many unknown
SECONDS = sized(30, least=2)
MAILS, WARM = sized(10_000), sized(1_000)
RAISED = {f"NEWSLETTER_{name}": "1000000" for name in ("NETWORK_HOURLY", "SITE_HOURLY")}


def sign_ups() -> Iterator[Row]:
    with site_on_sqlite() as site:
        yield from _beside_bare(site)
        yield from _known_and_unknown(site)
        with _worker(site):  # which writes to the same file
            yield from _at_once(site, "SQLite, a worker beside", 4)
    with site_on_postgresql() as site:
        yield from _at_once(site, "PostgreSQL", 50)
        yield from _memory(site)


@contextmanager
def site_on_sqlite() -> Iterator[RunningSite]:
    server = os.environ.pop("TEST_DATABASE_URL", None)
    try:
        with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), **RAISED) as site:
            yield site
    finally:
        os.environ |= {"TEST_DATABASE_URL": server} if server else {}


@contextmanager
def site_on_postgresql() -> Iterator[RunningSite]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["TEST_DATABASE_URL"] = parts.postgres(stack)[0]
        try:
            yield stack.enter_context(running_site(Path(folder), **RAISED))
        finally:
            del os.environ["TEST_DATABASE_URL"]


def _beside_bare(site: RunningSite) -> Iterator[Row]:
    site.shell(
        "from django.db import connection\n"
        f"connection.cursor().execute('CREATE TABLE {TABLE}"
        " (id integer PRIMARY KEY, address varchar(254))')"
    )
    log = Path(site.environment["MEDIA_ROOT"]).with_name("bare.log")
    with bare(site, log) as plain_site:
        ours, plain = Poster(site.url), Poster(plain_site.url)
        pairs = [(_round(ours), _round(plain)) for _number in range(ROUNDS)][2:]
    # Of each round by itself: its two halves met the same machine.
    ratio = median(one / other for one, other in pairs)
    one, other = (1000 * median(each) for each in zip(*pairs, strict=True))
    yield "sign-up POST / bare Django view of one insert", f"{ratio:.2f}", "<= 3"
    yield "sign-up POST; bare view", f"{one:.1f} ms; {other:.1f} ms", ""
    yield "of these, answers that were wrong", str(len(ours.wrong + plain.wrong)), "0"


def _round(poster: Poster) -> float:
    return median(poster.sign_up() for _number in range(IN_A_ROUND))


def _known_and_unknown(site: RunningSite) -> Iterator[Row]:
    site.shell(MAKE_SUBSCRIBERS.format(count=EACH))
    poster = Poster(site.url)
    took: dict[str, list[float]] = {"known": [], "other": []}
    for number in range(EACH):
        for who in sorted(took, reverse=bool(number % 2)):  # neither always comes first
            took[who].append(poster.sign_up(f"{who}{number}@example.org"))
    known, unknown = median(took["known"]), median(took["other"])
    apart = abs(known - unknown) / min(known, unknown)
    yield f"known and unknown addresses, {EACH} each, medians apart", f"{apart:.1%}", "<= 10 %"
    yield "known; unknown", f"{known * 1000:.1f} ms; {unknown * 1000:.1f} ms", ""


def _at_once(site: RunningSite, database: str, size: int) -> Iterator[Row]:
    done, wrong = crowd(site.url, size, SECONDS)
    kinds = f" ({', '.join(sorted(set(wrong)))[:60]})" if wrong else ""
    what = f"{size} at once for {SECONDS} s on {database}"
    yield f"{what}, errors", f"{len(wrong)}{kinds}", "0"
    yield f"{what}, sign-ups", f"{done} ({done / SECONDS:.0f}/s)", ""


# The worker


@contextmanager
def _worker(site: RunningSite, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`more`: of its environment."""
    command = [sys.executable, "manage.py", "run_worker"]
    worker = subprocess.Popen(command, cwd=parts.PROJECT, env=site.environment | more)
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=60)


MAKE_SUBSCRIBERS = """
from newsletter import addresses
from newsletter.models import ConsentText
from newsletter.subscribers import acts
text = ConsentText.objects.get(language="en")
for number in range({count}):
    address = addresses.read(f"known{{number}}@example.org")
    about = dict(language="en", topics=["newsletter"], consent_text=text, page="", network="")
    acts.confirm(acts.sign_up(address, **about))
"""
QUEUE_MAILS = """
from newsletter.models import Delivery, SignUp, Subscriber
SignUp.objects.all().delete()
people = list(Subscriber.objects.all())
Delivery.objects.bulk_create(
    Delivery(kind="manage_link", subscriber=one, language="en", recipient=one.subject)
    for one in (people[number % len(people)] for number in range({count}))
)
"""


def _memory(site: RunningSite) -> Iterator[Row]:
    """Of the worker's process, after some mails and after many."""
    site.shell(MAKE_SUBSCRIBERS.format(count=EACH) + QUEUE_MAILS.format(count=MAILS))
    with mail_server() as server:
        began = time.monotonic()
        with _worker(site, EMAIL_URL=server.url) as worker:
            server.wait_for(WARM, seconds=600)
            before = resident(worker.pid)
            server.wait_for(MAILS, seconds=3600)
            after, taken = resident(worker.pid), time.monotonic() - began
    grown = f"{before:.1f} MB -> {after:.1f} MB"
    yield f"worker's memory, after {WARM} and {MAILS} service mails", grown, "flat: < 5 MB more"
    yield "service mails a second", f"{MAILS / taken:.0f}", ""


# Workers killed in a mailing, on each database: `tests/e2e/test_kill.py` at full size

KILLS, RECIPIENTS = sized(20, least=2), sized(2_000, least=200)
TARGET = f"0; 0; <= {KILLS}, all listed; {RECIPIENTS}"


def kills() -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, url in (("SQLite", ""), ("PostgreSQL", parts.postgres(stack)[0])):
            for counted in _tallies(folder / name, url):
                yield _row(name, counted)


def _tallies(file: Path, url: str) -> list[dict[str, Any]]:
    """What the tests wrote down; a test that failed did so after writing."""
    sizes = {"TEST_KILLS": str(KILLS), "TEST_RECIPIENTS": str(RECIPIENTS)}
    environment = os.environ | sizes | {"TEST_DATABASE_URL": url, "TEST_TALLIES": str(file)}
    command = [sys.executable, "-m", "pytest", "-q", "tests/e2e/test_kill.py"]
    subprocess.run(
        command, cwd=parts.PROJECT, env=environment, check=False, stdout=sys.stderr.fileno()
    )
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _row(database: str, counted: dict[str, Any]) -> Row:
    what = f"{database}, {counted['name']}: duplicates; missed; uncertain; settled"
    listed = "all listed" if counted["listed"] == counted["uncertain"] else "NOT all listed"
    settled = sum(counted[state] for state in ("accepted", "rejected", "uncertain", "skipped"))
    uncertain = f"{counted['uncertain']}, {listed}"
    return what, f"{counted['duplicates']}; {counted['missed']}; {uncertain}; {settled}", TARGET
