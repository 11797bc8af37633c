"""How long a newcomer waits: `make run` in a fresh clone, and again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.parts import PROJECT, free_port

Row = tuple[str, str, str]
PATIENCE = 300  # seconds
OURS = (
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "SECRET_KEY",
    "VIRTUAL_ENV",
    "MAKEFLAGS",
    "MAKELEVEL",
)


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        git = shutil.which("git") or "git"
        subprocess.run([git, "clone", "--quiet", PROJECT, clone], check=True)
        yield "make run in a fresh clone, warm package cache", f"{seconds(clone):.0f} s", "< 180 s"
        yield "make run again", f"{seconds(clone):.1f} s", "< 10 s"


def seconds(clone: Path) -> float:
    """Until the home answers."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    began = time.monotonic()
    make = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=environment | {"PORT": str(port)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/en/", make)
        return time.monotonic() - began
    finally:
        os.killpg(make.pid, signal.SIGTERM)
        make.wait(timeout=60)


def wait_for(url: str, make: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and make.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("make run did not serve the site.")
