"""What a mailing costs: beside a plain loop, in memory, and on the editor's page.

Each database has a process of its own, `bench.mailing_run`, which prints what it measured.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests import parts, ready_made
from tests.mail_sink import mail_sink

Row = tuple[str, str, str]


def measure() -> Iterator[Row]:
    with ExitStack() as stack:
        server = parts.postgres(stack)[0]
        for name, url in (("SQLite", ""), ("PostgreSQL", server)):
            yield from _measured_on(name, url)


def _measured_on(name: str, server: str) -> Iterator[Row]:
    os.environ["TEST_DATABASE_URL"] = server
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(ready_made.database(folder, ready_made.migrated()))
        sink = stack.enter_context(mail_sink(folder))
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
            "DATABASE_URL": database,
            "EMAIL_URL": sink.url,
            "SENDING_MARK": str(folder / "sending.json"),
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, cwd=parts.PROJECT, env=environment, check=True)
        command = [sys.executable, "-m", "bench.mailing_run"]
        said = subprocess.run(
            command, cwd=parts.PROJECT, env=environment, check=True, stdout=subprocess.PIPE
        ).stdout
    for what, measured, target in map(json.loads, said.splitlines()):
        yield f"{name}: {what}", measured, target
