"""The table as it stands in the database: two queries, until something of the site changes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from members.diseases import first_rows
from members.diseases.ranges import RARE, codes_in
from members.diseases.table import Name, Row, Table
from members.models.concepts import Concept
from visitors.cache.generation import kept


class Said(NamedTuple):
    """What a row says, as text."""

    key: str
    kind: str
    codes: str
    orpha: str
    other_words: str
    names: tuple[tuple[str, str, str], ...]  # language, name, others


@kept
def table() -> Table:
    return made_of(
        tuple(
            Said(
                row.key,
                row.kind,
                row.codes,
                row.orpha,
                row.other_words,
                tuple((name.language, name.name, name.others) for name in row.names.all()),
            )
            for row in Concept.objects.with_names()
        )
    )


@lru_cache(maxsize=2)
def made_of(rows: tuple[Said, ...]) -> Table:
    """Most changes of the site change no row of the table: then its indexes stay."""
    return Table(map(_row, rows), first_rows.parts())


def said_by(pieces: Mapping[str, str]) -> tuple[Said, ...]:
    """The rows that such pieces make (`first_rows`), without a database."""

    def said(*place: str) -> str:
        return pieces.get(".".join(place), "")

    return tuple(
        Said(
            key,
            said(key, "kind"),
            said(key, "codes"),
            said(key, "orpha"),
            said(key, "other_words"),
            tuple(
                (language, said(key, language, "name"), said(key, language, "others"))
                for language in first_rows.LANGUAGES
                if said(key, language, "name")
            ),
        )
        for key in dict.fromkeys(piece.partition(".")[0] for piece in pieces)
    )


def _row(said: Said) -> Row:
    """What is no code or number is left out, whoever wrote it: searches go on."""
    numbers = filter(str.isdecimal, _listed(said.orpha))
    return Row(
        key=said.key,
        kind=said.kind,
        ranges=codes_in(said.codes).ranges,
        orpha=frozenset(number.lstrip("0") for number in numbers),
        is_rare=RARE in _listed(said.codes),
        names=tuple(Name(language, name, _listed(others)) for language, name, others in said.names),
        other_words=_listed(said.other_words),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))
