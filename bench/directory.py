"""What an import of 1,000 biobanks and 5,000 collections costs on each database."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from tests import parts, ready_made
from tests.directory import large_reply

Row = tuple[str, str, str]
BIOBANKS = 1_000
COLLECTIONS_EACH = 5


def measure() -> Iterator[Row]:
    with ExitStack() as stack:
        servers = {"SQLite": "", "PostgreSQL": parts.postgres(stack)[0]}
        for name, server in servers.items():
            found = measured_on(server)
            what = (
                f"import of {BIOBANKS} biobanks, {BIOBANKS * COLLECTIONS_EACH} collections, {name}"
            )
            yield what, f"{found['first']:.1f} s", "< 30 s"
            yield f"{what}, memory", f"{found['megabytes']:.0f} MB", "< 300 MB"
            yield f"{what}, again", f"{found['again']:.1f} s", "< 30 s"
            yield f"{what}, again: writes to rows", f"{found['writes']:.0f}", "0"


def measured_on(server: str) -> dict[str, float]:
    """On a database of its own. Without a server: an SQLite file."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, TEST_DATABASE_URL=server),
        ready_made.database(Path(folder), ready_made.migrated()) as database,
    ):
        file = Path(folder) / "answer.json"
        file.write_text(json.dumps(large_reply(BIOBANKS, COLLECTIONS_EACH)), encoding="utf-8")
        environment = os.environ | {"DATABASE_URL": database}
        found = subprocess.run(
            [sys.executable, "-m", "bench.directory_times", str(file)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return json.loads(found.stdout)
