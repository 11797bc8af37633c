"""`python -m scripts.earlier_content COMMIT` writes initial_content/earlier.json from the history.

It has the digests of all that the first content said up to that commit, the last whose sites kept
none by themselves: they learn from it what nobody edited. Later changes need no entry.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import django
import polib

from bbmri_be.environment import BASE_DIR

FOLDER = "initial_content"
Record = dict[str, dict[str, list[Any]]]


def main() -> None:
    django.setup()
    record: Record = {}
    for commit in _git("log", "--reverse", "--format=%h", sys.argv[1], "--", FOLDER).split():
        for path in _git("ls-tree", "-r", "--name-only", commit, FOLDER).splitlines():
            for name, piece, said in _pieces(PurePosixPath(path), _git("show", f"{commit}:{path}")):
                _add(record.setdefault(name, {}).setdefault(piece, []), said)
    record |= _rows()
    lines = [f"{json.dumps(name)}: {json.dumps(record[name])}" for name in sorted(record)]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (BASE_DIR / FOLDER / "earlier.json").write_text(text, encoding="utf-8")


def _rows() -> Record:
    """As they are now: none of them changed before."""
    from pages.releases import rows  # noqa: PLC0415  the settings come first
    from pages.releases.digests import digest  # noqa: PLC0415  the settings come first

    return {
        f"rows/{name}": {key: [digest(words)] for key, words in kind.release().items()}
        for name, kind in rows.kinds.items()
    }


def _git(*words: str) -> str:
    command = [shutil.which("git") or "git", *words]
    return subprocess.run(command, cwd=BASE_DIR, check=True, capture_output=True, text=True).stdout


def _add(versions: list[Any], said: object) -> None:
    """The last one last."""
    if said in versions:
        versions.remove(said)
    versions.append(said)


def _pieces(path: PurePosixPath, text: str) -> Iterator[tuple[str, str, object]]:
    from pages.releases.digests import digest  # noqa: PLC0415  the settings come first

    if path.suffix == ".po":
        for entry in polib.pofile(text):
            if entry.msgstr:
                yield f"words/{path.stem}", digest(entry.msgid), digest(entry.msgstr)
        return
    place = path.relative_to(FOLDER).with_suffix("").parts
    if path.suffix != ".toml" or place[0] != "en":
        return
    fields = tomllib.loads(text)
    for name in sorted(fields.keys() - {"type", "order"}):
        said = fields[name]
        is_list = isinstance(said, list)
        yield _name(place[1:]), name, [digest(one) for one in said] if is_list else digest(said)


def _name(place: tuple[str, ...]) -> str:
    if place[0].startswith("_"):
        return "/".join(place).removeprefix("_")
    return "pages/" + ("" if place == ("home",) else "/".join(place))


if __name__ == "__main__":
    main()
