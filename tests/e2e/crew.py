"""Workers as processes of their own, to be killed; and what became of a mailing meanwhile."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from newsletter.mailings.progress import Progress
from newsletter.models import DeliveryState, Mailing
from tests.mail_sink import Sink
from tests.parts import PROJECT

SKEWED = ("-m", "tests.e2e.skewed_worker")
NEST = ("-m", "tests.e2e.nest")
SHORT = {"NEWSLETTER_LEASE": "5", "EMAIL_TIMEOUT": "1"}  # what a worker dies with is free so soon
PATIENCE = 300  # seconds until a mailing must have ended


@dataclass
class Hired:
    """A worker, by its number as a process; `process` where we started it ourselves."""

    number: int
    command: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = None

    def end(self, how: signal.Signals, seconds: float = 60) -> None:
        """Send it the signal, and wait until it is no more."""
        os.kill(self.number, how)
        until = time.monotonic() + seconds
        while self.is_there():
            assert time.monotonic() < until, f"The worker is still there after {seconds} s."
            time.sleep(0.01)

    def is_there(self) -> bool:
        if self.process:
            return self.process.poll() is None
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True


@dataclass
class Crew:
    """So many workers, each replaced when it is killed."""

    environment: Mapping[str, str]
    log: Path
    workers: list[Hired] = field(default_factory=list)
    nest: subprocess.Popen[bytes] | None = None

    def hire(self, *command: str) -> Hired:
        """Another worker: as every one, or of one's own kind."""
        if command:
            process = self._start(*command)
            hired = Hired(process.pid, command, process)
        else:
            hired = Hired(self._hatch())
        self.workers.append(hired)
        return hired

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def _hatch(self) -> int:
        self.nest = self.nest or self._start(*NEST)
        assert self.nest.stdin
        assert self.nest.stdout
        self.nest.stdin.write(b"\n")
        self.nest.stdin.flush()
        return int(self.nest.stdout.readline())

    def kill_one(self) -> None:
        chosen = random.randrange(len(self.workers))  # noqa: S311  no secret hangs on it
        victim = self.workers.pop(chosen)
        victim.end(signal.SIGKILL)
        self.hire(*victim.command)

    def go_home(self) -> None:
        for worker in self.workers:
            worker.end(signal.SIGTERM)
        if self.nest:
            self.nest.communicate(timeout=60)


@contextmanager
def crew(
    folder: Path, database: str, mail: str, more: Mapping[str, str] | None = None
) -> Iterator[Crew]:
    """`mail`: the address of the mail server. `more`: of the environment."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
        "DATABASE_URL": database,
        "EMAIL_URL": mail,
        "SENDING_MARK": str(folder / "sending.json"),
        **SHORT,
        **(more or {}),
    }
    hired = Crew(environment, folder / "workers.log")
    try:
        yield hired
    finally:
        hired.go_home()


def kill_at_random(hired: Crew, sink: Sink, total: int, kills: int) -> None:
    """Spread over the mailing: each somewhere between two mails, or within one."""
    for left in range(kills, 0, -1):
        came = sink.count
        sink.wait_for(came + random.randint(1, max(1, (total - came) // (left + 1))))  # noqa: S311  no secret hangs on it
        time.sleep(random.random() / 50)  # noqa: S311  no secret hangs on it
        hired.kill_one()


def database() -> str:
    """The tests' own, as a process beside us is told of it."""
    about = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{about['NAME']}"
    account = f"{about['USER']}:{about['PASSWORD']}".rstrip(":")
    host = f"{about['HOST']}:{about['PORT'] or 5432}"
    return f"postgres://{account}@{host}/{about['NAME']}"


def wait_until_finished(mailing: Mailing) -> None:
    until = time.monotonic() + PATIENCE
    while Mailing.objects.get(pk=mailing.pk).state != Mailing.State.FINISHED:
        assert time.monotonic() < until, Progress(mailing).by_state
        time.sleep(0.2)


@dataclass(frozen=True)
class Tally:
    """What the mail server took, beside what the rows say."""

    duplicates: int  # mails to somebody who had one already
    missed: int  # rows that say accepted, of which the mail server knows nothing
    accepted: int
    rejected: int
    uncertain: int
    skipped: int
    listed: int  # uncertain ones on the editor's page
    total: int

    @property
    def settled(self) -> int:
        return self.accepted + self.rejected + self.uncertain + self.skipped


def tally(mailing: Mailing, sink: Sink) -> Tally:
    mails = Counter(message_id for message_id, _recipient in sink.mails())
    progress = Progress(mailing)
    accepted = mailing.deliveries.filter(state=DeliveryState.ACCEPTED)
    return Tally(
        duplicates=sum(mails.values()) - len(mails),
        missed=sum(row.message_id not in mails for row in accepted),
        accepted=progress.accepted,
        rejected=progress.rejected,
        uncertain=progress.uncertain,
        skipped=progress.skipped,
        listed=len(progress.uncertain_rows),
        total=progress.total,
    )
