"""`make lock`: requirements/*.txt from pyproject.toml, with hashes and without an index's name.

`--check` only says whether each lock was made from today's pyproject.toml. It asks no network.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# Each file has what the ones before it have, in the same versions.
EXTRAS = {"run": [], "test": ["test"], "lint": ["test", "lint"], "postgres": ["postgres"]}
COMPILE = ["pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version=3.11"]
COMPILE += ["--generate-hashes", "--no-emit-index-url", "--no-header"]


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        return check()
    for name, extras in EXTRAS.items():
        compile_lock(lock(name), extras, arguments)
    return 0


def lock(name: str) -> Path:
    return PROJECT / "requirements" / f"{name}.txt"


def compile_lock(target: Path, extras: list[str], options: list[str]) -> None:
    print(f"Compiling {target.relative_to(PROJECT)}", flush=True)
    chosen = [f"--extra={extra}" for extra in extras]
    if target != lock("run"):
        chosen += ["--constraint", str(lock("run"))]
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, *COMPILE, *chosen, *options, "-o", target], cwd=PROJECT, check=True)
    target.write_text(f"{heading()}\n{target.read_text()}")


def heading() -> str:
    """The first line of each lock: which dependencies it was compiled from."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    asked = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return f"# By `make lock` from the dependencies of pyproject.toml with sha256 {digest[:16]}"


def check() -> int:
    stale = [name for name in EXTRAS if not lock(name).read_text().startswith(f"{heading()}\n")]
    for name in stale:
        print(f"requirements/{name}.txt is not of today's pyproject.toml: run make lock.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
