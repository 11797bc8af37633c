"""`make run`: prepare this folder for serving, then run the site and its worker until told to stop.

Every step says what it does. A second run finds most of it done.
"""

import hashlib
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from bbmri_be.environment import BASE_DIR, load_settings
from scripts.catalogues import compile_all
from scripts.probe import answers

LOCAL_ENVIRONMENT = BASE_DIR / "var" / "local.env"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 40  # gunicorn lets requests finish for 30
PROCESSES = {
    "The site": (sys.executable, "-m", "gunicorn", "bbmri_be.wsgi"),
    "The worker": (sys.executable, "manage.py", "run_worker"),
}
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    keep_local_environment()
    load_settings()
    refuse_a_taken_port()
    django.setup()
    prepare()
    return serve()


# Preparing


def keep_local_environment() -> None:
    """Make this folder's own key and places, once. What the environment says wins over them."""
    if LOCAL_ENVIRONMENT.exists():
        return
    LOCAL_ENVIRONMENT.parent.mkdir(exist_ok=True)
    LOCAL_ENVIRONMENT.touch(mode=0o600)
    LOCAL_ENVIRONMENT.write_text(
        "# Made by `make run` for this folder. What the environment says wins.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        "DATABASE_URL=sqlite:///var/db.sqlite3\n"
        "EMAIL_URL=file:var/mail\n"
    )
    print(f"A key and a database address for this folder are in {LOCAL_ENVIRONMENT}")


def refuse_a_taken_port() -> None:
    host, port = settings.BIND.strip("[]"), settings.PORT
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise SystemExit(
                f"Port {port} of {host} cannot be had ({error.strerror}): stop what uses it, "
                f"or choose another, as in PORT={port + 1} make run."
            ) from None


def prepare() -> None:
    step("Compiling the translations", compile_all)
    step("Checking the settings", lambda: call_command("check"))
    step("Connecting to the database of DATABASE_URL", connections["default"].ensure_connection)
    step("Bringing the database up to date", lambda: call_command("migrate", verbosity=0))
    step("Checking the database", lambda: call_command("check", databases=["default"]))
    step("Collecting static files", collect_static_files)
    step("Loading the initial content", lambda: call_command("load_initial_content"))


def step(name: str, work: Callable[[], object]) -> None:
    print(f"{name} ...", flush=True)
    begun = time.monotonic()
    try:
        work()
    except DatabaseError as error:
        raise SystemExit(f"{name} failed: {str(error).partition(chr(10))[0]}") from None
    except CommandError as error:
        raise SystemExit(str(error)) from None
    print(f"    {time.monotonic() - begun:.1f} s", flush=True)


def collect_static_files() -> None:
    """Compressing takes seconds, so it is done only when a file has changed."""
    stamp = settings.STATIC_ROOT / ".collected"
    state = state_of_static_files()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def state_of_static_files() -> str:
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415  needs the apps

    files = (Path(s.path(name)) for finder in get_finders() for name, s in finder.list([]))
    state = sorted((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return hashlib.sha256(repr(state).encode()).hexdigest()


def first_login() -> str | None:
    """Make the first administrator where there is none. Its name and password."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415  needs the apps

    users = get_user_model()._default_manager
    if users.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser("admin", email="", password=password)
    return f"admin / {password}"


# Serving


def serve() -> int:
    """Run both processes. 0 when told to stop, 1 when one of them ended by itself."""
    told: list[int] = []
    # Ctrl-C reaches every process of the terminal. The two ignore it until they can take it well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connections.close_all()
    print("Starting the site and its worker ...", flush=True)
    processes = {name: subprocess.Popen(command) for name, command in PROCESSES.items()}
    for ending in ENDINGS:
        signal.signal(ending, lambda number, frame: told.append(number))
    watch(processes, told)
    ended = {
        name: code for name, process in processes.items() if (code := process.poll()) is not None
    }
    for process in processes.values():
        stop(process)
    if told:
        print("Stopped.")
        return 0
    for name, code in ended.items():
        print(f"{name} ended by itself with exit code {code}, so all is stopped.")
    return 1


def watch(processes: dict[str, subprocess.Popen[bytes]], told: list[int]) -> None:
    """Return when told to, when a process has ended, or when the site does not come up."""
    latest = time.monotonic() + SECONDS_TO_START
    announced = False
    while not told and all(process.poll() is None for process in processes.values()):
        if not announced and answers("/health/ready"):
            announce()
            announced = True
        if not announced and time.monotonic() > latest:
            print(f"The site is not ready after {SECONDS_TO_START} seconds.")
            return
        time.sleep(0.2)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def announce() -> None:
    rows = {
        "Site": f"{settings.SITE_URL}/",
        "Editing": f"{settings.SITE_URL}/{settings.ADMIN_PATH}/",
    }
    if login := first_login():
        rows["Login"] = f"{login} (shown this once)"
    rows["Mail"] = place_of_mail()
    print("\nThe site is up. Ctrl-C stops it.\n")
    for name, value in rows.items():
        print(f"  {name:<8} {value}")
    print(flush=True)


def place_of_mail() -> str:
    if settings.EMAIL_FILE_PATH:
        return f"files in {settings.EMAIL_FILE_PATH}"
    if settings.EMAIL_HOST:
        return f"handed to {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return "printed here"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
