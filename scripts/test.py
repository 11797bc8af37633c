"""`make test`: every test, on SQLite and on PostgreSQL at the same time.

What no engine can tell apart runs on one of the two; ARGS=--all runs everything on both.
DB=sqlite or DB=postgres runs every test on that one; ARGS is handed to pytest.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from scripts.catalogues import compile_all
from tests import legs, parts


def main() -> int:
    with ExitStack() as stack:
        try:
            urls = database_urls(stack)
            parts.whole_browser()  # which one test needs
            print(f"Browser: {parts.browser()}", flush=True)
        except parts.MissingPartError as missing:
            raise SystemExit(str(missing)) from None
        compile_all()  # once, before both begin: they would write the same files
        return 0 if run(urls) else 1


def database_urls(stack: ExitStack) -> dict[str, str]:
    """Name and address of each database to run on. An empty address stands for an SQLite file."""
    chosen = os.environ.get("DB") or "both"
    if chosen not in {"sqlite", "postgres", "both"}:
        raise parts.MissingPartError("DB: give sqlite or postgres, or leave it out for both.")
    urls = {}
    if chosen != "postgres":
        print("SQLite: a file of its own")
        urls["SQLite"] = ""
    if chosen != "sqlite":
        urls["PostgreSQL"], source = parts.postgres(stack)
        print(f"PostgreSQL: {source}")
    return urls


def run(urls: dict[str, str]) -> bool:
    """Run the tests on each database, together; each one's output is shown in one piece."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = {name: Path(folder, name) for name in urls}
        running = {name: start(name, url, outputs[name], len(urls)) for name, url in urls.items()}
        results = []
        for name, leg in running.items():
            print(f"\nThe tests on {name}:\n", flush=True)
            show_while_running(leg, outputs[name])
            results.append(result(name, leg.returncode, outputs[name].read_text()))
        records = [legs.Record.read(record_of(output)) for output in outputs.values()]
    print("", *(summary for summary, _ in results), sep="\n")
    well = all(well for _, well in results)
    return well and (len(urls) == 1 or nothing_is_left_out(records))


def start(name: str, url: str, output: Path, count: int) -> subprocess.Popen[bytes]:
    shared = ["--leg", name] if count > 1 else []
    options = [*shared, "--record", str(record_of(output))]
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, *shlex.split(os.environ.get("ARGS", ""))],
        env=os.environ | {"TEST_DATABASE_URL": url, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=output.open("wb"),
        stderr=subprocess.STDOUT,
    )


def record_of(output: Path) -> Path:
    return output.with_suffix(".json")


def nothing_is_left_out(records: list[legs.Record]) -> bool:
    """Whether every test that was found ran on some leg; it is said either way."""
    if left_out := legs.left_out(records):
        print("On neither ran:", *left_out, sep="\n  ")
        return False
    found, both = (len(join(*(r.ran for r in records))) for join in (set.union, set.intersection))
    print(f"Together: {found} tests, {both} of them on both; none was left out.")
    return True


def show_while_running(leg: subprocess.Popen[bytes], output: Path) -> None:
    with output.open(errors="replace") as lines:
        while leg.poll() is None:
            print(lines.read(), end="", flush=True)
            time.sleep(0.5)
        print(lines.read(), end="", flush=True)


def result(name: str, exit_code: int, output: str) -> tuple[str, bool]:
    """One line that says how it went, and whether tests ran and all of them passed."""
    closing = output.rstrip().rpartition("\n")[2]
    counts = {word: int(count) for count, word in re.findall(r"(\d+) ([a-z]+)", closing)}
    failed = sum(counts.get(word, 0) for word in ("failed", "error", "errors"))
    passed = counts.get("passed", 0)
    if exit_code and not failed:
        print(f"{name}: pytest ended with exit code {exit_code}.")
    return f"{name}: {passed} passed, {failed} failed", exit_code == 0 and passed > 0


if __name__ == "__main__":
    sys.exit(main())
