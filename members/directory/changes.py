"""What is stored, what changes, and the plan of all changes: data, to be printed or applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from members.directory.records import Code, Facts, Mark
from pages.search.words import fold

UNTOLD = {"withdrawn", "as_of", "told_by_directory"}  # by the line's first word, or by nothing
SHOWN = 60  # characters of a value in a line of the plan


@dataclass(frozen=True)
class StoredBiobank:
    """A row as the plan needs it; `told`: the fields that the Directory filled last time;
    `former_id`: the id that is stored, where its record has another.
    """

    pk: int
    directory_id: str
    candidate_id: str
    is_of_directory: bool
    withdrawn: date | None
    facts: Facts
    told: frozenset[str] = frozenset()
    quality: frozenset[Mark] = frozenset()
    former_id: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """By our fields."""
        return {
            **self.facts,
            "directory_id": self.directory_id if self.former_id is None else self.former_id,
            "candidate_id": self.candidate_id,
            "source": "directory" if self.is_of_directory else "site",
            "told_by_directory": sorted(self.told),
        }


@dataclass(frozen=True)
class StoredCollection:
    pk: int
    directory_id: str
    biobank_id: str  # the Directory's
    parent_id: str  # likewise; empty for none
    is_of_directory: bool
    withdrawn: date | None
    facts: Facts
    codes: frozenset[Code] = frozenset()
    former_id: str | None = None  # as of a biobank

    @property
    def values(self) -> dict[str, Any]:
        """By our fields."""
        return {
            **self.facts,
            "directory_id": self.directory_id if self.former_id is None else self.former_id,
            "biobank": self.biobank_id,
            "parent": self.parent_id,
            "source": "directory" if self.is_of_directory else "site",
        }


@dataclass(frozen=True)
class Stored:
    biobanks: tuple[StoredBiobank, ...] = ()
    collections: tuple[StoredCollection, ...] = ()
    labels: Mapping[Code, str] = field(default_factory=dict)
    networks: Mapping[str, UUID] = field(default_factory=dict)  # as `NetworkPage.keys()`


class Action(Enum):
    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RETURNED = "back again"


@dataclass(frozen=True)
class Change:
    """Of one row. `values`: what to write; `old`: what is there now, of a row that is."""

    action: Action
    directory_id: str
    name: str
    pk: int | None = None
    values: Facts = field(default_factory=dict)
    old: Facts = field(default_factory=dict)
    place: str = ""
    quality: frozenset[Mark] | None = None  # the new set; None where it stays
    new_codes: frozenset[Code] = frozenset()
    lost_codes: frozenset[Code] = frozenset()

    def line(self) -> str:
        details = [
            f"{name}: {_short(self.old.get(name))} -> {_short(value)}"
            for name, value in self.values.items()
            if self.action is not Action.ADDED and name not in UNTOLD
        ]
        if self.pk is not None:
            if self.quality is not None:
                standards = ", ".join(sorted(mark.standard for mark in self.quality))
                details.append(f"quality: {standards or 'none'}")
            details += [f"+{kind} {code}" for kind, code in sorted(self.new_codes)]
            details += [f"-{kind} {code}" for kind, code in sorted(self.lost_codes)]
        what = f"{self.action.value}: {self.directory_id} {self.name}".rstrip()
        return f"{what}: {'; '.join(details)}" if details else what


@dataclass(frozen=True)
class Plan:
    biobanks: tuple[Change, ...] = ()
    collections: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    listed_biobanks: int = 0  # as the site lists them now
    listed_collections: int = 0
    left_out: tuple[str, ...] = ()  # the columns that were refused
    labels: Mapping[Code, str] = field(default_factory=dict)  # new, or changed

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.biobanks + self.collections

    def count(self, action: Action) -> int:
        return sum(change.action is action for change in self.changes)

    @property
    def withdraws_too_much(self) -> bool:
        """More than half: likelier a broken answer than a country without biobanks."""
        tables = (
            (self.biobanks, self.listed_biobanks),
            (self.collections, self.listed_collections),
        )
        return any(
            2 * sum(change.action is Action.WITHDRAWN for change in changes) > listed
            for changes, listed in tables
        )

    def lines(self) -> list[str]:
        told = [f"labels of codes, new or changed: {len(self.labels)}"] if self.labels else []
        return [change.line() for change in self.changes] + told

    def summary(self) -> str:
        return ", ".join(f"{self.count(action)} {action.value}" for action in Action)


def network_of(told: Mapping[str, str], keys: Mapping[str, UUID]) -> UUID | None:
    """Our network that the Directory means: by its id there, else by its name."""
    return keys.get(told["id"]) or keys.get(fold(told["name"]))


def _short(value: object) -> str:
    words = str(value)
    return repr(words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…")
