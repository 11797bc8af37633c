"""Databases made once and copied: migrating takes half a minute, the first content as long again.

SQLite's stay in var/tests/ until what they are made of changes; those of a PostgreSQL server are
made once a run.
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.parts import PROJECT, free_port

KEPT = PROJECT / "var" / "tests"
MIGRATED_FROM = ("*/migrations/*.py", "newsletter/ledger/triggers.py", "requirements/run.txt")
FILLED_FROM = (
    *("initial_content/**/*", "requirements/run.txt", "static/**/*", "templates/**/*"),
    *(
        f"{app}/**/*"
        for app in ("bbmri_be", "members", "newsletter", "pages", "visitors", "worker")
    ),
)
PASSWORD = "a long password for a test"  # noqa: S105  of accounts that live as long as the test
ACCOUNTS = f"""
from django.contrib.auth.models import Group, User
User.objects.create_superuser('operator', password='{PASSWORD}')
for name, group in {{'editor': 'Editors', 'publisher': 'Moderators'}}.items():
    account = User.objects.create_user(name, password='{PASSWORD}')
    account.groups.add(Group.objects.get(name=group))
"""
# They name the site's address, which each copy has its own: loading makes them anew.
NO_CONSENT_TEXTS = """
from django.db import connection
from newsletter.ledger import triggers
triggers.drop(connection)
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM newsletter_consenttext")
triggers.make(connection)
"""


_until_exit = ExitStack()
atexit.register(_until_exit.close)


def manage(environment: dict[str, str], *words: str) -> str:
    """What a management command of the site prints."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bbmri_be.settings"} | environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@dataclass(frozen=True)
class Filled:
    """A site's first day: its content and accounts, and its static files. Pictures it has none."""

    database: str
    static: Path

    def make(self) -> None:
        told = {"DATABASE_URL": self.database, "STATIC_ROOT": str(self.static)}
        manage(told, "collectstatic", "--noinput", "--verbosity=0")
        manage(told, "load_initial_content")
        manage(told, "shell", "--no-imports", "--command", ACCOUNTS + NO_CONSENT_TEXTS)


@contextmanager
def database(folder: Path, like: str = "") -> Iterator[str]:
    """The address of a database of its own: on the tests' PostgreSQL, else an SQLite file.

    It is empty, or a copy of the one at the address `like`.
    """
    if server := os.environ.get("TEST_DATABASE_URL"):
        with _database_on(server, like) as address:
            yield address
        return
    file = folder / "site.sqlite3"
    if like:
        shutil.copy(like.removeprefix("sqlite:///"), file)
    yield f"sqlite:///{file}"


def migrated() -> str:
    """The address of a database with all tables, to be copied."""
    return _migrated(os.environ.get("TEST_DATABASE_URL", ""))


def filled() -> Filled:
    """A site to be copied. Its address is not set: `load_initial_content` does that."""
    return _filled(os.environ.get("TEST_DATABASE_URL", ""))


@cache
def _migrated(server: str) -> str:
    if server:
        address = _until_exit.enter_context(_database_on(server))
        manage({"DATABASE_URL": address}, "migrate", "--verbosity=0")
        return address
    file = KEPT / f"migrated-{_digest(MIGRATED_FROM)}" / "site.sqlite3"
    with _unless_kept(file.parent) as folder:
        if folder:
            manage({"DATABASE_URL": f"sqlite:///{folder / file.name}"}, "migrate", "--verbosity=0")
    return f"sqlite:///{file}"


@cache
def _filled(server: str) -> Filled:
    if server:
        folder = _until_exit.enter_context(tempfile.TemporaryDirectory(prefix="bbmri-site-"))
        address = _until_exit.enter_context(_database_on(server, migrated()))
        made = Filled(address, Path(folder))
        made.make()
        return made
    kept = KEPT / f"site-{_digest(FILLED_FROM)}"
    with _unless_kept(kept) as at:
        if at:
            with database(at, migrated()) as address:
                Filled(address, at / "static").make()
    return Filled(f"sqlite:///{kept / 'site.sqlite3'}", kept / "static")


# What is kept


def _digest(patterns: tuple[str, ...]) -> str:
    """Of all that a database is made of."""
    found = {path for pattern in patterns for path in PROJECT.glob(pattern) if path.is_file()}
    total = hashlib.sha256()
    for path in sorted(path for path in found if "__pycache__" not in path.parts):
        total.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return total.hexdigest()[:16]


@contextmanager
def _unless_kept(folder: Path) -> Iterator[Path | None]:
    """A folder to fill, which then takes its place and its forerunners'; None if it is there."""
    if folder.exists():
        yield None
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="making-") as making:
        place = Path(making, "made")
        place.mkdir()
        yield place
        for old in KEPT.glob(f"{folder.name.partition('-')[0]}-*"):
            shutil.rmtree(old, ignore_errors=True)
        place.rename(folder)


# PostgreSQL


@contextmanager
def _database_on(server: str, like: str = "") -> Iterator[str]:
    name = f"bbmri_site_{os.getpid()}_{free_port()}"  # a run of the tests has more than one
    template = urlsplit(like).path.strip("/") or "template1"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop.format(sql.Identifier(name)))
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop.format(sql.Identifier(name)))
