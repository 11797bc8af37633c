"""The process beside the web: it does what must happen without a visitor."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from newsletter.mailings import transitions
from newsletter.retention import erase_what_is_due
from newsletter.sending import reports
from newsletter.sending.claims import return_lapsed
from newsletter.sending.sender import Sender
from newsletter.subscribers.sign_up_queue import answer_link_requests, decide_sign_ups

NAP_SECONDS = 0.5  # how soon a new sign-up, or a request to stop, is noticed
LAPSE_SECONDS = 5
MAILING_SECONDS = 1
MINUTE = 60
SHORTEST_WAIT, LONGEST_WAIT = 5, 60  # seconds before a step that failed is tried again

log = logging.getLogger(__name__)


def publish_scheduled_pages() -> None:
    call_command("publish_scheduled")


@dataclass
class Step:
    """Something to do every so many seconds; 0: whenever the worker comes round.

    `act` gives what it did as a number; where it did something, there may be more at once.
    """

    name: str
    act: Callable[[], int | None]
    every: float = 0
    due: float = 0  # on the clock of time.monotonic
    failures: int = 0

    def attempt(self) -> tuple[bool, int]:
        """Whether it went well, and how much it did. A failure is logged, and tried again."""
        try:
            done = self.act() or 0
        except Exception:  # the other steps must go on, whatever it is
            wait = min(SHORTEST_WAIT * 2**self.failures, LONGEST_WAIT)
            log.exception("%s failed and is tried again in %d s", self.name, wait)
            self.failures = min(self.failures + 1, 10)
            self.due = time.monotonic() + wait
            return False, 0
        self.failures, self.due = 0, time.monotonic() + self.every
        return True, done


def housekeeping() -> list[Step]:
    """What is done each minute. HOUSEKEEPING_COMMANDS: other rooms' commands, with their words."""
    commands: Sequence[Sequence[str]] = settings.HOUSEKEEPING_COMMANDS
    return [
        Step("publish_scheduled_pages", publish_scheduled_pages, MINUTE),
        Step("settle_what_stays_uncertain", transitions.settle_what_stays_uncertain, MINUTE),
        Step("erase_what_is_due", erase_what_is_due, MINUTE),
        *(Step(words[0], partial(_run_command, *words), MINUTE) for words in commands),
    ]


def _run_command(*words: str) -> None:
    call_command(*words)


class Worker:
    """Comes round to its steps until it is told to stop, and stops after the current message."""

    def __init__(self, steps: Sequence[Step] | None = None) -> None:
        self.stopping = False
        self.sender = Sender(lambda: self.stopping)
        self.steps = self._all_steps() if steps is None else list(steps)

    def _all_steps(self) -> list[Step]:
        return [
            Step("decide_sign_ups", decide_sign_ups),
            Step("answer_link_requests", answer_link_requests),
            Step("begin_what_is_due", transitions.begin_what_is_due, MAILING_SECONDS),
            Step("send_due", self.sender.send_due),
            Step("finish_what_is_done", transitions.finish_what_is_done, MAILING_SECONDS),
            Step("take_up_reports", reports.take_up_reports, LAPSE_SECONDS),
            Step("return_lapsed", return_lapsed, LAPSE_SECONDS),
            *housekeeping(),
        ]

    def stop(self, *signal_and_frame: object) -> None:
        """Also a signal handler: it only sets a mark, as a handler may interrupt anything."""
        self.stopping = True

    def run(self) -> None:
        log.info("The worker is up.")
        while not self.stopping:
            close_old_connections()  # the database may have been restarted since the last round
            if not self.come_round():
                time.sleep(NAP_SECONDS)
        self.sender.close()
        log.info("The worker has stopped.")

    def come_round(self) -> int:
        """Do the steps that are due. How much was done: 0 when it is time to rest."""
        done = 0
        for step in self.steps:
            if not self.stopping and step.due <= time.monotonic():
                done += step.attempt()[1]
        return done

    def run_once(self) -> bool:
        """Do each step, and send all that is due. True when no step failed."""
        results = []
        for step in self.steps:
            while not self.stopping:
                went_well, done = step.attempt()
                if not done:
                    results.append(went_well)
                    break
        self.sender.close()
        return all(results)
