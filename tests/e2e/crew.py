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

from newsletter.models import Delivery, Mailing
from newsletter.progress import Progress
from tests.mail_sink import Sink
from tests.parts import PROJECT

WORKER = ("manage.py", "run_worker")
SKEWED = ("-m", "tests.e2e.skewed_worker")
SHORT = {"NEWSLETTER_LEASE": "5", "EMAIL_TIMEOUT": "1"}  # what a worker dies with is free so soon
PATIENCE = 300  # seconds until a mailing must have ended


@dataclass
class Crew:
    """So many workers, each replaced when it is killed."""

    environment: Mapping[str, str]
    log: Path
    workers: list[tuple[subprocess.Popen[bytes], Sequence[str]]] = field(default_factory=list)

    def hire(self, *command: str) -> None:
        """Another worker: as every one, or of one's own kind."""
        command = command or WORKER
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.workers.append((process, command))

    def kill_one(self) -> None:
        chosen = random.randrange(len(self.workers))  # noqa: S311  no secret
        victim, command = self.workers.pop(chosen)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.hire(*command)

    def go_home(self) -> None:
        for worker, _command in self.workers:
            worker.terminate()
        for worker, _command in self.workers:
            worker.wait(timeout=60)


@contextmanager
def crew(folder: Path, database: str, sink: Sink) -> Iterator[Crew]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
        "DATABASE_URL": database,
        "EMAIL_URL": sink.url,
        "SENDING_MARK": str(folder / "sending.json"),
        **SHORT,
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
        sink.wait_for(came + random.randint(1, max(1, (total - came) // (left + 1))))  # noqa: S311
        time.sleep(random.random() / 50)  # noqa: S311  no secret
        hired.kill_one()


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
    accepted = mailing.deliveries.filter(state=Delivery.State.ACCEPTED)
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
