"""Which column of a file holds what, by the names that people and programs give to columns."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

from newsletter.files.dates import Order, order_of
from newsletter.files.tables import Table

NEEDED = ("address", "language", "topics", "evidence", "asked_at")  # our own names, of the template
LEFT = "left"  # who has something there left elsewhere, and is not asked
# Best first. Of Mailchimp: Email Address, CONFIRM_TIME, OPTIN_TIME, UNSUB_TIME, CLEAN_TIME; of
# Brevo: EMAIL, ADDED_TIME; of Google: Timestamp (Forms), E-mail 1 - Value (Contacts).
KNOWN_NAMES = {
    "address": (
        *("address", "email", "emailaddress", "mail", "mailaddress", "email1value"),
        *("emailadres", "mailadres", "adres"),
        *("courriel", "adressemail", "adresseemail", "adressecourriel", "adresseelectronique"),
        *("emailadresse", "mailadresse", "adresse"),
    ),
    "language": ("language", "lang", "locale", "taal", "langue", "sprache"),
    "topics": ("topics", "topic", "onderwerpen", "themes", "sujets", "themen"),
    "evidence": ("evidence", "proof", "bewijs", "preuve", "nachweis"),
    "asked_at": (
        *("askedat", "confirmtime", "optintime", "confirmed", "addedtime", "timestamp", "date"),
        *("tijdstempel", "datum", "horodateur", "zeitstempel"),
    ),
    LEFT: ("left", "unsubtime", "cleantime", "unsubscribed", "blocklisted", "blacklisted"),
}


@dataclass(frozen=True)
class Reading:
    """`columns`: the number of the column of each fact; `same`: what holds for every row."""

    columns: Mapping[str, int] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    order: str = Order.DAY

    def of(self, cells: Sequence[str]) -> dict[str, str]:
        """What a row says of each fact."""
        return {**self.same, **{fact: cells[number] for fact, number in self.columns.items()}}


def guess(names: Iterable[str]) -> dict[str, int]:
    """The column that each fact seems to stand in."""
    plain = [re.sub(r"[-_]", "", slugify(name)) for name in names]
    found = {
        fact: next((plain.index(name) for name in known if name in plain), None)
        for fact, known in KNOWN_NAMES.items()
    }
    return {fact: number for fact, number in found.items() if number is not None}


def obvious(table: Table) -> Reading | None:
    """How to read a file that has the template's columns, and dates that leave nothing to ask."""
    if not {*NEEDED} <= {name.lower() for name in table.names}:
        return None
    columns = guess(table.names)
    order = order_of(cells_of(table, columns["asked_at"]))
    return Reading(columns, order=order) if order else None


def cells_of(table: Table, number: int) -> Iterator[str]:
    """What a column has, row by row. Raises UnreadableError, at any row."""
    return (cells[number] for _line, cells in table.rows())
