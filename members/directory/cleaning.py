"""Values as the Directory may send them, made into what a field takes; what was amiss is noted.

What can't be read is not what was left blank: the column is remembered, and what we knew stays.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from members.directory.plain_text import ELSEWHERE, plain
from pages.printable import printable

LONGEST_TEXT = 20_000  # characters
LONGEST_LIST = 20_000  # rows below one row; all of ICD-10 would fit
LONGEST_LABEL = 250  # characters, of a code
MOST_NOTES = 10_000  # of an answer; the log of a run shows fewer
LARGEST = 1e300  # beyond it, and for what is no number at all, nothing can be counted
CODE = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9_.:+-]{0,59}")  # a star is any of the list
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# "10,000" and "1.000" are ten, one or thousands: nobody can say. Blanks part thousands only.
WHOLE = re.compile(r"\d{1,20}(?:\.0)?|\d{1,3}(?:[ \xa0\u202f]\d{3}){1,5}", re.ASCII)
DECIMAL = re.compile(r"-?\d{1,9}(?:[.,]\d{1,20})?", re.ASCII)
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)

is_web_address = URLValidator(schemes=["http", "https"])


@dataclass
class Row:
    """One row of an answer. Each reader returns a clean value, and notes what it could not use."""

    about: str  # its id, as the notes name it
    columns: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)  # columns whose value can't be read, or not all
    within: str = ""  # the column of the row above that has this one
    labels: dict[tuple[str, str], str] = field(default_factory=dict)  # by kind and code

    def note(self, what: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(f"{self.about}: {what}")

    def refuse(self, column: str, what: str) -> None:
        """What the column says can't be used."""
        self.unread.add(self.within or column)
        self.note(f"{self.within}.{column} {what}" if self.within else f"{column} {what}")

    def text(self, column: str, longest: int = LONGEST_TEXT, *, lines: bool = False) -> str:
        """Plain text: no markup, no person's mail address, no endless length. `lines`: may have
        several.
        """
        value = self.columns.get(column)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(column, "is no text")
            return ""
        words, done = plain(value[: 2 * LONGEST_TEXT], instead=ELSEWHERE if lines else "")
        for what in done:
            self.note(f"{what} from {column}")
        words = _spaced(words) if lines else " ".join(words.split())
        if len(words) > longest or len(value) > 2 * LONGEST_TEXT:
            self.note(f"{column} was cut after {longest} characters")
        return words[:longest].rstrip()

    def url(self, column: str, longest: int = 500) -> str:
        value = self.columns.get(column)
        said = _trimmed(value)
        if said == "":
            return ""
        address = _web_address(said) if isinstance(said, str) and len(said) <= longest else None
        if address is None:
            self.refuse(column, "is no web address")
            return ""
        if address != value:
            self.note(f"{column} was read as {address}")
        return address

    def pattern(self, column: str, pattern: str) -> str:
        said = _trimmed(self.columns.get(column))
        if said == "":
            return ""
        if isinstance(said, str) and re.fullmatch(pattern, said, re.ASCII):
            return said
        self.refuse(column, "is not of the form it should have")
        return ""

    def identifier(self, pattern: str) -> str:
        """Its id, without what crept in, in whatever letters; empty where there is none of the form
        it should have.
        """
        value = self.columns.get("id")
        said = "".join(printable(value).split()) if isinstance(value, str) else ""
        return said if re.fullmatch(pattern, said, re.ASCII | re.IGNORECASE) else ""

    def whole(self, column: str, highest: int) -> int | None:
        """A number from 0; also one written as text, where it can be read in one way only."""
        said = _trimmed(self.columns.get(column))
        if said == "":
            return None
        number = _whole(said)
        if number is None or not 0 <= number <= highest:
            self.refuse(column, f"is no number from 0 to {highest}")
            return None
        return number

    def decimal(self, column: str) -> float | None:
        """Also of text, with a point or a comma."""
        said = _trimmed(self.columns.get(column))
        if said == "":
            return None
        if isinstance(said, str) and DECIMAL.fullmatch(said):
            return float(said.replace(",", "."))
        number = _number(said)
        if number is None:
            self.refuse(column, "is no number")
        return number

    def truth(self, column: str) -> bool | None:
        value = self.columns.get(column)
        if value is None or isinstance(value, bool):
            return value
        said = str(_trimmed(value)).lower() if isinstance(value, str | int) else ""
        if said not in TRUTHS:
            self.refuse(column, "is neither yes nor no")
        return TRUTHS.get(said)

    def rows(self, column: str, longest: int = LONGEST_LIST) -> Iterator["Row"]:
        """The rows below this one; a single one counts as a list of one."""
        value = self.columns.get(column)
        found = value if isinstance(value, list) else [value] if value else []
        if len(found) > longest:
            self.refuse(column, f"was cut after {longest} rows")
        for one in found[:longest]:
            if isinstance(one, Mapping):
                within = self.within or column
                yield Row(self.about, one, self.notes, self.unread, within, self.labels)
            elif one is not None:
                self.refuse(column, "holds something that is no row")

    def codes(self, column: str, kind: str = "") -> frozenset[str]:
        """The codes of a list, each the name of a row. `kind`: keep their labels under it."""
        found = set()
        for row in self.rows(column):
            code = _trimmed(row.columns.get("name"))
            if isinstance(code, str) and CODE.fullmatch(code):
                found.add(code)
                if kind:
                    row.label_of(kind, code)
            else:
                self.refuse(column, "holds something that is no code")
        return frozenset(found)

    def label_of(self, kind: str, code: str) -> str:
        """What this row, which is a code, is called. Read once an answer: they are repeated."""
        if not self.labels.get((kind, code)):
            self.labels[kind, code] = self.text("label", LONGEST_LABEL)
        return self.labels[kind, code]


def _trimmed(value: object) -> object:
    """Without what nobody sees, where it is a text; nothing at all counts as an empty one."""
    if value is None:
        return ""
    return printable(value).strip() if isinstance(value, str) else value


def _web_address(said: str) -> str | None:
    """With the scheme that people leave out; None where it is no address, or names a user."""
    address = f"https:{said}" if said.startswith("//") else said
    address = f"https://{said}" if HOST.match(said) else address
    try:
        is_web_address(address)
        return None if urlsplit(address).username else address
    except (ValidationError, ValueError):
        return None


def _whole(said: object) -> int | None:
    if isinstance(said, str) and WHOLE.fullmatch(said):
        return int(re.sub(r"\.0$|\s", "", said))
    number = _number(said)
    return int(number) if number is not None and number == int(number) else None


def _number(value: object) -> float | None:
    """Python counts True as one; we don't."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < LARGEST else None


def _spaced(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
