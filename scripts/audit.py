"""`make audit`: what is too long for each change, one after the other, and a table of how it went.

Names on the command line choose some: `make audit ARGS="looks kills"`. tests/README.md says what
each of them promises.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

MATRIX, LIGHTHOUSE = "tests/e2e/test_axe_matrix.py", "tests/e2e/test_lighthouse.py"
LARGE = {"TEST_KILLS": "20", "TEST_RECIPIENTS": "2000"}


@dataclass(frozen=True)
class Entry:
    """What `make test` is to run: with these ARGS, on this database or on both."""

    what: str
    args: str
    database: str = "sqlite"
    environment: Mapping[str, str] = field(default_factory=dict)


ENTRIES = {
    "engines": Entry("Every test, on both databases", "--all", database=""),
    "looks": Entry("The home in each of its looks", f"-m audit {MATRIX} -k test_the_home"),
    "matrix": Entry("Other pages, each size and colour", f"-m audit {MATRIX} -k each_other_page"),
    "variants": Entry(
        "Other browser tests in each variant", f"-m audit --ignore {MATRIX} --ignore {LIGHTHOUSE}"
    ),
    "kills": Entry(
        "Workers killed 20 times, both databases",
        "--all -m '' tests/e2e/test_kill.py",
        database="",
        environment=LARGE,
    ),
    "lighthouse": Entry("Lighthouse's scores of the home", f"-m audit {LIGHTHOUSE}"),
}


@dataclass(frozen=True)
class Outcome:
    what: str
    passed: int
    failed: int
    seconds: float
    is_well: bool

    @property
    def verdict(self) -> str:
        if not self.passed and not self.failed:
            return "NOT RUN"
        return "passed" if self.is_well else "FAILED"

    @property
    def row(self) -> tuple[str, ...]:
        count = str(self.passed + self.failed)
        return self.what, count, str(self.failed), f"{self.seconds:.0f}", self.verdict


def main() -> int:
    chosen = sys.argv[1:] or [*ENTRIES]
    if unknown := set(chosen) - set(ENTRIES):
        given = f"No {', '.join(sorted(unknown))}: give some of {', '.join(ENTRIES)}."
        raise SystemExit(given)
    outcomes = [outcome_of(ENTRIES[name]) for name in chosen]
    print_table([("what", "tests", "failed", "seconds", ""), *(one.row for one in outcomes)])
    return 0 if all(one.is_well for one in outcomes) else 1


def outcome_of(entry: Entry) -> Outcome:
    print(f"\n== {entry.what}", flush=True)
    began, output = time.monotonic(), ""
    told = {"DB": entry.database, "ARGS": entry.args, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.test"],
        env={**os.environ, **told, **entry.environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        for line in tests.stdout or ():
            print(line, end="", flush=True)
            output += line
    counts = re.findall(r"^\w+: (\d+) passed, (\d+) failed$", output, re.MULTILINE)
    passed, failed = (sum(map(int, column)) for column in zip((0, 0), *counts, strict=True))
    spent = time.monotonic() - began
    return Outcome(entry.what, passed, failed, spent, tests.returncode == 0)


def print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
