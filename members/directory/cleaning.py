"""Values as the Directory may send them, made into what a field takes; what was amiss is noted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.validators import URLValidator
from django.utils.html import strip_tags

from pages.printable import printable

LONGEST_TEXT = 20_000  # characters
LONGEST_LIST = 500  # rows below one row
LONGEST_LABEL = 250  # characters, of a code
BREAKS = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^<>]*>", re.IGNORECASE)
MAIL_ADDRESS = re.compile(r"(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
CODE = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9_.:+-]{0,59}")  # a star is any of the list
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

is_web_address = URLValidator(schemes=["http", "https"])


@dataclass
class Row:
    """One row of an answer. Each reader returns a clean value, and notes what it could not use."""

    about: str  # its id, as the notes name it
    columns: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)  # by kind and code

    def note(self, what: str) -> None:
        self.notes.append(f"{self.about}: {what}")

    def text(self, column: str, longest: int = LONGEST_TEXT, *, lines: bool = False) -> str:
        """Plain text: no markup, no mail address, no endless length. `lines`: may have several."""
        value = self.columns.get(column)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.note(f"{column} is no text")
            return ""
        plain = self._plain(column, value[: 2 * LONGEST_TEXT])
        plain = _spaced(plain) if lines else " ".join(plain.split())
        if len(plain) > longest:
            self.note(f"{column} was cut after {longest} characters")
        return plain[:longest].rstrip()

    def _plain(self, column: str, value: str) -> str:
        try:
            plain = unescape(strip_tags(BREAKS.sub("\n", value)))
        except SuspiciousOperation:
            self.note(f"{column} was not used: its markup has no end")
            return ""
        if plain != unescape(value):
            self.note(f"markup was removed from {column}")
        nameless = MAIL_ADDRESS.sub("", plain)
        if nameless != plain:
            self.note(f"a mail address was removed from {column}")
        shown = printable(nameless)
        if shown != nameless:
            self.note(f"characters that can't be shown were removed from {column}")
        return shown

    def url(self, column: str, longest: int = 500) -> str:
        value = self.columns.get(column)
        if value in (None, ""):
            return ""
        try:
            is_web_address(value)
            sound = not (urlsplit(value).username or printable(value) != value)
        except (ValidationError, ValueError):
            sound = False
        if not sound or len(value) > longest:
            self.note(f"{column} is no web address")
            return ""
        return value

    def pattern(self, column: str, pattern: str) -> str:
        value = self.columns.get(column)
        if value in (None, ""):
            return ""
        if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII):
            return value
        self.note(f"{column} is not of the form it should have")
        return ""

    def whole(self, column: str, highest: int) -> int | None:
        """A number from 0; also one written as text."""
        number = self.decimal(column)
        if number is None:
            return None
        if number != int(number) or not 0 <= number <= highest:
            self.note(f"{column} is no number from 0 to {highest}")
            return None
        return int(number)

    def decimal(self, column: str) -> float | None:
        value = self.columns.get(column)
        if value in (None, ""):
            return None
        number = _read_number(value)
        if number is None:
            self.note(f"{column} is no number")
        return number

    def truth(self, column: str) -> bool | None:
        value = self.columns.get(column)
        if value is None or isinstance(value, bool):
            return value
        found = TRUTHS.get(str(value).lower())
        if found is None:
            self.note(f"{column} is neither yes nor no")
        return found

    def rows(self, column: str, longest: int = LONGEST_LIST) -> Iterator["Row"]:
        """The rows below this one; a single one counts as a list of one."""
        value = self.columns.get(column)
        found = value if isinstance(value, list) else [value] if value else []
        if len(found) > longest:
            self.note(f"{column} was cut after {longest} rows")
        for one in found[:longest]:
            if isinstance(one, Mapping):
                yield Row(self.about, one, self.notes, labels=self.labels)
            elif one is not None:
                self.note(f"{column} holds something that is no row")

    def codes(self, column: str, kind: str = "") -> frozenset[str]:
        """The codes of a list, each the name of a row. `kind`: keep their labels under it."""
        found = set()
        for row in self.rows(column):
            code = row.columns.get("name")
            if isinstance(code, str) and CODE.fullmatch(code):
                found.add(code)
                if kind:
                    row.label_of(kind, code)
            else:
                self.note(f"{column} holds something that is no code")
        return frozenset(found)

    def label_of(self, kind: str, code: str) -> str:
        """What this row, which is a code, is called. Read once an answer: they are repeated."""
        if not self.labels.get((kind, code)):
            self.labels[kind, code] = self.text("label", LONGEST_LABEL)
        return self.labels[kind, code]


def _read_number(value: object) -> float | None:
    """Also of text, with a point or a comma. Python counts True as 1; we don't."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _spaced(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
