"""Reading a list of people who agreed elsewhere: each row is fit to be asked, or says why not."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import UNSEEN, Address, read

IMPORTED_COLUMNS = ("address", "language", "topics", "evidence", "asked_at")
LARGEST = 10 * 1024 * 1024  # bytes
MOST_ROWS = 50_000
LONGEST_EVIDENCE = 500  # characters
DELIMITERS = ";,\t"  # Excel writes semicolons where the comma is in the numbers
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
BETWEEN_TOPICS = re.compile(r"[\s,;|]+")


class UnreadableError(Exception):
    """The file as a whole is of no use. Its argument says what to mend."""


@dataclass(frozen=True)
class Row:
    """Somebody to be asked to confirm. `line`: where the row ends in the file, from 1."""

    line: int
    address: Address
    language: str
    topics: tuple[str, ...]
    how: str
    asked_at: datetime


@dataclass(frozen=True)
class Fault:
    line: int
    reason: str | Promise


class _UnfitError(Exception):
    """The row is of no use. Its argument says why."""


def rows(file: BinaryIO, topics: Sequence[str]) -> Iterator[Row | Fault]:
    """What each row of a CSV file comes to. Raises UnreadableError, at any row."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        yield from _rows(text, topics)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            _("The file is not in UTF-8. In Excel, save it as “CSV UTF-8”.")
        ) from error
    except csv.Error as error:
        raise UnreadableError(
            _("This is not a CSV file, or a quotation mark in it is not closed.")
        ) from error
    finally:
        text.detach()  # else the file would be closed with it


def _rows(text: io.TextIOWrapper, topics: Sequence[str]) -> Iterator[Row | Fault]:
    first = text.readline(2000)
    if "\0" in first:
        raise UnreadableError(_("This is not a text file: save the sheet as CSV."))
    delimiter = max(DELIMITERS, key=first.count)
    names = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    _check_columns(names)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    count = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise UnreadableError(_("The file has more than 50,000 rows: split it."))
        yield _row(reader.line_num + 1, names, cells, topics)


def _check_columns(names: Sequence[str]) -> None:
    missing = [name for name in IMPORTED_COLUMNS if name not in names]
    if missing:
        told = _("The first line must name the columns. These are missing: %s.")
        raise UnreadableError(told % ", ".join(missing))
    if len(set(names)) < len(names):
        raise UnreadableError(_("The first line names a column twice."))


def _row(line: int, names: list[str], cells: list[str], topics: Sequence[str]) -> Row | Fault:
    if len(cells) != len(names):
        return Fault(line, _("has not as many cells as the first line"))
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    try:
        return Row(
            line,
            _address(said["address"]),
            _language(said["language"]),
            _topics(said["topics"], topics),
            _evidence(said["evidence"]),
            _asked_at(said["asked_at"]),
        )
    except _UnfitError as error:
        return Fault(line, error.args[0])


def _address(typed: str) -> Address:
    try:
        return read(typed)
    except ValidationError as error:
        raise _UnfitError(error.messages[0]) from error


def _language(typed: str) -> str:
    code = typed.lower()
    known = dict(settings.LANGUAGES)
    if code not in known:
        raise _UnfitError(_("the language must be one of these: %s") % ", ".join(known))
    return code


def _topics(typed: str, known: Sequence[str]) -> tuple[str, ...]:
    wanted = sorted({slug for slug in BETWEEN_TOPICS.split(typed.lower()) if slug})
    if not wanted:
        raise _UnfitError(_("no topic is named"))
    if set(wanted) - set(known):
        raise _UnfitError(_("the topics must be of these: %s") % ", ".join(known))
    return tuple(wanted)


def _evidence(typed: str) -> str:
    if not typed:
        raise _UnfitError(_("the evidence is missing: say how consent was given"))
    if len(typed) > LONGEST_EVIDENCE:
        raise _UnfitError(_("the evidence is longer than 500 characters"))
    if any(unicodedata.category(sign) in UNSEEN for sign in typed):
        raise _UnfitError(_("the evidence has an invisible character or more than one line"))
    if "@" in typed:  # the ledger keeps it, also after the address is erased
        raise _UnfitError(_("the evidence must not hold an e-mail address"))
    return typed


def _asked_at(typed: str) -> datetime:
    try:
        moment = parse_datetime(typed)  # of a date alone: its first moment
    except ValueError:  # it looks like a date that no calendar has
        moment = None
    if moment is None:
        raise _UnfitError(_("asked_at must be a date such as 2026-05-31"))
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    if not EARLIEST < moment <= timezone.now():
        raise _UnfitError(_("asked_at is in the future, or too long ago"))
    return moment
