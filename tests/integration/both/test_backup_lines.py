"""The lines of docs/operations.md that back the site up and bring it back, run as they stand."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests import parts, ready_made

SECTION = (
    (parts.PROJECT / "docs" / "operations.md")
    .read_text()
    .partition("\n## Backup and restore\n")[2]
    .partition("\n## ")[0]
)
BLOCKS = [block.strip().splitlines() for block in SECTION.split("\n```")[1::2]]
LINES = [line for block in BLOCKS for line in block if "manage.py" not in line]
NEEDED = [(line, name) for line in LINES for name in re.findall(r"\$\{(\w+):\?", line)]
TOOLS = ("pg_dump", "pg_restore", "rsync", "sqlite3", "tar")
NOTE = 'echo "$0 $*" >> "$NOTES"'
# Runs on this machine what is to be run in a container.
DOCKER = 'while [ "$1" != sh ]; do shift; done; exec "$@"'
# The machine `backup` is a folder of this one.
RSYNC = """
import os, shutil, sys
source, target = (path.replace("backup:", os.environ["BACKUP"]) for path in sys.argv[-2:])
shutil.copytree(source, target, dirs_exist_ok=True)
"""
SQLITE = """
import sqlite3, sys
uri, (verb, file) = sys.argv[1], sys.argv[2].split()
pair = [sqlite3.connect(uri, uri=True), sqlite3.connect(file)]
source, target = pair if verb == ".backup" else reversed(pair)
source.backup(target)
"""


@dataclass
class Operator:
    """Who types the lines in a shell: with which programs and variables, in which folder."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def give(self, name: str, words: str, program: str = "/bin/sh") -> None:
        script = self.folder / "bin" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!{program}\n{words}\n")
        script.chmod(stat.S_IRWXU)

    def type(self, line: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env={"PATH": path} | self.variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    (tmp_path / "at work").mkdir()
    operator = Operator(tmp_path / "at work")
    operator.give("docker", DOCKER)
    operator.give("date", "echo 2026-11-22")
    return operator


@pytest.mark.parametrize("is_empty", [False, True], ids=["unset", "empty"])
@pytest.mark.parametrize(("line", "name"), NEEDED)
def test_a_line_refuses_to_run_without_what_it_needs(
    operator: Operator, line: str, name: str, is_empty: bool
) -> None:
    for tool in TOOLS:
        operator.give(tool, NOTE)
    others = {other for _line, other in NEEDED} - {name}
    operator.variables = dict.fromkeys(others, "/given") | {"NOTES": str(operator.folder / "notes")}
    if is_empty:
        operator.variables[name] = ""
    for file in re.findall(r"< (\S+)", line):
        (operator.folder / file).touch()
    done = operator.type(line)
    assert done.returncode != 0
    assert f"{name}: is not set" in done.stderr
    assert not (operator.folder / "notes").exists()


def test_no_line_reads_a_variable_that_it_does_not_ask_for() -> None:
    read = {(line, name) for line in LINES for name in re.findall(r"\$\{?([A-Z_]+)", line)}
    assert read == set(NEEDED)
    assert {name for _line, name in read} >= {"DATABASE_URL", "MEDIA_ROOT", "POSTGRES_DB"}
    assert all("${" in line for line in LINES)


@pytest.fixture
def site(operator: Operator, tmp_path: Path) -> Iterator[Operator]:
    """With a site's empty database and a picture, and the real programs where they are here."""
    operator.give("rsync", RSYNC, sys.executable)
    if not shutil.which("sqlite3"):
        operator.give("sqlite3", SQLITE, sys.executable)
    if not shutil.which("pg_dump") and os.environ.get("TEST_DATABASE_URL"):
        for tool in ("pg_dump", "pg_restore"):
            operator.give(tool, f'exec "{parts.server_programs() / tool}" "$@"')
    media = tmp_path / "media of the site"
    media.mkdir()
    (media / "picture.jpg").write_text("a picture")
    with ready_made.database(tmp_path, ready_made.migrated()) as url:
        server = psycopg.conninfo.conninfo_to_dict(url) if url.startswith("postgres") else {}
        operator.variables = {
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(media),
            "BACKUP": str(tmp_path / "elsewhere"),
            "POSTGRES_DB": str(server.get("dbname")),
            "POSTGRES_USER": str(server.get("user")),
            "PGHOST": str(server.get("host")),
            "PGPORT": str(server.get("port", "")),
            "PGPASSWORD": str(server.get("password", "")),
        }
        yield operator


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    """Its rows, if it has any."""
    if url.startswith("postgres"):
        with psycopg.connect(url, autocommit=True) as connection:
            asked = connection.execute(statement)
            return asked.fetchall() if asked.description else []
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
        return file.execute(statement).fetchall()


def pairs() -> list[tuple[str, str]]:
    """The line that copies and the line that brings back, of each way that is described."""
    tools = [r"^pg_dump|^pg_restore", "^rsync", "sqlite3", "^docker.*pg_", "^docker.*tar"]
    found = [[line for line in LINES if re.search(tool, line)] for tool in tools]
    assert [len(pair) for pair in found] == [2] * len(tools)
    assert sum(map(len, found)) == len(LINES)
    return [(copies, brings_back) for copies, brings_back in found]


@pytest.mark.parametrize(("copies", "brings_back"), pairs())
def test_what_was_copied_comes_back(site: Operator, copies: str, brings_back: str) -> None:
    url, picture = site.variables["DATABASE_URL"], Path(site.variables["MEDIA_ROOT"], "picture.jpg")
    is_of_database = re.search("pg_|sqlite3", copies)
    if is_of_database and url.startswith("postgres") == ("sqlite3" in copies):
        pytest.skip("It is run on the other database.")
    query(url, "UPDATE wagtailcore_site SET hostname = 'before'")
    done = site.type(copies)
    assert done.returncode == 0, done.stderr
    query(url, "UPDATE wagtailcore_site SET hostname = 'after'")
    picture.unlink()
    done = site.type(brings_back)
    assert done.returncode == 0, done.stderr
    if is_of_database:
        assert query(url, "SELECT hostname FROM wagtailcore_site") == [("before",)]
        ready_made.manage({"DATABASE_URL": url}, "check", "--database", "default")
    else:
        assert picture.read_text() == "a picture"


def test_a_database_that_is_not_there_is_not_backed_up(operator: Operator) -> None:
    if not shutil.which("sqlite3"):
        operator.give("sqlite3", SQLITE, sys.executable)
    operator.variables = {"DATABASE_URL": f"sqlite:///{operator.folder}/missing.sqlite3"}
    line = next(line for line in LINES if ".backup" in line)
    assert operator.type(line).returncode != 0
    assert not sum(file.stat().st_size for file in operator.folder.glob("*.sqlite3"))
