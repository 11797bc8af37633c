"""JSON with a long list in it, of which no more than a piece is in memory as rows."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
PIECE = 200  # rows read at once


def with_list(document: Mapping[str, Any], name: str, items: Iterable[Any]) -> str:
    """The document with the list as its last member; each item is written when it is made."""
    written = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    before = json.dumps(document, ensure_ascii=False).removesuffix("}")
    return f"{before}, {json.dumps(name)}: [\n{written}\n]}}\n"


def pieces(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (rows[start : start + PIECE] for start in range(0, len(rows), PIECE))
