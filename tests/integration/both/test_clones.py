"""A database that was copied and brought back, or taken elsewhere, sends nothing by itself."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from newsletter.mailings import transitions
from tests import builders
from tests.mail_sink import Sink, mail_sink
from tests.parts import PROJECT
from worker import sending_mark

PEOPLE = 3


@dataclass
class Machine:
    """Where a worker runs: what it sends for, and where it notes what it sent."""

    sink: Sink
    mark: Path
    site_url: str = "http://127.0.0.1:8000"

    def manage(self, database: Path, *words: str) -> str:
        """What a command prints and logs."""
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
            "DATABASE_URL": f"sqlite:///{database}",
            "SENDING_MARK": str(self.mark),
            "SITE_URL": self.site_url,
            "EMAIL_URL": self.sink.url,
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    def work(self, database: Path) -> str:
        return self.manage(database, "run_worker", "--once")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with mail_sink(tmp_path) as sink:
        yield Machine(sink, tmp_path / "sending.json")


def copy(database: Path, to: Path) -> Path:
    """As an operator makes a backup while the site runs."""
    with closing(sqlite3.connect(database)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
    return to


@pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="An SQLite file is copied")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_copy_brought_back_or_taken_elsewhere_sends_when_told_to(
    machine: Machine, tmp_path: Path
) -> None:
    database = Path(connection.settings_dict["NAME"])
    machine.work(database)  # the site's first day: its mark is made
    builders.crowd(PEOPLE)
    made = builders.mailing(builders.issue(builders.home()))
    made.topics.add(builders.topic())
    transitions.begin(made)
    backup = copy(database, tmp_path / "backup.sqlite3")
    machine.work(database)
    assert machine.sink.count == PEOPLE

    assert "it is a restored copy" in machine.work(backup)
    elsewhere = Machine(machine.sink, tmp_path / "other.json", "https://test.bbmri.example")
    assert "do not belong together" in elsewhere.work(copy(backup, tmp_path / "clone.sqlite3"))
    assert machine.sink.count == PEOPLE

    assert "it is a restored copy" in machine.manage(backup, "release_sending")
    machine.work(backup)
    assert machine.sink.count == 2 * PEOPLE


@pytest.fixture
def tried_out(settings: Settings, tmp_path: Path) -> Path:
    """The file of a site that somebody runs in a folder of this machine."""
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.SENDING_MARK = tmp_path / "site" / "sending.json"
    assert sending_mark.why_nothing_is_sent() == ""
    return settings.SENDING_MARK


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["http://127.0.0.1:8100", "http://localhost:8000"])
def test_another_port_in_the_same_folder_goes_on_sending(
    tried_out: Path, settings: Settings, url: str
) -> None:
    settings.SITE_URL = url
    assert sending_mark.why_nothing_is_sent() == ""


@pytest.mark.django_db
def test_a_folder_that_was_moved_goes_on_sending(tried_out: Path, settings: Settings) -> None:
    settings.SENDING_MARK = (
        tried_out.parent.rename(tried_out.parent.with_name("new")) / "sending.json"
    )
    assert sending_mark.why_nothing_is_sent() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("port", [8000, 8100])
def test_a_copied_folder_sends_nothing_until_it_is_released(
    tried_out: Path, settings: Settings, port: int
) -> None:
    shutil.copytree(tried_out.parent, tried_out.parent.with_name("copy"))
    settings.SITE_URL = f"http://127.0.0.1:{port}"
    settings.SENDING_MARK = tried_out.parent.with_name("copy") / "sending.json"
    assert "copied here from another folder" in sending_mark.why_nothing_is_sent()
    assert "copied here from another folder" in released()
    assert sending_mark.why_nothing_is_sent() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://www.bbmri.example", "http://127.0.0.1.example:8000"])
def test_another_address_than_the_last_sends_nothing(
    tried_out: Path, settings: Settings, url: str
) -> None:
    settings.SITE_URL = url
    assert "another address of the site" in sending_mark.why_nothing_is_sent()


@pytest.mark.django_db
def test_a_mark_that_does_not_name_its_folder_still_stands(
    tried_out: Path, settings: Settings
) -> None:
    """The version before this one wrote no folder. The whole address is compared once more."""
    mark = json.loads(tried_out.read_text())
    del mark["folder"]
    tried_out.write_text(json.dumps(mark))
    settings.SITE_URL = "http://127.0.0.1:8100"
    assert sending_mark.why_nothing_is_sent()
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert sending_mark.why_nothing_is_sent() == ""
    assert json.loads(tried_out.read_text())["folder"]


@pytest.mark.django_db
def test_the_mark_of_a_public_site_can_be_read_by_the_version_before(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SITE_URL = "https://www.bbmri.example"
    settings.SENDING_MARK = tmp_path / "sending.json"
    assert sending_mark.why_nothing_is_sent() == ""
    assert set(json.loads(settings.SENDING_MARK.read_text())) == {
        "installation",
        "site_url",
        "steps",
    }


@pytest.mark.django_db
def test_releasing_says_what_it_ends(settings: Settings, tmp_path: Path) -> None:
    settings.SENDING_MARK = tmp_path / "sending.json"
    assert "Nothing stopped it." in released()
    settings.SITE_URL = "https://new.bbmri.example"
    assert sending_mark.why_nothing_is_sent()
    assert "Released. It was stopped: The database last sent mail for another" in released()
    assert sending_mark.why_nothing_is_sent() == ""


def released() -> str:
    said = StringIO()
    call_command("release_sending", stdout=said)
    return said.getvalue()
