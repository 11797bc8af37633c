"""Each package that is imported stands in pyproject.toml, and is not there by another's leave."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.parts import PROJECT

DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
EXTRAS = DECLARED["optional-dependencies"]
MODULES = [path.relative_to(PROJECT) for path in PROJECT.glob("[a-z]*/**/*.py")]
OURS = {path.parts[0] for path in MODULES}
FOR_TESTS = {"tests", "bench"}
FOR_DEVELOPERS = {"scripts"}  # `make` runs them with what lint and tests have


def test_what_the_site_imports_is_declared() -> None:
    apps = OURS - FOR_TESTS - FOR_DEVELOPERS - {"var"}
    assert _undeclared(apps, DECLARED["dependencies"]) == {}


def test_what_tests_and_scripts_import_is_declared() -> None:
    known = [*DECLARED["dependencies"], *EXTRAS["test"]]
    assert _undeclared(FOR_TESTS | FOR_DEVELOPERS, known) == {}


def _undeclared(folders: set[str], requirements: Iterable[str]) -> dict[str, str]:
    """The packages' names with a module that imports each."""
    known, providers = {_name(one) for one in requirements}, packages_distributions()
    return {
        package: str(path)
        for path in MODULES
        if path.parts[0] in folders
        for package in _imports(path)
        if not known & {_name(one) for one in providers.get(package, ())}
    }


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((PROJECT / path).read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        tops = {name.partition(".")[0] for name in names}
        yield from tops - OURS - sys.stdlib_module_names


def _name(requirement: str) -> str:
    """`environs[django]>=15` and `Django` as they are compared: environs, django."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")
