"""The site as a visitor meets it: a fresh database, the first content, gunicorn."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests import ready_made
from tests.parts import PROJECT, free_port

PATIENCE = 60  # seconds until the site must answer
NEW_SESSION = """
from django.contrib.auth.models import User
from django.test import Client
browser = Client()
browser.force_login(User.objects.get(username="operator"))
print(browser.cookies["sessionid"].value)
"""
ONE_PROCESS = {"WEB_WORKERS": "1"}  # for who looks at pages: a second one takes seconds to start


@dataclass(frozen=True)
class RunningSite:
    """A site that answers at `url`, and the way to run its commands."""

    url: str
    environment: dict[str, str]
    commands: "CommandServer"

    def manage(self, *words: str) -> str:
        """What a management command prints."""
        return self.commands.run(*words)

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "--command", code)

    def session_cookie(self) -> str:
        """Of somebody who is signed in."""
        return f"sessionid={self.shell(NEW_SESSION).strip()}"


@dataclass(frozen=True)
class CommandServer:
    """A process that knows the site, and runs its commands at once."""

    process: subprocess.Popen[str]
    errors: Path

    def run(self, *words: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(words), file=self.process.stdin, flush=True)
        code, printed = json.loads(self.process.stdout.readline() or '[1, ""]')
        assert code == 0, f"{words}: {printed}{self.errors.read_text()}"
        return str(printed)


@contextmanager
def command_server(environment: dict[str, str], errors: Path) -> Iterator[CommandServer]:
    command = [sys.executable, "-m", "tests.e2e.command_server"]
    pipe = subprocess.PIPE
    with errors.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=pipe, stdout=pipe, stderr=log, text=True
        )
        yield CommandServer(process, errors)
        process.communicate(timeout=60)


@contextmanager
def running_site(folder: Path, **more: str) -> Iterator[RunningSite]:
    """A site with its first content and two accounts, until the block ends.

    `more`: of its environment.
    """
    port, first_day = free_port(), ready_made.filled()
    with ready_made.database(folder, first_day.database) as database:
        environment = os.environ | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(first_day.static),
            "SENDING_MARK": str(folder / "sending.json"),
            "EMAIL_URL": f"file://{folder}/mail",
            "GUNICORN_CMD_ARGS": "--preload",  # the site is loaded once for all its processes
            **more,
        }
        with command_server(environment, folder / "commands.log") as commands:
            site = RunningSite(f"http://127.0.0.1:{port}", environment, commands)
            site.manage("load_initial_content")
            with serving(site, folder / "gunicorn.log"):
                yield site


@contextmanager
def serving(site: RunningSite, log: Path, application: str = "bbmri_be.wsgi") -> Iterator[None]:
    """Gunicorn with the site's environment, until the block ends."""
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=PROJECT, env=site.environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_ready(site.url, server, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=40)


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{url}/health/ready", timeout=2):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"The site did not start:\n{log.read_text()}")
