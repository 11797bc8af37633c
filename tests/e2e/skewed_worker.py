"""`python -m tests.e2e.skewed_worker SECONDS`: a worker whose clock is so much ahead."""

import sys
import time
from datetime import datetime, timedelta

from django.core.management import execute_from_command_line
from django.utils import timezone

true_time, true_now = time.time, timezone.now


def shift(seconds: float) -> None:
    """Before any of the site is imported: some of it keeps what it found."""

    def now() -> datetime:
        return true_now() + timedelta(seconds=seconds)

    time.time = lambda: true_time() + seconds
    timezone.now = now


if __name__ == "__main__":
    shift(float(sys.argv[1]))
    execute_from_command_line(["manage.py", "run_worker"])
