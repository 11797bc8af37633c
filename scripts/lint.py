"""`make lint`: every check that needs no running site. All are run, whichever fails."""

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = {
    "Format": (BIN / "ruff", "format", "--check", "--quiet", "--diff", "."),
    "Style": (BIN / "ruff", "check", "--quiet", "."),
    "Types": (BIN / "mypy", "."),
    "Templates' format": (BIN / "djlint", "--check", "--quiet", "."),
    "Templates' faults": (BIN / "djlint", "--lint", "--quiet", "."),
    "Migrations": (sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"),
    "Translations": (sys.executable, "-m", "scripts.catalogues", "check"),
    "Lock files": (sys.executable, "-m", "scripts.lock", "--check"),
}


def main() -> int:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."}
    failed = []
    for name, command in CHECKS.items():
        print(f"{name}: {' '.join(map(str, command[1:]))}", flush=True)
        if subprocess.run(command, env=environment, check=False).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All is well.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
