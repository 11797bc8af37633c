"""The process beside the web: it does what must happen without a visitor."""

import logging
import threading
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

from worker.steps import IsStopping, Step

NAP_SECONDS = 0.5  # how soon a new sign-up, or a request to stop, is noticed

log = logging.getLogger(__name__)


def steps_of_settings(is_stopping: IsStopping) -> list[Step]:
    """WORKER_STEPS, each called by the last word of its name."""
    steps = []
    for dotted in settings.WORKER_STEPS:
        made: Step = import_string(dotted)(is_stopping)
        made.name = made.name or dotted.rpartition(".")[2]
        steps.append(made)
    return steps


class Worker:
    """Comes round to its steps until it is told to stop, and stops after the current message."""

    def __init__(self, steps: Sequence[Step] | None = None) -> None:
        self.stopping = False
        self.steps = steps_of_settings(lambda: self.stopping) if steps is None else list(steps)

    def stop(self, *signal_and_frame: object) -> None:
        """Also a signal handler: it only sets a mark, as a handler may interrupt anything."""
        self.stopping = True

    def run(self) -> None:
        log.info("The worker is up.")
        apart = [step for step in self.steps if step.in_thread]
        threads = [threading.Thread(target=self._go_on_with, args=[[step]]) for step in apart]
        for thread in threads:
            thread.start()
        try:
            self._go_on_with([step for step in self.steps if not step.in_thread], watched=apart)
            while any(thread.is_alive() for thread in threads):
                self._rest(apart)
        finally:
            self.stopping = True
        for step in self.steps:
            step.close()
        log.info("The worker has stopped.")

    def _go_on_with(self, steps: Sequence[Step], watched: Sequence[Step] = ()) -> None:
        while not self.stopping:
            close_old_connections()  # the database may have been restarted since the last round
            if not self._come_round(steps):
                self._rest(watched)
        connections.close_all()

    def _rest(self, watched: Sequence[Step]) -> None:
        for step in watched:
            step.end_if_stuck()
        time.sleep(NAP_SECONDS)

    def _come_round(self, steps: Sequence[Step]) -> int:
        """Do the steps that are due. How much was done: 0 when it is time to rest."""
        return sum(step.attempt()[1] for step in steps if not self.stopping and step.is_due)

    def run_once(self) -> bool:
        """Do each step in turn, and send all that is due. True when no step failed."""
        results = []
        for step in self.steps:
            while not self.stopping:
                went_well, done = step.attempt()
                if not done:
                    results.append(went_well)
                    break
        for step in self.steps:
            step.close()
        return all(results)
