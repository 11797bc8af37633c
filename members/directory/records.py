"""What the Directory says, once it is clean: no database, no text of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

Facts: TypeAlias = Mapping[str, Any]  # our field: its value


class Mark(NamedTuple):
    standard: str
    level: str = ""
    certificate_number: str = ""


class Code(NamedTuple):
    """A code of one of the Directory's lists. `kind`: as `members.codes` calls the list."""

    kind: str
    code: str


@dataclass(frozen=True)
class FetchedBiobank:
    """`facts` has only the fields that were asked for; `quality` is None where it was not.

    `unread`: those that could not be read, or not all of it. What was known of them stays.
    """

    directory_id: str
    is_withdrawn: bool
    facts: Facts
    quality: frozenset[Mark] | None = None
    place: str = ""  # as the Directory writes it: a hint for a biobank that is new to us
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FetchedCollection:
    """`kinds`: those of the codes that were asked for, and could be read. `parent_id`: None where
    it was not asked. `unread`: as of a biobank.
    """

    directory_id: str
    biobank_id: str
    is_withdrawn: bool
    facts: Facts
    parent_id: str | None = None
    codes: frozenset[Code] = frozenset()
    kinds: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Directory:
    """A whole answer.

    `unread`: ids of rows that were skipped. They are there, so nothing is withdrawn for them.
    `unnamed`: tables with a row that has no id: it may be any row, so nothing of them is missing.
    `left_out`: columns that were refused, as "Table.column".
    `labels`: what it calls its codes, those of lists beside `TraitKind` too.
    """

    biobanks: tuple[FetchedBiobank, ...] = ()
    collections: tuple[FetchedCollection, ...] = ()
    unread: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), repr=False)
    labels: Mapping[Code, str] = field(default_factory=dict, repr=False)
