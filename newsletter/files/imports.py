"""Reading a list of people who agreed elsewhere: each row is fit to be asked, or says why not."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import UNSEEN, Address, read
from newsletter.files import dates
from newsletter.files.columns import LEFT, Reading
from newsletter.files.tables import Table
from pages.formats.spreadsheets import without_formula

LONGEST_EVIDENCE = 500  # characters
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
BETWEEN_TOPICS = re.compile(r"[\s,;|]+")
STILL_IN = {"", "0", "false", "no", "nee", "non", "nein", "confirmed", "subscribed"}  # of who left


@dataclass(frozen=True)
class Row:
    """Somebody to be asked to confirm. `line`: where the row ends in the file, from 1."""

    line: int
    address: Address
    language: str
    topics: tuple[str, ...]
    how: str
    asked_at: datetime
    has_left: bool  # by what the file says: not to be asked


@dataclass(frozen=True)
class Fault:
    line: int
    reason: str | Promise


def rows(table: Table, reading: Reading, topics: Sequence[str]) -> Iterator[Row | Fault]:
    """What each row of a file comes to. Raises UnreadableError, at any row."""
    for line, cells in table.rows():
        if any(cells[len(table.names) :]):
            yield Fault(line, _("has more cells than the first line"))
        else:
            yield _row(line, reading.of(cells), reading.order, topics)


def _row(line: int, said: Mapping[str, str], order: str, topics: Sequence[str]) -> Row | Fault:
    try:
        return Row(
            line,
            _address(said["address"]),
            _language(said["language"]),
            _topics(said["topics"], topics),
            evidence(said["evidence"]),
            asked_at(said["asked_at"], order),
            said.get(LEFT, "").lower() not in STILL_IN,
        )
    except ValidationError as error:
        return Fault(line, error.messages[0])


def _address(typed: str) -> Address:
    if typed == without_formula(typed[1:]):  # as our own export writes it
        typed = typed[1:]
    return read(typed)


def _language(typed: str) -> str:
    code = re.split("[-_]", typed.lower())[0]  # nl-BE, fr_BE
    named = _languages_by_name().get(typed.lower(), code)
    if named not in dict(settings.LANGUAGES):
        told = _("the language must be one of these: %s")
        raise ValidationError(told % ", ".join(code for code, _name in settings.LANGUAGES))
    return named


@cache
def _languages_by_name() -> dict[str, str]:
    """The code of each language, by its name in each."""
    names = {}
    for spoken, _name in settings.LANGUAGES:
        with translation.override(spoken):
            for code, _name in settings.LANGUAGES:
                names[str(get_language_info(code)["name_translated"]).lower()] = code
    return names


def _topics(typed: str, known: Sequence[str]) -> tuple[str, ...]:
    wanted = sorted({slug for slug in BETWEEN_TOPICS.split(typed.lower()) if slug})
    if not wanted:
        raise ValidationError(_("no topic is named"))
    if set(wanted) - set(known):
        raise ValidationError(_("the topics must be of these: %s") % ", ".join(known))
    return tuple(wanted)


def evidence(typed: str) -> str:
    if not typed:
        raise ValidationError(_("the evidence is missing: say how consent was given"))
    if len(typed) > LONGEST_EVIDENCE:
        raise ValidationError(_("the evidence is longer than 500 characters"))
    if any(unicodedata.category(sign) in UNSEEN for sign in typed):
        raise ValidationError(_("the evidence has an invisible character or more than one line"))
    if "@" in typed:  # the ledger keeps it, also after the address is erased
        raise ValidationError(_("the evidence must not hold an e-mail address"))
    return typed


def asked_at(typed: str, order: str) -> datetime:
    moment = dates.moment(typed, order)
    if moment is None:
        raise ValidationError(_("the date must be one such as 2026-05-31 or 31/05/2026"))
    if not EARLIEST < moment <= timezone.now():
        raise ValidationError(_("the date is in the future, or too long ago"))
    return moment
