"""Whatever dies while a mailing goes out, nobody gets two copies and nobody is missed.

`make bench ARGS=kills` runs the same at full size: TEST_KILLS and TEST_RECIPIENTS say how large,
TEST_TALLIES names a file for the figures.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from newsletter.mailings import transitions
from newsletter.models import Mailing
from tests import builders, ready_made
from tests.e2e.crew import (
    SKEWED,
    Crew,
    Tally,
    crew,
    database,
    kill_at_random,
    tally,
    wait_until_finished,
)
from tests.mail_sink import Sink, mail_sink
from tests.parts import PostgresServer, run, server_programs, temporary_server

KILLS = int(os.environ.get("TEST_KILLS", "5"))
RECIPIENTS = int(os.environ.get("TEST_RECIPIENTS", "300"))
CLOCKS_APART = 600  # seconds
UNLIMITED = 10**6  # mails a minute

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def several_workers(test: Callable[..., None]) -> Callable[..., None]:
    """SQLite is for one worker."""
    has_server = bool(os.environ.get("TEST_DATABASE_URL"))
    marked = pytest.mark.skipif(not has_server, reason="SQLite is for one worker")(test)
    return pytest.mark.on_postgresql(marked)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with mail_sink(tmp_path) as sink:
        yield sink


@pytest.fixture
def hired(tmp_path: Path, sink: Sink) -> Iterator[Crew]:
    with crew(tmp_path, database(), sink.url) as hired:
        yield hired


def begun() -> Mailing:
    builders.crowd(RECIPIENTS)
    made = builders.mailing(builders.issue(builders.home()), rate_per_minute=UNLIMITED)
    made.topics.add(builders.topic())
    assert transitions.begin(made)
    assert made.deliveries.count() == RECIPIENTS
    return made


def settled(made: Mailing, sink: Sink, name: str, *, may_be_uncertain: int) -> Tally:
    """Once it has finished, checked; and written down where that is asked for."""
    wait_until_finished(made)
    counted = tally(made, sink)
    if file := os.environ.get("TEST_TALLIES"):
        with Path(file).open("a", encoding="utf-8") as tallies:
            tallies.write(json.dumps({"name": name} | asdict(counted)) + "\n")
    assert (counted.duplicates, counted.missed) == (0, 0)
    assert counted.settled == counted.total == RECIPIENTS
    assert counted.uncertain == counted.listed <= may_be_uncertain
    assert counted.rejected == counted.skipped == 0
    return counted


@pytest.mark.on_sqlite
def test_a_worker_killed_again_and_again(sink: Sink, hired: Crew) -> None:
    made = begun()
    hired.hire()
    kill_at_random(hired, sink, RECIPIENTS, KILLS)
    settled(made, sink, "one worker", may_be_uncertain=KILLS)


@several_workers
def test_three_workers_of_which_one_is_killed_again_and_again(sink: Sink, hired: Crew) -> None:
    made = begun()
    for _worker in range(3):
        hired.hire()
    kill_at_random(hired, sink, RECIPIENTS, KILLS)
    settled(made, sink, "three workers", may_be_uncertain=KILLS)


@pytest.mark.audit
@several_workers
def test_two_workers_whose_clocks_differ_by_ten_minutes(sink: Sink, hired: Crew) -> None:
    made = begun()
    hired.hire()
    hired.hire(*SKEWED, str(CLOCKS_APART))
    kill_at_random(hired, sink, RECIPIENTS, KILLS)
    settled(made, sink, "clocks 10 minutes apart", may_be_uncertain=KILLS)


# A database server that goes away


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that may be stopped. For the test it is the database."""
    with temporary_server(server_programs()) as server:
        at = urlsplit(server.url)
        told = {"HOST": at.hostname, "PORT": str(at.port), "NAME": "postgres", "PASSWORD": ""}
        connection.close()
        for name, value in (told | {"USER": "postgres"}).items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        if not copied(server, tmp_path / "tables.sql"):
            call_command("migrate", verbosity=0)
        yield server
        connection.close()


def copied(server: PostgresServer, file: Path) -> bool:
    """The tests' own tables, which is quicker than to migrate; a newer server is not read."""
    programs = server_programs()
    write = (programs / "pg_dump", "--no-owner", "--file", file, ready_made.migrated())
    read = (programs / "psql", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file", file)
    return run(*write) and run(*read, server.url)


@several_workers
def test_a_database_server_that_restarts_in_the_middle(
    own_server: PostgresServer, sink: Sink, hired: Crew
) -> None:
    made = begun()
    hired.hire()
    hired.hire()
    kill_at_random(hired, sink, RECIPIENTS // 2, KILLS // 2)
    sink.wait_for(RECIPIENTS // 2)
    own_server.restart()
    connection.close()
    kill_at_random(hired, sink, RECIPIENTS, KILLS - KILLS // 2)
    settled(made, sink, "PostgreSQL restarted", may_be_uncertain=KILLS)
