"""Measures that run beside a database, each in a process of its own with the site's settings.

BENCH_SHRINK=100 makes a hundredth of the rows: to try a measure itself, not the site.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from tests import parts, ready_made
from tests.mail_sink import mail_sink

Row = tuple[str, str, str]  # what, measured, target
SHRINK = int(os.environ.get("BENCH_SHRINK", "1"))


def sized(number: int, least: int = 1) -> int:
    return max(number // SHRINK, least)


def on(part: str, *databases: str) -> Callable[[], Iterator[Row]]:
    """The measure of a part on each of the databases, migrated and empty."""

    def measure() -> Iterator[Row]:
        with ExitStack() as stack:
            for name in databases:
                yield from _on(part, "" if name == "SQLite" else parts.postgres(stack)[0])

    return measure


def _on(part: str, server: str) -> Iterator[Row]:
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, TEST_DATABASE_URL=server))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(ready_made.database(folder, ready_made.migrated()))
        sink = stack.enter_context(mail_sink(folder))
        environment = {
            "DATABASE_URL": database,
            "EMAIL_URL": sink.url,
            **{name: str(folder / name) for name in ("SENDING_MARK", "MEDIA_ROOT", "STATIC_ROOT")},
        }
        yield from inside(part, environment)


def inside(part: str, environment: Mapping[str, str]) -> Iterator[Row]:
    """The rows that `bench.inside` prints, a line each."""
    command = [sys.executable, "-m", "bench.inside", part]
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": "bbmri_be.settings"} | environment
    said = subprocess.run(
        command, cwd=parts.PROJECT, env=settings, check=True, stdout=subprocess.PIPE
    ).stdout
    yield from (tuple(json.loads(line)) for line in said.splitlines())


def resident(process: int | str = "self") -> float:
    """Megabytes of memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
