"""Whether two texts are the same: what a release says and what a site keeps, in one form.

It leaves out what says nothing: ids, the order of attributes, blank space, values that are empty.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date

from bs4 import BeautifulSoup
from django.utils.html import strip_tags

LENGTH = 12  # hexadecimal digits: two texts of one piece are told apart
BLOCK_TAG = re.compile(r"\s*(</?(?:p|h[2-6]|ul|ol|li|br|hr)\b[^>]*>)\s*")
MARKUP = re.compile(r"<[a-z]")
EMPTY: tuple[object, ...] = ("", None, False, [], {})

# From the number of a page to its path below the home, in a release; "" for no page of a release.
Addresses = Callable[[int], str]


def digest(value: object, addresses: Addresses | None = None) -> str:
    """Of a field or a block. With `addresses`, a number in it is that of a page."""
    plain = json.dumps(_plain(value, addresses), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:LENGTH]


def _plain(value: object, addresses: Addresses | None) -> object:
    if isinstance(value, dict):
        if value.get("type") == "item" and "value" in value:
            return _plain(value["value"], addresses)
        kept = {name: _plain(part, addresses) for name, part in value.items() if name != "id"}
        return {name: part for name, part in kept.items() if part is not None} or None
    if isinstance(value, list) and value:
        return [_plain(part, addresses) for part in value]
    return None if value in EMPTY else _plain_words(value, addresses)


def _plain_words(value: object, addresses: Addresses | None) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return f"page:{addresses(value)}" if addresses else value
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return _plain_markup(text, addresses) if MARKUP.search(text) else _plain_text(text)


def _plain_text(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _plain_markup(markup: str, addresses: Addresses | None) -> str:
    soup = BeautifulSoup(markup, "html.parser")
    for tag in soup.find_all(True):
        tag.attrs.pop("data-block-key", None)
        number = str(tag.attrs.get("id", ""))
        if tag.attrs.get("linktype") == "page" and addresses and number.isdecimal():
            tag.attrs = {"href": f"page:{addresses(int(number))}"}
        tag.attrs = dict(sorted(tag.attrs.items()))
    return BLOCK_TAG.sub(r"\1", " ".join(str(soup).split()))


def in_words(value: object) -> str:
    """A field or a block for people to read: a line for each of its words."""
    parts: list[object]
    if isinstance(value, dict):
        parts = [part for name, part in value.items() if name not in {"type", "id"}]
    elif isinstance(value, list):
        parts = value
    else:
        lines = strip_tags(BLOCK_TAG.sub(r"\1\n", str(value))) if value not in EMPTY else ""
        return "\n".join(line.strip() for line in lines.splitlines() if line.strip())
    return "\n".join(filter(None, map(in_words, parts)))
