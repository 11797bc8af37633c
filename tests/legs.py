"""The two legs of `make test`: what runs on SQLite, what on PostgreSQL, what on each.

On each runs what an engine can tell apart: tests/integration/both/, and what is marked
`each_engine`. Every other file runs once: on the leg that a mark names, `on_sqlite` or
`on_postgresql`, else on the one that has less to do. Without `--leg`, as in
`DB=sqlite make test`, and with `--all` nothing is left to another leg.
"""

import json
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

LEGS = ("SQLite", "PostgreSQL")
BOTH = "tests/integration/both/"
# Seconds, to share out by: of a case in a folder, of a file far from that, and of what each runs.
CASE = {"tests/unit/": 0.02, "tests/integration/": 0.12, "tests/e2e/": 2.0}
FILES = {
    "tests/e2e/test_axe_matrix.py": 43.0,
    "tests/e2e/test_editor.py": 30.0,
    "tests/e2e/test_shared_redis.py": 30.0,
    "tests/e2e/test_finder.py": 28.0,
    "tests/e2e/test_cookie_notice_admin.py": 25.0,
    "tests/e2e/test_newsletter_axe.py": 38.0,
    "tests/e2e/test_display.py": 15.0,
    "tests/e2e/test_forced_colors.py": 15.0,
    "tests/integration/once/test_closed.py": 25.0,
    "tests/integration/once/test_carrying.py": 14.0,
    "tests/integration/once/test_standing_in.py": 9.0,
    "tests/integration/once/test_reach.py": 8.0,
    "tests/integration/once/test_translating_rights.py": 30.0,
    "tests/integration/once/test_pictures.py": 18.0,
    "tests/integration/once/test_languages.py": 25.0,
    "tests/integration/once/test_initial_content.py": 21.0,
    "tests/integration/once/test_uploads.py": 20.0,
    "tests/integration/once/test_translated_values.py": 17.0,
    "tests/integration/once/test_biobank_page.py": 8.0,
    "tests/integration/once/test_translating.py": 12.0,
    "tests/integration/once/test_namesakes.py": 10.0,
    "tests/integration/once/test_marks.py": 10.0,
}
EACH = {"SQLite": 365.0, "PostgreSQL": 540.0}
ON_POSTGRESQL = 1.7  # times as long, where a test does little else than ask the database


@dataclass(frozen=True)
class Case:
    """A test as it was collected; `name` is pytest's node id, `legs` those it must run on."""

    name: str
    legs: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return self.name.partition("::")[0]

    @property
    def seconds(self) -> float:
        return next((spent for folder, spent in CASE.items() if self.file.startswith(folder)), 1)


def cases_of(leg: str, cases: Sequence[Case]) -> set[str]:
    """The names of those that run on a leg."""
    files = _legs_of_files(case for case in cases if not case.legs)
    return {case.name for case in cases if leg in (case.legs or (files[case.file],))}


def _legs_of_files(once: Iterable[Case]) -> dict[str, str]:
    """The longest first, each to the leg that would be done sooner. A file stays whole."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for case in once:
        seconds[case.file] += case.seconds
    seconds.update({file: spent for file, spent in FILES.items() if file in seconds})
    legs, busy = {}, dict(EACH)
    for file in sorted(seconds, key=lambda file: (-seconds[file], file)):
        done = {leg: busy[leg] + _seconds_on(leg, file, seconds[file]) for leg in LEGS}
        legs[file] = min(done, key=done.__getitem__)
        busy[legs[file]] = done[legs[file]]
    return legs


def _seconds_on(leg: str, file: str, seconds: float) -> float:
    asks = leg == "PostgreSQL" and file.startswith("tests/integration/")
    return seconds * (ON_POSTGRESQL if asks else 1)


@dataclass
class Record:
    """What a leg found and what it ran, as `make test` compares it with the other's."""

    collected: set[str] = field(default_factory=set)
    ran: set[str] = field(default_factory=set)

    def write(self, file: Path) -> None:
        file.write_text(json.dumps({"collected": [*self.collected], "ran": [*self.ran]}))

    @classmethod
    def read(cls, file: Path) -> "Record":
        read = json.loads(file.read_text()) if file.exists() else {}
        return cls(set(read.get("collected", ())), set(read.get("ran", ())))


def left_out(records: Sequence[Record]) -> list[str]:
    """Tests that some leg found and none ran: not chosen, or skipped wherever they were."""
    collected = set[str]().union(*(record.collected for record in records))
    return sorted(collected.difference(*(record.ran for record in records)))


# What pytest calls


RECORD = pytest.StashKey[Record]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("legs")
    group.addoption("--leg", choices=LEGS, help="leave to the other leg what runs once, there")
    group.addoption("--all", action="store_true", help="run every test on every engine")
    group.addoption("--record", type=Path, help="a file for what was found and what ran")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RECORD] = Record()
    config.addinivalue_line("markers", "each_engine: an engine can matter to it")
    config.addinivalue_line("markers", "audit: too long for each change; `make audit` runs it")
    for leg in LEGS:
        config.addinivalue_line("markers", f"on_{leg.lower()}: where it runs, if only once")


@pytest.hookimpl(trylast=True)  # after -k and -m have chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[RECORD].collected = {item.nodeid for item in items}
    leg = config.getoption("leg")
    if not leg or config.getoption("all"):
        return
    cases = [Case(item.nodeid, legs_of(item)) for item in items]
    chosen = cases_of(leg, cases)
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
    items[:] = [item for item in items if item.nodeid in chosen]


def legs_of(item: pytest.Item) -> tuple[str, ...]:
    if item.nodeid.startswith(BOTH) or item.get_closest_marker("each_engine"):
        return LEGS
    return tuple(leg for leg in LEGS if item.get_closest_marker(f"on_{leg.lower()}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed in its setup ran as well; one that was skipped did not."""
    report = yield
    if not report.skipped and (report.when == "call" or report.failed):
        item.config.stash[RECORD].ran.add(item.nodeid)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if file := session.config.getoption("record"):
        session.config.stash[RECORD].write(file)
