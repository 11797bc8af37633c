"""Databases made once and copied: migrating takes half a minute, the first content as long again.

They stay until what they are made of changes: SQLite's in var/tests/, PostgreSQL's on their server.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.parts import PROJECT, free_port

KEPT = PROJECT / "var" / "tests"
APPS = tuple(path.parent.name for path in PROJECT.glob("*/apps.py"))
MIGRATED_FROM = (
    *("*/migrations/*.py", "requirements/run.txt"),
    *(f"{app}/**/triggers.py" for app in APPS),
)
FILLED_FROM = (
    *("initial_content/**/*", "requirements/run.txt", "static/**/*", "templates/**/*"),
    *(f"{app}/**/*" for app in (*APPS, "bbmri_be")),
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
    def make(address: str) -> None:
        manage({"DATABASE_URL": address}, "migrate", "--verbosity=0")

    return _kept_database(server, f"migrated-{_digest(MIGRATED_FROM)}", make)


@cache
def _filled(server: str) -> Filled:
    def make(address: str) -> None:
        told = {"DATABASE_URL": address, "STATIC_ROOT": str(static())}
        manage(told, "load_initial_content")
        manage(told, "shell", "--no-imports", "--command", ACCOUNTS + NO_CONSENT_TEXTS)

    name = f"site-{_digest(FILLED_FROM)}"
    return Filled(_kept_database(server, name, make, like=migrated()), static())


@cache
def static() -> Path:
    """A folder with the static files as production serves them."""
    folder = KEPT / f"static-{_digest(FILLED_FROM)}"
    with _unless_kept(folder) as at:
        if at:
            manage({"STATIC_ROOT": str(at)}, "collectstatic", "--noinput", "--verbosity=0")
    return folder


# What is kept


def _digest(patterns: tuple[str, ...]) -> str:
    """Of all that a database is made of."""
    found = {path for pattern in patterns for path in PROJECT.glob(pattern) if path.is_file()}
    total = hashlib.sha256()
    for path in sorted(path for path in found if "__pycache__" not in path.parts):
        total.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _kept_database(server: str, name: str, make: Callable[[str], None], like: str = "") -> str:
    """The address of one that `make` fills where it is not there yet; it begins as a copy."""
    if server:
        return _until_exit.enter_context(_kept_on(server, name, make, like))
    with _unless_kept(KEPT / name) as folder:
        if folder:
            with database(folder, like) as address:
                make(address)
    return f"sqlite:///{KEPT / name / 'site.sqlite3'}"


@contextmanager
def _unless_kept(folder: Path) -> Iterator[Path | None]:
    """A folder to fill, which then takes its place and its forerunners'; None if it is there.

    Who comes second waits.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    kind = folder.name.partition("-")[0]
    with Path(KEPT, f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            yield None
            return
        with tempfile.TemporaryDirectory(dir=KEPT, prefix="making-") as making:
            place = Path(making, "made")
            place.mkdir()
            yield place
            for old in KEPT.glob(f"{kind}-*"):
                shutil.rmtree(old, ignore_errors=True)
            place.rename(folder)


# PostgreSQL


@contextmanager
def _database_on(server: str, like: str = "") -> Iterator[str]:
    name = f"bbmri_site_{os.getpid()}_{free_port()}"  # a run of the tests has more than one
    with psycopg.connect(server, autocommit=True) as connection:
        _create(connection, name, like)
    yield _at(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        _drop(connection, name)


@contextmanager
def _kept_on(server: str, name: str, make: Callable[[str], None], like: str) -> Iterator[str]:
    """The address of one that no other run drops while the block lasts; who comes second waits."""
    prefix = f"bbmri_{name.partition('-')[0]}-"
    full, making = f"bbmri_{name}", f"{prefix}making"
    # Locks are a database's own: every run takes them in the one that all servers have.
    with psycopg.connect(_at(server, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [prefix])
        if full not in _names(connection, prefix):
            _create(connection, making, like)
            make(_at(server, making))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(making), sql.Identifier(full)))
        connection.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [full])
        _drop_forerunners(connection, prefix, full)
        connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [prefix])
        yield _at(server, full)


def _drop_forerunners(connection: psycopg.Connection, prefix: str, kept: str) -> None:
    """Those that no run holds any more."""
    for name in _names(connection, prefix) - {kept}:
        row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()
        if row and row[0]:
            _drop(connection, name)
            connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _names(connection: psycopg.Connection, prefix: str) -> set[str]:
    asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    return {name for (name,) in connection.execute(asked, [prefix])}


def _create(connection: psycopg.Connection, name: str, like: str) -> None:
    """Anew; a copy of the one at the address `like`."""
    template = urlsplit(like).path.strip("/") or "template1"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _drop(connection, name)
    connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    connection.execute(drop.format(sql.Identifier(name)))


def _at(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
