"""The process beside the web does what is due, survives what goes wrong, and stops when told."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from bbmri_be.environment import BASE_DIR
from newsletter.worker import Step, Worker
from pages.models import NodePage, StandardPage
from tests.settings import SITE_ENVIRONMENT

COMMAND = (sys.executable, "manage.py", "run_worker")


def test_a_page_goes_live_and_leaves_at_its_times(client: Client, home: NodePage) -> None:
    page = StandardPage(title="Freezers", locale=home.locale, live=False)
    home.add_child(instance=page)
    page.go_live_at = timezone.now() + timedelta(seconds=1)
    page.save_revision().publish()
    Worker().run_once()
    assert client.get("/en/freezers/").status_code == 404

    time.sleep(1)
    Worker().run_once()
    assert client.get("/en/freezers/").status_code == 200

    gone = {"expire_at": timezone.now() - timedelta(seconds=1)}
    StandardPage.objects.filter(pk=page.pk).update(**gone)
    Worker().run_once()
    assert client.get("/en/freezers/").status_code == 404


def test_a_step_that_fails_is_logged_and_the_next_one_is_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    def fall_over() -> None:
        raise OSError("the disk is full")

    steps = [Step("fall_over", fall_over), Step("next", lambda: done.append("next"))]
    assert not Worker(steps).run_once()
    assert done == ["next"]
    assert "fall_over failed" in caplog.text
    assert "the disk is full" in caplog.text


def test_a_worker_told_to_stop_leaves_after_the_current_step() -> None:
    done: list[str] = []
    worker = Worker([])
    worker.steps = [Step("stop", worker.stop), Step("late", lambda: done.append("too late"))]
    worker.run_once()
    assert not done


def cut_the_connection() -> None:
    """What a restart of the database does to an idle connection; an SQLite file has no server."""
    if connection.vendor == "sqlite":
        connection.close()
        return
    pid = connection.connection.info.backend_pid
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_outlives_a_restart_of_the_database(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    connection.close()
    connection.ensure_connection()
    cut_the_connection()
    worker = Worker()
    worker.steps.append(Step("stop", worker.stop))
    worker.run()
    connection.close()
    assert "failed" not in caplog.text


@pytest.fixture
def without_tables(tmp_path: Path) -> dict[str, str]:
    """The environment of a worker whose every step fails: its database is empty."""
    site = SITE_ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    return os.environ | site | {"DJANGO_SETTINGS_MODULE": "bbmri_be.settings"}


def test_once_says_by_its_exit_code_that_a_step_failed(without_tables: dict[str, str]) -> None:
    finished = subprocess.run(
        [*COMMAND, "--once"], cwd=BASE_DIR, env=without_tables, capture_output=True, check=False
    )
    assert finished.returncode == 1
    assert b"publish_scheduled_pages failed" in finished.stderr


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_process_survives_failing_steps_and_ends_well_when_told(
    without_tables: dict[str, str], ending: signal.Signals
) -> None:
    with subprocess.Popen(COMMAND, cwd=BASE_DIR, env=without_tables, stderr=subprocess.PIPE) as up:
        assert up.stderr
        while b"is tried again in" not in up.stderr.readline():
            assert up.poll() is None
        up.send_signal(ending)
        _, said = up.communicate(timeout=10)
    assert up.returncode == 0
    assert said.rstrip().endswith(b"The worker has stopped.")
