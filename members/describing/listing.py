"""A biobank's collections as its page lists them: some, the rest folded, or those asked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from members.describing.amounts import samples_at_least
from members.describing.diagnoses import known, named
from members.diseases.ranges import Level
from members.diseases.table import Row, covers
from members.diseases.understanding import Understood, understand
from members.diseases.words import LEFT_OUT
from members.models.collections import Collection
from pages.search.words import fold, is_beginning, question, words

LISTED = 12  # before the fold: one more than that is not worth one
PRINTED = 5  # that two sheets of paper have room for


@dataclass(frozen=True)
class Listing:
    """`every`: of the biobank. `found`: those that have what `words` ask for."""

    every: Sequence[Collection]
    found: Sequence[Collection]
    words: str = ""
    chosen: frozenset[str] = frozenset()

    @property
    def is_long(self) -> bool:
        return len(self.every) > LISTED + 1

    @property
    def first(self) -> Sequence[Collection]:
        return self.found[:LISTED] if self.more else self.found

    @property
    def more(self) -> Sequence[Collection]:
        return self.found[LISTED:] if len(self.found) > LISTED + 1 else ()

    @property
    def is_open(self) -> bool:
        """Whether something chosen, or asked for, is below the fold."""
        return bool(self.words) or any(one.key in self.chosen for one in self.more)

    @property
    def unlisted(self) -> list[str]:
        """Chosen ones that are not among those found: they stay chosen."""
        listed = {one.key for one in self.found}
        return [one.key for one in self.every if one.key in self.chosen and one.key not in listed]

    @property
    def is_printed(self) -> bool:
        return len(self.every) <= PRINTED

    @property
    def samples(self) -> int:
        """At least so many."""
        return samples_at_least(self.every)


def listing(collections: Sequence[Collection], query: QueryDict, chosen: Iterable[str]) -> Listing:
    asked = question(query.get("find", ""))
    understood = understand(asked.text)
    every = _with_parts(collections)
    found = [one for one in every if _has(one, asked.words, understood)]
    return Listing(every, found, asked.text, frozenset(chosen))


def _with_parts(collections: Sequence[Collection]) -> list[Collection]:
    """By name, each followed by its parts; those that are parts of each other stay."""
    here = {one.pk for one in collections}
    parts: dict[int | None, list[Collection]] = defaultdict(list)
    for one in collections:
        parts[one.parent_id if one.parent_id in here else None].append(one)
    ordered: dict[int, Collection] = {}
    waiting = [*reversed(collections), *reversed(parts[None])]
    while waiting:
        one = waiting.pop()
        if one.pk not in ordered:
            ordered[one.pk] = one
            waiting += reversed(parts[one.pk])
    return list(ordered.values())


def _has(collection: Collection, asked: Iterable[str], understood: Understood) -> bool:
    """Each word is in what it says, or names a disease that it has, or that its words name."""
    wanted = [word for word in asked if word not in LEFT_OUT]
    if not wanted:
        return True
    diagnoses = known(collection.diagnoses)
    text = _text(collection, diagnoses)
    meant = {
        word
        for match in understood.matches
        if match.level == Level.EXACT and _is_about(match.row, diagnoses, text)
        for said in match.matched
        for word in words(said)
    }
    return all(word in meant or _is_in(text, word) for word in wanted)


def _is_about(row: Row, diagnoses: Iterable[tuple[str, str]], text: str) -> bool:
    has_code = any(covers(row, code) == Level.EXACT for code, _told in diagnoses)
    return has_code or any(_is_in(text, name) for name in map(fold, row.spoken()) if name)


def _text(collection: Collection, diagnoses: Iterable[tuple[str, str]]) -> str:
    held = (held for _kind, labels in collection.holdings for held in labels)
    ills = (f"{told} {named(code, told)}" for code, told in diagnoses)
    said = (collection.label, collection.acronym, collection.description, *held, *ills)
    return f" {fold(' '.join(said))} "


def _is_in(text: str, word: str) -> bool:
    return f" {word}" in text if is_beginning(word) else f" {word} " in text
