"""Rooms: which may name which, how modules lean on each other, what stands in a folder."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
BELOW: dict[str, set[str]] = {
    "visitors": set(),
    "worker": set(),
    "pages": {"visitors", "worker"},
    "members": {"pages", "visitors", "worker"},
    "newsletter": {"pages", "visitors", "worker"},
}
PROJECT = "bbmri_be"
ROOMS = [room for room in (*BELOW, PROJECT) if (ROOT / room).exists()]
APPS = [room for room in ROOMS if room != PROJECT]
MOST_MODULES = 14  # loose in a folder: with more nobody finds their way
SAYS_NOTHING = {"utils", "helpers", "common", "misc", "services"}


def files_of(room: str) -> Iterator[Path]:
    """All but migrations, which name what was."""
    return (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for room in ROOMS
    for path in files_of(room)
}


def names_imported_by(path: Path) -> Iterator[str]:
    """Each as far as it is a module of ours, wherever in the file it is imported."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its room"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from [name for name in (whole, str(node.module)) if name in FILES][:1]


def strings_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("room", APPS)
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    for path in files_of(room):
        forbidden = {name.split(".")[0] for name in names_imported_by(path)} - BELOW[room] - {room}
        assert not forbidden, f"{path.relative_to(ROOT)} imports {forbidden}"


@cache
def addresses_by_room() -> dict[str, set[str]]:
    """The names of addresses, by the room whose view answers there."""
    found: dict[str, set[str]] = {room: set() for room in ROOMS}

    def collect(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                own = f"{pattern.namespace}:" if pattern.namespace else ""
                collect(pattern.url_patterns, namespace + own)
            elif pattern.name:
                view = getattr(pattern.callback, "view_class", pattern.callback)
                room = view.__module__.split(".")[0]
                found.setdefault(room, set()).add(f"{namespace}{pattern.name}")

    collect(get_resolver().url_patterns)
    return found


@pytest.mark.parametrize("room", APPS)
def test_a_room_names_only_rooms_below_it_in_strings(room: str) -> None:
    """As labels of models, dotted names, names of addresses or paths of templates."""
    above = set(ROOMS) - BELOW[room] - {room}
    named = re.compile(rf"\b(?:{'|'.join(above)})[.:/]\w|^(?:{'|'.join(above)})$")
    addresses = set().union(*(addresses_by_room()[other] for other in above))
    for path in files_of(room):
        found = [said for said in strings_of(path) if named.search(said) or said in addresses]
        assert not found, f"{path.relative_to(ROOT)} names {found}"


def test_no_module_leans_on_itself_by_way_of_others() -> None:
    """Imports within functions count: they hide a circle, and do not undo it."""
    TopologicalSorter(
        {name: set(names_imported_by(path)) - {name} for name, path in FILES.items()}
    ).prepare()


@pytest.mark.parametrize("room", APPS)
def test_no_folder_holds_more_loose_modules_than_one_can_survey(room: str) -> None:
    for folder in {path.parent for path in files_of(room)}:
        modules = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
        assert len(modules) <= MOST_MODULES, f"{folder.relative_to(ROOT)}: {modules}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [path for path in FILES.values() if {path.stem, path.parent.name} & SAYS_NOTHING]
