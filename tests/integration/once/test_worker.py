"""The process beside the web does what is due, survives what goes wrong, and stops when told."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psycopg
import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from bbmri_be.environment import BASE_DIR
from newsletter.models import DeliveryKind
from pages.models import NodePage, StandardPage
from tests import builders
from tests.directory import DirectoryServer
from tests.settings import SITE_ENVIRONMENT
from worker.loop import Worker
from worker.mails import Mail
from worker.steps import Step
from worker.transport import Transport
from worker.verdicts import Verdict, VerdictKind

COMMAND = (sys.executable, "manage.py", "run_worker")


@pytest.fixture(autouse=True)
def may_follow_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's loop stays in the thread of the tests: a worker there closes its connection."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")


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

    steps = [Step(fall_over, name="fall_over"), Step(lambda: done.append("next"))]
    assert not Worker(steps).run_once()
    assert done == ["next"]
    assert "fall_over failed" in caplog.text
    assert "the disk is full" in caplog.text


def test_a_worker_told_to_stop_leaves_after_the_current_step() -> None:
    done: list[str] = []
    worker = Worker([])
    worker.steps = [Step(worker.stop), Step(lambda: done.append("too late"))]
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


@pytest.mark.each_engine
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_outlives_a_restart_of_the_database(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    connection.close()
    connection.ensure_connection()
    cut_the_connection()
    worker = Worker()
    worker.steps.append(Step(worker.stop))
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


# Steps that talk to other machines


def test_a_step_that_waits_for_another_machine_holds_up_no_other() -> None:
    waiting, answered = threading.Event(), threading.Event()
    done: list[str] = []

    def drip() -> None:
        waiting.set()
        answered.wait(60)

    def go_on() -> None:
        if waiting.is_set():
            done.append("meanwhile")
            worker.stop()
            answered.set()

    worker = Worker([Step(drip, in_thread=True), Step(go_on)])
    worker.run()
    assert done == ["meanwhile"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_dripping_directory_delays_no_mail(
    settings: Settings, directory: DirectoryServer, home: NodePage
) -> None:
    """The nightly import and somebody who waits for a link, on one worker."""
    settings.DIRECTORY_SECONDS = 60
    asked, sent = threading.Event(), threading.Event()

    def drip(handler: BaseHTTPRequestHandler, _query: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        asked.set()
        while not sent.wait(0.1):
            handler.wfile.write(b" ")

    def stop_when_sent() -> None:
        if asked.is_set() and mail.outbox:
            sent.set()
            worker.stop()

    directory.answer = drip
    builders.delivery(builders.subscriber("ada@example.org"), DeliveryKind.MANAGE_LINK)
    worker = Worker()
    worker.steps.append(Step(stop_when_sent))
    worker.run()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_what_hangs_longer_than_its_bound_is_interrupted(caplog: pytest.LogCaptureFixture) -> None:
    interrupted = threading.Event()

    def hang() -> None:
        if interrupted.wait(60):
            worker.stop()
            raise ConnectionError

    step = Step(hang, in_thread=True, longest=0.1, interrupt=interrupted.set, name="hang")
    worker = Worker([step])
    worker.run()
    assert "hang is interrupted" in caplog.text


def test_a_mail_server_that_answers_byte_by_byte_is_left(settings: Settings) -> None:
    """Each byte comes within the time-out of a read: only the step's own bound ends it."""
    with dripping_server() as port:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        transport = Transport()
        verdicts: list[Verdict] = []

        def send() -> None:
            verdicts.append(transport.send(Mail("Hello", "words", to=["ada@example.org"])))
            worker.stop()

        step = Step(send, in_thread=True, longest=1, interrupt=transport.hang_up)
        worker = Worker([step])
        worker.run()
    assert [verdict.kind for verdict in verdicts] == [VerdictKind.TEMPORARY]


@contextmanager
def dripping_server() -> Iterator[int]:
    """It greets for ever, a letter at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def greet() -> None:
            with suppress(OSError):
                client, _address = listener.accept()
                with client:
                    client.sendall(b"220 ")
                    while not ended.wait(0.1):
                        client.sendall(b"x")

        thread = threading.Thread(target=greet)
        thread.start()
        yield listener.getsockname()[1]
        ended.set()
        thread.join()
