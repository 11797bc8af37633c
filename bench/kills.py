"""Workers killed in a mailing, on each database: `tests/e2e/test_kill.py` at full size."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import parts

Row = tuple[str, str, str]
KILLS, RECIPIENTS = 20, 2_000
TARGET = f"0; 0; <= {KILLS}, all listed; {RECIPIENTS}"


def measure() -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, url in (("SQLite", ""), ("PostgreSQL", parts.postgres(stack)[0])):
            for counted in _tallies(folder / name, url):
                yield _row(name, counted)


def _tallies(file: Path, url: str) -> list[dict[str, Any]]:
    """What the tests wrote down; a test that failed did so after writing."""
    sizes = {"TEST_KILLS": str(KILLS), "TEST_RECIPIENTS": str(RECIPIENTS)}
    environment = os.environ | sizes | {"TEST_DATABASE_URL": url, "TEST_TALLIES": str(file)}
    command = [sys.executable, "-m", "pytest", "-q", "tests/e2e/test_kill.py"]
    subprocess.run(
        command, cwd=parts.PROJECT, env=environment, check=False, stdout=sys.stderr.fileno()
    )
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _row(database: str, counted: dict[str, Any]) -> Row:
    what = f"{database}, {counted['name']}: duplicates; missed; uncertain; settled"
    listed = "all listed" if counted["listed"] == counted["uncertain"] else "NOT all listed"
    settled = sum(counted[state] for state in ("accepted", "rejected", "uncertain", "skipped"))
    uncertain = f"{counted['uncertain']}, {listed}"
    return what, f"{counted['duplicates']}; {counted['missed']}; {uncertain}; {settled}", TARGET
