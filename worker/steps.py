"""What the worker does: each room brings its steps, and WORKER_STEPS names them in order."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60
SHORTEST_WAIT, LONGEST_WAIT = 5, 60  # seconds before a step that failed is tried again

IsStopping = Callable[[], bool]

log = logging.getLogger(__name__)


def _nothing() -> None:
    pass


@dataclass
class Step:
    """Something to do every so many seconds; 0: whenever the worker comes round.

    `act` gives what it did as a number; where it did something, there may be more at once.
    `in_thread`: it talks to other machines, so it has a thread of its own and holds up no other.
    `longest`: seconds after which such a step is interrupted (0: it has a bound of its own);
    `interrupt` is called from another thread and makes `act` raise.
    """

    act: Callable[[], int | None]
    every: float = 0
    in_thread: bool = False
    longest: float = 0
    interrupt: Callable[[], None] = _nothing
    close: Callable[[], None] = _nothing  # when the worker ends
    name: str = ""
    due: float = 0  # on the clock of time.monotonic
    since: float = 0  # likewise: when it began what it is doing; 0: it rests
    failures: int = 0

    def attempt(self) -> tuple[bool, int]:
        """Whether it went well, and how much it did. A failure is logged, and tried again."""
        self.since = time.monotonic()
        try:
            done = self.act() or 0
        except Exception:  # the other steps must go on, whatever it is
            wait = min(SHORTEST_WAIT * 2**self.failures, LONGEST_WAIT)
            log.exception("%s failed and is tried again in %d s", self.name, wait)
            self.failures = min(self.failures + 1, 10)
            self.due = time.monotonic() + wait
            return False, 0
        finally:
            self.since = 0
        self.failures, self.due = 0, time.monotonic() + self.every
        return True, done

    @property
    def is_due(self) -> bool:
        return self.due <= time.monotonic()

    def end_if_stuck(self) -> None:
        """Interrupt what takes too long: a server that answers byte by byte meets no time-out."""
        if self.since and self.longest and time.monotonic() - self.since > self.longest:
            log.error("%s is interrupted after %d s", self.name, self.longest)
            self.interrupt()


StepMaker = Callable[[IsStopping], Step]  # what a name in WORKER_STEPS stands for


def step(act: Callable[[], int | None], *, every: float = 0, in_thread: bool = False) -> StepMaker:
    """A step that keeps nothing between its rounds."""
    return lambda _is_stopping: Step(act, every=every, in_thread=in_thread)
