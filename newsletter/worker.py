"""The process beside the web: it does what must happen without a visitor."""

import logging
import time
from collections.abc import Callable, Sequence

from django.core.management import call_command
from django.db import close_old_connections

HOUSEKEEPING_SECONDS = 60
NAP_SECONDS = 0.5  # how soon a request to stop is noticed while there is nothing to do

log = logging.getLogger(__name__)
Step = Callable[[], None]


def publish_scheduled_pages() -> None:
    call_command("publish_scheduled")


HOUSEKEEPING: Sequence[Step] = (publish_scheduled_pages,)


class Worker:
    """Does its steps once a minute until it is told to stop, and stops after the current step."""

    def __init__(self, steps: Sequence[Step] = HOUSEKEEPING) -> None:
        self.steps = steps
        self.stopping = False

    def stop(self, *signal_and_frame: object) -> None:
        """Also a signal handler: it only sets a mark, as a handler may interrupt anything."""
        self.stopping = True

    def run(self) -> None:
        log.info("The worker is up.")
        while not self.stopping:
            close_old_connections()  # the database may have been restarted since the last round
            due = time.monotonic() + HOUSEKEEPING_SECONDS
            self.run_once()
            self._rest_until(due)
        log.info("The worker has stopped.")

    def run_once(self) -> bool:
        """Do each step. True when none failed; a failed one is logged and the others go on."""
        results = [self._attempt(step) for step in self.steps if not self.stopping]
        return all(results)

    def _attempt(self, step: Step) -> bool:
        try:
            step()
        except Exception:  # whatever it is, the next minute tries again
            log.exception("%s failed and is tried again next time", step.__name__)
            return False
        return True

    def _rest_until(self, due: float) -> None:
        while not self.stopping and time.monotonic() < due:
            time.sleep(NAP_SECONDS)
