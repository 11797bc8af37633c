"""`python -m tests.e2e.nest`: for each line it reads, one more worker; it answers with its number.

A worker that is forked from here is up at once; one that is started imports the site for seconds.
"""

import os
import signal
import sys

import django

from bbmri_be.environment import load_settings


def hatch() -> int:
    """The number of a new process, which runs as `manage.py run_worker` does."""
    number = os.fork()
    if number:
        return number
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    from django.core.management import call_command  # noqa: PLC0415  the site is set up by now

    call_command("run_worker")
    os._exit(0)


if __name__ == "__main__":
    load_settings()
    django.setup()
    import worker.management.commands.run_worker  # noqa: F401  what takes long, once

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has died leaves nothing behind
    for _line in sys.stdin:
        sys.stdout.write(f"{hatch()}\n")
        sys.stdout.flush()
