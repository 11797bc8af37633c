"""The site as a visitor meets it: a fresh database, the first content, gunicorn."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
from psycopg import sql

from tests.parts import PROJECT, free_port

PATIENCE = 60  # seconds until the site must answer
PASSWORD = "a long password for a test"  # noqa: S105  of accounts that live as long as the test


@dataclass(frozen=True)
class RunningSite:
    """A site that answers at `url`, and the way to run its commands."""

    url: str
    environment: dict[str, str]

    def manage(self, *words: str, **more: str) -> str:
        """What a management command prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env=self.environment | more,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "--command", code)


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of a database of its own: on the tests' PostgreSQL, else an SQLite file."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    name = f"bbmri_site_{os.getpid()}_{free_port()}"  # a run of the tests has more than one
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(drop)


@contextmanager
def running_site(folder: Path, **more: str) -> Iterator[RunningSite]:
    """A site with its first content and two accounts, until the block ends.

    `more`: of its environment.
    """
    port = free_port()
    with empty_database(folder) as database:
        environment = os.environ | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "SENDING_MARK": str(folder / "sending.json"),
            "EMAIL_URL": f"file://{folder}/mail",
            **more,
        }
        site = RunningSite(f"http://127.0.0.1:{port}", environment)
        site.manage("migrate", "--verbosity=0")
        site.manage("collectstatic", "--noinput", "--verbosity=0")
        site.manage("load_initial_content")
        _make_accounts(site)
        with serving(site, folder / "gunicorn.log"):
            yield site


def _make_accounts(site: RunningSite) -> None:
    site.shell(
        "from django.contrib.auth.models import Group, User\n"
        f"User.objects.create_superuser('operator', password='{PASSWORD}')\n"
        "for name, group in {'editor': 'Editors', 'publisher': 'Moderators'}.items():\n"
        f"    User.objects.create_user(name, password='{PASSWORD}')"
        ".groups.add(Group.objects.get(name=group))\n"
    )


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
