"""Answers that may be long: of many rows, no more than a piece is in memory."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override

Item = TypeVar("Item")
PIECE = 50  # rows read at once
LARGEST_WHOLE = 4_000_000  # letters


def long_answer(text: Iterable[str], content_type: str) -> HttpResponseBase:
    """Whole, so that it can be kept; what is very long is sent while it is made."""
    rest, start, length = iter(text), [], 0
    for piece in rest:
        start.append(piece)
        length += len(piece)
        if length > LARGEST_WHOLE:
            return StreamingHttpResponse(
                _in_language(chain(start, rest), get_language()), content_type=content_type
            )
    return HttpResponse("".join(start), content_type=content_type)


def _in_language(text: Iterator[str], language: str | None) -> Iterator[str]:
    """The language of the request is no longer in force when the server asks for more."""
    with override(language):
        yield from text


def with_list(document: Mapping[str, Any], name: str, items: Iterable[Any]) -> Iterator[str]:
    """A JSON document with the list as its last member; each item is written when it is made."""
    yield json.dumps(document, ensure_ascii=False).removesuffix("}")
    between = f", {json.dumps(name)}: [\n"
    for item in items:
        yield between + json.dumps(item, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n" if between == ",\n" else f"{between}]}}\n"


def pieces(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (rows[start : start + PIECE] for start in range(0, len(rows), PIECE))
