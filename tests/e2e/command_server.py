"""Runs a site's management commands in forks of itself: one that is started imports it for seconds.

Each line that comes in holds a command's words, as JSON; each that goes out its exit code and what
it printed.
"""

import json
import os
import sys
from typing import NoReturn

import django
from django.core.management import execute_from_command_line

from bbmri_be.environment import load_settings


def answer(words: list[str]) -> tuple[int, str]:
    reader, writer = os.pipe()
    number = os.fork()
    if not number:
        run(words, writer)
    os.close(writer)
    with os.fdopen(reader) as said:
        printed = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), printed


def run(words: list[str], output: int) -> NoReturn:
    """As `manage.py` does, and be no more."""
    code = 1
    try:
        os.dup2(output, sys.stdout.fileno())
        execute_from_command_line(["manage.py", *words])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  the other side is told by the exit code
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    load_settings()
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
