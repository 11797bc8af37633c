"""The vocabulary of schema.org, from pydantic2-schemaorg, to hold our JSON-LD against."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

TEXTS = {"str", "Text", "AnyUrl", "URL", "date", "datetime", "Date", "DateTime", "Integer", "int"}


def kind_of(name: str) -> type:
    """The type of that name. Raises ModuleNotFoundError where schema.org has none."""
    return getattr(importlib.import_module(f"pydantic2_schemaorg.{name}"), name)


def properties(kind: type) -> dict[str, str]:
    """Each property of a type, its ancestors' included, with what it may hold."""
    found: dict[str, str] = {}
    for ancestor in reversed(kind.__mro__):
        found |= getattr(ancestor, "__annotations__", {})
    return found


def faults(thing: dict[str, Any], via: str = "") -> Iterator[str]:
    """Types and properties that schema.org does not know, and values that a property can't hold."""
    kind = kind_of(thing["@type"])
    known = properties(kind)
    if thing["@type"].endswith("Role"):
        known |= {via: "Organization"}  # a role repeats the property it stands in
    for name, value in thing.items():
        if name.startswith("@") or name.endswith("-input"):
            continue
        if name not in known:
            yield f"{thing['@type']} has no {name}"
            continue
        for part in value if isinstance(value, list) else [value]:
            yield from _faults_of_value(thing["@type"], name, part, known[name])


def _faults_of_value(owner: str, name: str, value: object, holds: str) -> Iterator[str]:
    allowed = set(re.findall(r"\w+", holds))
    if not isinstance(value, dict):
        if not allowed & TEXTS:
            yield f"{owner}.{name} holds no text"
        return
    ancestors = {ancestor.__name__ for ancestor in kind_of(value["@type"]).__mro__}
    if not allowed & ancestors and not value["@type"].endswith("Role"):
        yield f"{owner}.{name} can't hold a {value['@type']}"
    yield from faults(value, via=name)
