"""tests/README.md says of every test file what it promises, what runs it, and on which engine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
FILES = sorted(TESTS.rglob("test_*.py"))
ENGINES = {"each_engine": "both", "on_sqlite": "SQLite", "on_postgresql": "PostgreSQL"}


def marks(*nodes: ast.AST) -> set[str]:
    """The last words of dotted names, such as `pytest.mark.audit`."""
    parts = (part for node in nodes for part in ast.walk(node))
    return {part.attr for part in parts if isinstance(part, ast.Attribute)}


def engine_of(path: str, module: ast.Module) -> str:
    assigned = [node for node in module.body if isinstance(node, ast.Assign)]
    own = marks(*(node for node in assigned if "pytestmark" in ast.unparse(node.targets[0])))
    for mark, engine in ENGINES.items():
        if mark in own:
            return engine
    if "/both/" in path:
        return "both"
    return "one; some on both" if "each_engine" in marks(module) else "one"


def rows_of(file: Path) -> Iterator[str]:
    """The file's own, and one for each of its tests that is left to `make audit`."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    path, promise = (
        file.relative_to(TESTS).as_posix(),
        (ast.get_docstring(module) or "").partition("\n")[0],
    )
    tests = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    left = [test for test in tests if "audit" in marks(*test.decorator_list)]
    if len(left) < sum(test.name.startswith("test_") for test in tests):
        yield f"| {promise} | {path} | make test | {engine_of(path, module)} |"
    for test in left:
        words = test.name.removeprefix("test_").replace("_", " ").capitalize()
        yield f"| {words}. | {path} | make audit | one |"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_stands_in_the_table_with_what_it_promises(file: Path) -> None:
    table = (TESTS / "README.md").read_text(encoding="utf-8").splitlines()
    rows = list(rows_of(file))
    assert not [row for row in rows if row not in table], "Add what is missing; mend what is old."
    assert "|  |" not in "".join(rows), f"{file} begins with no sentence."


def test_what_uses_the_database_says_whether_an_engine_can_matter() -> None:
    assert not [*TESTS.glob("integration/test_*.py")], "It goes to both/ or to once/."


def test_the_table_names_no_file_that_is_gone() -> None:
    table = (TESTS / "README.md").read_text(encoding="utf-8").splitlines()
    named = {line.split(" | ")[1] for line in table if "/test_" in line}
    assert named == {file.relative_to(TESTS).as_posix() for file in FILES}
