"""The diseases of a collection by chapter: in our words where we have some for just that code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members import codes
from members.diseases.ranges import CHAPTERS, Codes, Level, Range, diagnosis
from members.diseases.reading import table as table_in_force
from members.diseases.table import Row, Table, covers, label
from members.models.code_labels import as_told

NOT_TOLD = {"NI", "NAV", "NAV_DISEASE_TYPE"}  # the Directory's ways to say that nothing is known
CHAPTER_RANGES = tuple(Range.of(*ends.split("-")) for ends in CHAPTERS.values())
RARE_ONES, OTHERS = len(CHAPTER_RANGES), len(CHAPTER_RANGES) + 1  # after the chapters
FIRST = 3  # diseases that a list names


@dataclass(frozen=True)
class Diagnosis:
    """`words` may be marked as another language's. `is_ours`: they are our own."""

    words: str
    code: str = ""
    is_ours: bool = False

    @property
    def whole(self) -> str:
        """With its code, for templates."""
        return format_html("{} ({})", self.words, self.code) if self.code else self.words


@dataclass(frozen=True)
class Group:
    """A chapter, or what is in none. `is_whole`: the chapter itself is named, too."""

    title: Diagnosis
    diagnoses: Sequence[Diagnosis] = ()
    is_whole: bool = False


def grouped(entries: Iterable[object]) -> list[Group]:
    """The chapters in their order, then rare diseases, then the rest. What says nothing is out."""
    table = table_in_force()
    held: dict[int, list[Diagnosis]] = defaultdict(list)
    whole: set[int] = set()
    for code, told in known(entries):
        meant = diagnosis(code).ranges
        place = _place(code)
        if place < len(CHAPTER_RANGES) and meant == (CHAPTER_RANGES[place],):
            whole.add(place)
        else:
            held[place].append(named(code, told, table))
    return [
        Group(_title(place, table), held[place], is_whole=place in whole)
        for place in sorted({*held, *whole})
    ]


def known(entries: Iterable[object]) -> list[tuple[str, str]]:
    """Code and label of each, whatever the Directory gave, but for those that say nothing."""
    pairs = (_pair(entry) for entry in entries)
    return [(code, told) for code, told in pairs if code not in NOT_TOLD and (code or told)]


def first_of(entries: Iterable[object]) -> tuple[list[Diagnosis], int]:
    """Some to name in a list, our own words before others, and how many more there are."""
    table = table_in_force()
    found = [named(code, told, table) for code, told in known(entries)]
    found.sort(key=lambda one: not one.is_ours)
    return found[:FIRST], len(found[FIRST:])


def named(code: str, told: str, table: Table | None = None) -> Diagnosis:
    """One in words: ours for just that code, else the Directory's, else of what it is a part."""
    if code == codes.ANY:
        return Diagnosis(_("Any disease"))
    table = table or table_in_force()
    written = codes.disease(code)
    if row := _row_of(diagnosis(code), table):
        return _in_our_words(row, written)
    if told and told != code:
        return Diagnosis(as_told(told), written)
    about = (row for row in table.diseases if covers(row, code) == Level.EXACT)
    narrowest = min(about, key=lambda row: row.width, default=None)
    return _in_our_words(narrowest, written) if narrowest else Diagnosis(written)


def _pair(entry: object) -> tuple[str, str]:
    told = entry if isinstance(entry, dict) else {"label": entry}
    return str(told.get("code") or ""), str(told.get("label") or "")


def _place(code: str) -> int:
    """Of its group."""
    meant = diagnosis(code)
    for place, chapter in enumerate(CHAPTER_RANGES):
        if meant.ranges and chapter.overlaps(meant.ranges[0]):
            return place
    return RARE_ONES if meant.orpha else OTHERS


def _title(place: int, table: Table) -> Diagnosis:
    if place == OTHERS:
        return Diagnosis(_("Other diseases"))
    if place == RARE_ONES:
        row = next((row for row in table.diseases if row.is_rare), None)
        return _in_our_words(row, "Orphanet") if row else Diagnosis("Orphanet")
    chapter = CHAPTER_RANGES[place]
    row = _by_range(table).get(chapter)
    written = f"ICD-10 {chapter}"
    return _in_our_words(row, written) if row else Diagnosis(written)


def _row_of(meant: Codes, table: Table) -> Row | None:
    if len(meant.ranges) == 1:
        return _by_range(table).get(meant.ranges[0])
    return next((row for row in table.diseases if meant.orpha and row.orpha == meant.orpha), None)


@lru_cache(maxsize=2)
def _by_range(table: Table) -> Mapping[Range, Row]:
    """Of one code or range each; where two rows have it, the first."""
    rows = (row for row in reversed(table.rows) if len(row.ranges) == 1)
    return {row.ranges[0]: row for row in rows}


def _in_our_words(row: Row, written: str) -> Diagnosis:
    words, language = label(row, get_language() or "")
    words = capfirst(words)
    if language and language != get_language():
        words = format_html('<span lang="{}">{}</span>', language, words)
    return Diagnosis(words, written, is_ours=True)
