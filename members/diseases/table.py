"""The table in memory: its rows, and by which words each is found."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.conf import settings

from members.diseases.compounds import Part, Parts
from members.diseases.ranges import RARE, Level, Range, diagnosis, level_of
from members.diseases.words import spellings, stem, stems, whole_words
from pages.search.words import words

DISEASE, CHAPTER, WORD = "disease", "chapter", "word"
LONGEST_JOINED = 3  # words that somebody might write as one
# A chapter's label names several things: "brain, nerves and muscles".
AMONG_OTHERS = re.compile(r"[,()]| (?:and|en|et|und) ")


class Name(NamedTuple):
    """What a row is called in a language: the name that is shown, and others."""

    language: str
    name: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)  # each is itself: found by identity, quickly
class Row:
    """A disease, a chapter of ICD-10, or another word (`kind`); or a code that no row is about."""

    key: str
    kind: str = DISEASE
    ranges: tuple[Range, ...] = ()
    orpha: frozenset[str] = frozenset()
    is_rare: bool = False  # any number of Orphanet
    names: tuple[Name, ...] = ()
    other_words: tuple[str, ...] = ()

    @property
    def codes(self) -> str:
        """As people write them."""
        numbers = sorted(self.orpha, key=int)
        return ", ".join([*map(str, self.ranges), *(f"{RARE}:{number}" for number in numbers)])

    @cached_property
    def width(self) -> int:
        return sum(own.width for own in self.ranges)

    def spoken(self) -> Iterator[str]:
        """Everything that it is called, in any language."""
        for name in self.names:
            yield from (name.name, *name.others)
        yield from self.other_words

    def is_within(self, others: Iterable[Range]) -> bool:
        others = tuple(others)
        held = (any(other.holds(own) for other in others) for own in self.ranges)
        return bool(self.ranges) and all(held)

    def touches(self, others: Iterable[Range]) -> bool:
        return any(own.overlaps(other) for other in others for own in self.ranges)


def label(row: Row, language: str) -> tuple[str, str]:
    """What to call the row, and in which language that is: another than asked where it must be.

    A code that no row is about is its own label, in no language.
    """
    names = {name.language: name.name for name in row.names}
    for known in (language, settings.LANGUAGE_CODE, *names):
        if known in names:
            return names[known], known
    return row.key, ""


def covers(row: Row, code: str) -> Level | None:
    """How closely a diagnosis, as the Directory writes it, is about the row; None: not at all."""
    level = level_of(row.ranges, code)
    if (
        level is None
        and (numbers := diagnosis(code).orpha)
        and (row.is_rare or numbers & row.orpha)
    ):
        return Level.EXACT
    return level


class Table:
    """All rows, and what they are found by."""

    def __init__(self, rows: Iterable[Row], parts: Parts) -> None:
        self.rows = tuple(rows)
        self.order = {row: place for place, row in enumerate(self.rows)}
        self.parts = parts
        self._known_above: dict[Row, list[Row]] = {}
        self.phrases: dict[Row, set[frozenset[str]]] = {}  # each name as its stems
        self.rows_by_stem: dict[str, set[Row]] = defaultdict(set)
        self.rows_by_parts: dict[frozenset[Part], set[Row]] = defaultdict(set)
        self.no_disease: set[frozenset[str]] = set()  # the stems of names of other things
        for row in self.rows:
            if row.kind == WORD:
                self.no_disease.update(self._phrases(row))
            else:
                self._add(row)

    def _add(self, row: Row) -> None:
        self.phrases[row] = set(self._phrases(row))
        for known in frozenset().union(*self.phrases[row]):
            self.rows_by_stem[known].add(row)
        if row.kind == DISEASE:
            named = (self.parts.of_name(words(said)) for said in row.spoken())
            for found in filter(None, named):
                self.rows_by_parts[found].add(row)

    def _phrases(self, row: Row) -> Iterator[frozenset[str]]:
        """The stems of each name, in each way it may be spelt or joined."""
        for said in row.spoken():
            meant = [said, said.partition("(")[0], *whole_words(said, self.parts.ends)]
            meant += AMONG_OTHERS.split(said) if row.kind == CHAPTER else []
            for spelt in {spelling for one in meant for spelling in spellings(one)}:
                yield from filter(None, _ways(spelt))

    def said_otherwise(self, asked: Iterable[str]) -> frozenset[str]:
        """Of these stems, those that say another thing: "blood" alone, "cell" in "cell lines"."""
        asked = frozenset(asked)
        return frozenset().union(*(phrase for phrase in self.no_disease if phrase <= asked))

    def above(self, row: Row) -> list[Row]:
        """The rows that hold it or share codes with it, narrow ones first."""
        if row not in self.order:  # a code that no row is about
            return self._above(row)
        if row not in self._known_above:
            self._known_above[row] = self._above(row)
        return self._known_above[row]

    def _above(self, row: Row) -> list[Row]:
        others = (other for other in self._narrow_first if other.touches(row.ranges))
        return [other for other in others if not other.is_within(row.ranges)]

    @cached_property
    def _narrow_first(self) -> list[Row]:
        return sorted(self.phrases, key=lambda row: row.width)

    @cached_property
    def names(self) -> set[str]:
        """The stems of those that are one word."""
        phrases = (one for row in self.diseases for one in self.phrases[row])
        return {word for phrase in phrases if len(phrase) == 1 for word in phrase}

    @cached_property
    def diseases(self) -> list[Row]:
        return [row for row in self.rows if row.kind == DISEASE]

    def starting(self, beginning: str) -> frozenset[str]:
        """The words of the table that begin so."""
        return frozenset(word for word in self.rows_by_stem if word.startswith(beginning))

    @cached_property
    def trigrams(self) -> dict[str, set[str]]:
        """The words that have three letters in a row, by these."""
        found: dict[str, set[str]] = defaultdict(set)
        for word in filter(str.isalpha, self.rows_by_stem):
            for three in trigrams_of(word):
                found[three].add(word)
        return found


def _ways(said: str) -> Iterator[frozenset[str]]:
    """Its stems one by one, and as one word."""
    yield frozenset(stems(said))
    parts = words(said)
    if 1 < len(parts) <= LONGEST_JOINED:
        yield frozenset({stem("".join(parts))})


def trigrams_of(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
