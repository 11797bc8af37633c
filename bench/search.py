"""What a search among 10,000 pages costs on each database, with words rare and common."""

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

Row = tuple[str, str, str]
KINDS = {
    "zeldzaam": "a rare word (on 5)",
    "vaak": "a common word (on half of them)",
    "overal": "a word on all of them",
}
TARGETS = {  # milliseconds
    "SQLite": {"zeldzaam": 50, "vaak": 50, "overal": 50},
    "PostgreSQL": {"zeldzaam": 15, "vaak": 70, "overal": 70},
}


def measure() -> Iterator[Row]:
    with ExitStack() as stack:
        servers = {"SQLite": "", "PostgreSQL": parts.postgres(stack)[0]}
        for name, server in servers.items():
            for word, milliseconds in times_on(server).items():
                target = TARGETS[name][word]
                what = f"search of 10,000 pages on {name}, {KINDS[word]}"
                yield what, f"{milliseconds:.0f} ms", f"<= {target} ms"


def times_on(server: str) -> dict[str, float]:
    """Milliseconds a word takes, on a database of its own. Without a server: an SQLite file."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, TEST_DATABASE_URL=server),
        ready_made.database(Path(folder), ready_made.migrated()) as database,
    ):
        command = [sys.executable, "-m", "bench.search_times"]
        environment = os.environ | {"DATABASE_URL": database}
        found = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    return json.loads(found.stdout)
