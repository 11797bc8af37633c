"""What the finder costs with 1,000 biobanks beside 20, on PostgreSQL, in one run."""

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
FEW, MANY = 20, 1_000
COLLECTIONS_EACH = 5


def measure() -> Iterator[Row]:
    with ExitStack() as stack:
        server = parts.postgres(stack)[0]
        found = measured_on(server)
    few, many = found[str(FEW)], found[str(MANY)]
    collections = MANY * COLLECTIONS_EACH
    yield (
        f"finder's first page, {MANY} biobanks and {collections} collections / {FEW} biobanks",
        f"{many['page'] / few['page']:.1f}",
        "<= 3",
    )
    yield "the same, words asked for", f"{many['words'] / few['words']:.1f}", ""
    yield "the same, a slip of the pen", f"{many['slip'] / few['slip']:.1f}", ""
    yield f"finder's first page, {MANY} biobanks", f"{many['page'] * 1000:.0f} ms", ""
    yield (
        "the same, the biobanks read anew (once after a change)",
        f"{many['anew'] / few['anew']:.1f}",
        "<= 3",
    )
    yield f"the same, {MANY} biobanks", f"{many['anew'] * 1000:.0f} ms", ""
    yield "queries of the finder", f"{few['queries']:.0f}, {many['queries']:.0f}", "<= 20"
    yield "the same, read anew", f"{few['queries_anew']:.0f}, {many['queries_anew']:.0f}", ""


def measured_on(server: str) -> dict[str, dict[str, float]]:
    """By the number of biobanks."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, TEST_DATABASE_URL=server),
        ready_made.database(Path(folder), ready_made.migrated()) as database,
    ):
        files = []
        for number in (FEW, MANY):
            file = Path(folder) / f"{number}.json"
            file.write_text(json.dumps(large_reply(number, COLLECTIONS_EACH)), encoding="utf-8")
            files.append(str(file))
        environment = os.environ | {
            "DATABASE_URL": database,
            "STATIC_ROOT": f"{folder}/static",
        }
        found = subprocess.run(
            [sys.executable, "-m", "bench.finder_times", *files],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return json.loads(found.stdout)
