"""`make lint`: every check that needs no running site. All are run, whichever fails."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
Command = tuple[str | Path, ...]
# As many at once as there are processors. The longest begins first.
CHECKS: dict[str, Command] = {
    "Types": (BIN / "mypy", "."),
    "Format": (BIN / "ruff", "format", "--check", "--quiet", "--diff", "."),
    "Style": (BIN / "ruff", "check", "--quiet", "."),
    "Templates' format": (BIN / "djlint", "--check", "--quiet", "."),
    "Templates' faults": (BIN / "djlint", "--lint", "--quiet", "."),
    "Migrations": (sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"),
    "Translations": (sys.executable, "-m", "scripts.catalogues", "check"),
    "Lock files": (sys.executable, "-m", "scripts.lock", "--check"),
}


def main() -> int:
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        finished = pool.map(check, CHECKS.values())
        for (name, command), (said, well) in zip(CHECKS.items(), finished, strict=True):
            print(f"{name}: {' '.join(map(str, command[1:]))}", said, sep="\n", end="", flush=True)
            if not well:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All is well.")
    return 1 if failed else 0


def check(command: Command) -> tuple[str, bool]:
    """What it says, and whether all is well."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."}
    finished = subprocess.run(
        command,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return finished.stdout, finished.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
