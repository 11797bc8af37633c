"""An import that goes wrong, and when the worker begins one."""

import gzip
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.directory import importing
from members.finder.catalogue import catalogue
from members.models import Biobank, Collection, ImportRun
from tests.directory import (
    DirectoryServer,
    biobank_id,
    biobank_row,
    drip,
    redirect,
    reply,
    send,
)
from tests.integration.directory_runs import due_run, last_run, refused, run
from worker.loop import Worker

pytestmark = pytest.mark.django_db
State = ImportRun.State


# Faults: the last good copy stays, and the log says what was wrong.

Fault = Callable[[BaseHTTPRequestHandler, str], None]
BOMB = gzip.compress(b" " * 50_000_000, compresslevel=1)
ELSEWHERE = "http://localhost:9/ERIC/graphql"

FAULTS: dict[str, tuple[Fault, str]] = {
    "another host": (lambda handler, query: redirect(handler, ELSEWHERE), "another host"),
    "another host, 307": (lambda handler, query: redirect(handler, ELSEWHERE, 307), "another host"),
    "another scheme": (lambda handler, query: redirect(handler, "file:///etc/hosts"), "answer"),
    "round in circles": (lambda handler, query: redirect(handler, "/ERIC/graphql"), "answer"),
    "too large": (lambda handler, query: send(handler, b" " * 1_100_000), "larger than"),
    "a bomb": (lambda handler, query: send(handler, BOMB, encoding="gzip"), "compressed"),
    "a page": (lambda handler, query: send(handler, b"<p>", content_type="text/html"), "not JSON"),
    "no JSON": (lambda handler, query: send(handler, b"{"), "no JSON"),
    "a list": (lambda handler, query: send(handler, b"[]"), "no JSON object"),
    "deep": (lambda handler, query: send(handler, b"[" * 100_000), "no JSON"),
    "no data": (lambda handler, query: send(handler, {"data": None}), "no data"),
    "nothing": (lambda handler, query: send(handler, b""), "no JSON"),
    "down": (lambda handler, query: send(handler, {}, status=503), "503"),
    "not found": (lambda handler, query: send(handler, {}, status=404), "404"),
    "slow drip": (lambda handler, query: drip(handler, seconds=5), "in 1 seconds"),
    "slow headers": (
        lambda handler, query: drip(handler, seconds=5, in_headers=True),
        "in 1 seconds",
    ),
    "silence": (lambda handler, query: time.sleep(2), "in 1 seconds"),
    "every column refused": (
        lambda handler, query: send(handler, {"errors": [{"message": "No."}]}, status=400),
        "smallest question: No.",
    ),
    "words no database holds": (
        lambda handler, query: send(handler, {"errors": [{"message": "No\ud800\0\nERROR"}]}),
        "smallest question: No ERROR",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_answer_is_refused_and_the_last_copy_stays(
    directory: DirectoryServer, settings: Settings, fault: str
) -> None:
    run()
    settings.DIRECTORY_SECONDS, settings.DIRECTORY_MEGABYTES = 1, 1
    directory.answer, words = FAULTS[fault]
    began = time.monotonic()
    said = refused()
    assert words in said
    assert time.monotonic() - began < 3
    assert Biobank.objects.shown().count() == Collection.objects.shown().count() == 1
    assert (last_run().state, last_run().problem) == (State.FAILED, said)


def test_an_answer_that_breaks_off_is_refused(directory: DirectoryServer) -> None:
    def break_off(handler: BaseHTTPRequestHandler, query: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"data": {}}')

    directory.answer = break_off
    assert "answer" in refused()


def test_a_redirect_on_the_same_host_is_followed_with_the_question(
    directory: DirectoryServer,
) -> None:
    def moved(handler: BaseHTTPRequestHandler, query: str) -> None:
        if handler.path == "/new":
            send(handler, reply([biobank_row()]))
        else:
            redirect(handler, "/new", 308)

    directory.answer = moved
    assert "1 added" in run()
    assert len(set(directory.queries)) == 1


def test_a_directory_that_is_not_there_is_said(directory: DirectoryServer) -> None:
    assert "No answer" in refused("--url", "http://127.0.0.1:9/ERIC/graphql")
    assert "https://" in refused("--url", "ftp://directory.example/")


def test_a_run_that_falls_over_leaves_everything_as_it_was(
    directory: DirectoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(changes: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("members.directory.storing._write_codes", fall_over)
    with pytest.raises(RuntimeError):
        run()
    assert not Biobank.objects.exists()
    assert (last_run().state, last_run().problem) == (State.FAILED, "the disk is full")


def test_two_imports_never_run_at_once(directory: DirectoryServer) -> None:
    ImportRun.objects.create(started=timezone.now())
    assert "Another import is running" in refused()


def test_a_run_whose_process_was_killed_is_given_up(directory: DirectoryServer) -> None:
    ImportRun.objects.create(started=timezone.now() - timedelta(hours=1))
    run()
    assert ImportRun.objects.filter(state=State.FAILED, problem="Cut off.").count() == 1


# When it is due


def test_the_worker_imports_once_a_night(
    directory: DirectoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert due_run(directory) == 1
    assert due_run(directory) == 0
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(importing.timezone, "now", lambda: tomorrow)
    assert due_run(directory) == 1


def test_the_worker_goes_on_while_the_directory_is_down(
    directory: DirectoryServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.answer = lambda handler, query: send(handler, {}, status=503)
    assert due_run(directory) == 1
    assert "The Directory was not imported: The answer's status is 503." in caplog.text
    assert due_run(directory) == 0
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(importing.timezone, "now", lambda: later)
    assert due_run(directory) == 1


def test_the_worker_asks_nobody_where_there_is_no_address(settings: Settings) -> None:
    settings.DIRECTORY_URL = ""
    Worker().run_once()
    assert not ImportRun.objects.exists()


def test_a_night_that_was_refused_waits_for_a_person(
    directory: DirectoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    ImportRun.objects.all().delete()
    directory.says({"data": {}})
    monkeypatch.setattr(importing, "_last_night", lambda now: now - timedelta(hours=3))
    assert due_run(directory) == 1
    ImportRun.objects.update(started=timezone.now() - timedelta(hours=2))
    assert due_run(directory) == 0
    ImportRun.objects.update(started=timezone.now() - timedelta(hours=4))
    assert due_run(directory) == 1


# The time is one for all


@contextmanager
def dripping_handshake() -> Iterator[str]:
    """A server that begins to greet an encrypted connection, a byte at a time."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 kB follows
                for _byte in range(100):
                    self.request.sendall(b"\x02")
                    time.sleep(0.05)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_an_encryption_that_drips_is_cut_off_too(settings: Settings) -> None:
    settings.DIRECTORY_SECONDS = 1
    began = time.monotonic()
    with dripping_handshake() as address:
        assert "in 1 seconds" in refused("--url", address)
    assert time.monotonic() - began < 3


def test_a_connection_that_comes_after_the_time_is_not_used(
    directory: DirectoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIRECTORY_SECONDS = 1
    connect = socket.create_connection

    def late(*where: Any) -> socket.socket:
        time.sleep(1.2)
        return connect(*where)

    monkeypatch.setattr(socket, "create_connection", late)
    assert "in 1 seconds" in refused()
    assert directory.queries == []


def test_all_questions_together_have_one_time(
    directory: DirectoryServer, settings: Settings
) -> None:
    settings.DIRECTORY_SECONDS = 1

    def slow_refusal(handler: BaseHTTPRequestHandler, query: str) -> None:
        time.sleep(0.6)
        send(handler, {"errors": [{"message": "Field 'pid'"}]}, status=400)

    directory.answer = slow_refusal
    began = time.monotonic()
    assert "in 1 seconds" in refused()
    assert time.monotonic() - began < 1.6


# A dry run that an editor asked for


def test_a_dry_run_changes_nothing_and_is_no_nightly_import(directory: DirectoryServer) -> None:
    run()
    ImportRun.objects.all().delete()
    directory.says({"data": {}})
    ImportRun.objects.create(state=State.ASKED, is_trial=True)
    assert due_run(directory) == 1
    tried = last_run()
    assert (tried.state, tried.withdrawn) == (State.TRIED, 2)
    assert f"withdrawn: {biobank_id(1)}" in tried.report
    assert Biobank.objects.shown().exists()
    assert ImportRun.objects.latest_done() is None
    assert importing.is_due(timezone.now())


# A kept answer


def kept(folder: Path, answer: object, *, written: datetime | None = None) -> str:
    file = folder / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    if written:
        os.utime(file, (written.timestamp(), written.timestamp()))
    return str(file)


@pytest.mark.parametrize("table", [5, True, "many", {"id": 1}])
def test_a_kept_answer_that_holds_no_rows_is_refused(tmp_path: Path, table: object) -> None:
    file = kept(tmp_path, {"data": {"Biobanks": table}})
    assert "Biobanks are no list" in refused("--file", file)


def test_a_kept_answer_is_as_old_as_its_file_and_is_not_last_nights(
    directory: DirectoryServer, tmp_path: Path
) -> None:
    written = timezone.now() - timedelta(days=40)
    run("--file", kept(tmp_path, reply([biobank_row()]), written=written))
    day = timezone.localdate(written)
    assert ImportRun.objects.data_date() == catalogue().data_date == day
    assert Biobank.objects.get().as_of == day
    assert importing.is_due(timezone.now())
    run()
    assert ImportRun.objects.data_date() == timezone.localdate()
    assert not importing.is_due(timezone.now())
