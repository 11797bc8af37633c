"""A CSV file as people have it: what Excel, Google, Mailchimp, Brevo and this site write."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

LARGEST = 10 * 1024 * 1024  # bytes
MOST_ROWS = 50_000
MOST_COLUMNS = 200
DELIMITERS = ";,\t"  # Excel writes semicolons where the comma is in the numbers
TOLD = re.compile(r'"?sep=([;,\t|])"?[;,\t|]*(?:\r\n?|\n)', re.IGNORECASE)  # Excel's own line
MARKS = (  # by which a text says how it is coded
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and .zip begin, and .xls
# What our languages write. Where a file that is not UTF-8 has no other sign, it is Windows-1252, as
# Excel writes it: read so, what a Mac or DOS wrote is full of others.
WESTERN = frozenset("àâäáçéèêëíîïñóôöúùûüÿßÀÂÄÇÉÈÊËÎÏÔÖÙÛÜœŒ€’‘“”«»–—…°\xa0")  # noqa: RUF001  as typed


class UnreadableError(Exception):
    """The file as a whole is of no use. Its argument says what to mend."""


@dataclass(frozen=True)
class Table:
    """`names`: of the columns, by the first line. Empty ones behind the last are left out."""

    text: str
    delimiter: str
    names: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that says something, and the line of the file, from 1, in which it ends.

        A row has as many cells as there are columns, or more. Raises UnreadableError at any row.
        """
        read = _records(self.text, self.delimiter)
        try:
            next(read)  # the names
            for count, (line, cells) in enumerate(read, start=1):
                if count > MOST_ROWS:
                    raise UnreadableError(_("The file has more than 50,000 rows: split it."))
                yield line, cells + [""] * (len(self.names) - len(cells))
        except csv.Error as error:
            raise _not_csv() from error

    def first_rows(self, count: int) -> list[list[str]]:
        return [cells[: len(self.names)] for _line, cells in islice(self.rows(), count)]


def table(text: str) -> Table:
    """Raises UnreadableError."""
    told = TOLD.match(text)
    delimiters: Iterable[str] = told[1] if told else DELIMITERS
    heads = {delimiter: _head(text, delimiter) for delimiter in delimiters}
    delimiter = max(heads, key=lambda name: len(heads[name]))
    names = heads[delimiter]
    while names and not names[-1]:
        names.pop()
    _check(names)
    found = Table(text, delimiter, tuple(names))
    if not found.first_rows(1):
        raise UnreadableError(_("The file has no rows below its first line."))
    return found


def _head(text: str, delimiter: str) -> list[str]:
    """The names of the columns, each on one line; none where that is not what separates them."""
    try:
        first = next(_records(text, delimiter), (0, []))[1]
    except csv.Error:
        return []
    return [" ".join(name.split()) for name in first]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    if TOLD.match(text):
        next(reader)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _check(names: list[str]) -> None:
    if not names:
        raise _not_csv()
    if any("@" in name for name in names):
        raise UnreadableError(
            _("The first line has an address: write the names of the columns above it.")
        )
    if len(names) == 1 and any(sign in names[0] for sign in DELIMITERS):
        raise UnreadableError(
            _("All stands in one column: save the sheet as CSV, with one column for each fact.")
        )
    if len(names) > MOST_COLUMNS:
        raise UnreadableError(_("The file has more than 200 columns: keep those that are needed."))
    twice = next((name for name in names if name and names.count(name) > 1), "")
    if twice:
        told = _("The first line names two columns “%s”: give each a name of its own.")
        raise UnreadableError(told % twice[:100])


def _not_csv() -> UnreadableError:
    return UnreadableError(_("This is not a CSV file, or a quotation mark in it is not closed."))


def text_of(content: bytes) -> str:
    """What the file says. Raises UnreadableError."""
    if content.startswith(PACKED):
        raise UnreadableError(
            _(
                "This is a workbook or an archive, not a CSV file: open it and save the sheet that"
                " has the addresses as “CSV UTF-8”."
            )
        )
    coding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        text = _western(content)
        if not text:
            raise UnreadableError(
                _("The file is not in UTF-8. In Excel, save it as “CSV UTF-8”.")
            ) from error
    if "\0" in text:
        raise UnreadableError(_("This is not a text file: save the sheet as CSV."))
    return text


def _western(content: bytes) -> str:
    """What Windows-1252 makes of it, where that is certain."""
    text = content.decode("cp1252", errors="replace")
    signs = {sign for sign in text if not sign.isascii()}
    return text if signs <= WESTERN and any(sign.isalpha() for sign in signs) else ""
