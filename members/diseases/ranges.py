"""Codes of ICD-10 and numbers of Orphanet, as people and the Directory write them.

The editions of ICD-10 (WHO, CM, GM, BE) agree on three characters; what follows is kept as it is
written, and counts only between codes that both have it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Self

from members.codes import ICD

LONGEST = 7  # characters of a code, without its dot
DECIMALS = 3  # the dot stands after so many
ANY = "*"
RARE = "ORPHA"  # any number of Orphanet
# Of ICD-10, by number: they are the same in each edition.
CHAPTERS = dict(
    line.split()
    for line in (
        "I A00-B99", "II C00-D48", "III D50-D89", "IV E00-E90", "V F00-F99", "VI G00-G99",
        "VII H00-H59", "VIII H60-H95", "IX I00-I99", "X J00-J99", "XI K00-K93", "XII L00-L99",
        "XIII M00-M99", "XIV N00-N99", "XV O00-O99", "XVI P00-P96", "XVII Q00-Q99",
        "XVIII R00-R99", "XIX S00-T98", "XX V01-Y98", "XXI Z00-Z99", "XXII U00-U99",
    )
)  # fmt: skip

_CODE = r"[a-z]\d[\dab](?:\.[\da-z]{1,4}|\d{1,4})?(?:\.-)?"
_PREFIX = r"(?:urn:miriam:)?(?:icd(?:[- ]?10)?(?:[- ]?(?:cm|gm|be|who))?[\s:-]*)?"
_BOUNDS = (r"(?<![a-z0-9])", r"(?![a-z0-9])")
_RANGE = re.compile(
    rf"{_BOUNDS[0]}{_PREFIX}({_CODE})(?:\s*[-\u2013\u2014]\s*({_CODE}))?{_BOUNDS[1]}",
    re.IGNORECASE | re.ASCII,
)
_ORPHA = re.compile(
    rf"{_BOUNDS[0]}orpha(?:net|code)?[\s:_#-]{{0,3}}(?:orpha[\s:_]{{0,3}})?(\d{{1,7}}){_BOUNDS[1]}",
    re.IGNORECASE | re.ASCII,
)

_CHAPTER = re.compile(
    rf"{_BOUNDS[0]}(?:urn:miriam:)?icd(?:-?10)?:({'|'.join(CHAPTERS)}){_BOUNDS[1]}",
    re.IGNORECASE | re.ASCII,
)


class Level(IntEnum):
    """How closely something is about what is asked, closest first."""

    EXACT = 0  # that, or a part of it
    PARENT = 1  # a range that holds it, or shares some of it
    CHAPTER = 2  # all of its chapter
    ANY = 3  # any disease


@dataclass(frozen=True, order=True)
class Range:
    """From one code to another, both with all below them; a single code is from itself to itself.

    Codes stand here in capitals and without a dot.
    """

    first: str
    last: str

    @classmethod
    def of(cls, first: str, last: str = "") -> Self:
        """Whichever way round they are."""
        ends = sorted(map(_plain, (first, last or first)))
        return cls(*ends)

    def __str__(self) -> str:
        ends = dict.fromkeys((_dotted(self.first), _dotted(self.last)))
        return "-".join(ends)

    @cached_property
    def lowest(self) -> str:
        return self.first.ljust(LONGEST, "0")

    @cached_property
    def highest(self) -> str:
        return self.last.ljust(LONGEST, "Z")

    @cached_property
    def width(self) -> int:
        return int(self.highest, 36) - int(self.lowest, 36)

    def holds(self, other: "Range") -> bool:
        return self.lowest <= other.lowest and other.highest <= self.highest

    def overlaps(self, other: "Range") -> bool:
        return self.lowest <= other.highest and other.lowest <= self.highest


def _plain(code: str) -> str:
    return code.upper().removesuffix(".-").replace(".", "")[:LONGEST]


def _dotted(code: str) -> str:
    return ".".join(filter(None, (code[:DECIMALS], code[DECIMALS:])))


_CHAPTER_RANGES = {number: Range.of(*codes.split("-")) for number, codes in CHAPTERS.items()}


@dataclass(frozen=True)
class Codes:
    """The codes that a text holds, and what else it says."""

    ranges: tuple[Range, ...] = ()
    orpha: frozenset[str] = frozenset()
    rest: str = ""


def codes_in(text: str, is_word: Callable[[str], bool] = lambda _found: False) -> Codes:
    """`is_word`: whether what looks like a code is known to be none."""
    ranges: list[Range] = []
    orpha: list[str] = []

    def take_number(found: re.Match[str]) -> str:
        orpha.append(found[1].lstrip("0"))
        return " "

    def take_range(found: re.Match[str]) -> str:
        if is_word(found[0]):
            return found[0]
        ranges.append(Range.of(found[1], found[2] or ""))
        return " "

    def take_chapter(found: re.Match[str]) -> str:
        ranges.append(_CHAPTER_RANGES[found[1].upper()])
        return " "

    rest = _RANGE.sub(take_range, _CHAPTER.sub(take_chapter, _ORPHA.sub(take_number, text)))
    return Codes(tuple(dict.fromkeys(ranges)), frozenset(orpha), rest)


@lru_cache(maxsize=20_000)
def diagnosis(code: str) -> Codes:
    """What a code of the Directory stands for: many collections have the same."""
    return codes_in(code)


def level_of(own: Iterable[Range], code: str) -> Level | None:
    """How closely a code, as the Directory writes it, is about these ranges; None: not at all."""
    if code.strip().removeprefix(ICD) == ANY:
        return Level.ANY
    others = diagnosis(code).ranges
    levels = [_level(mine, other) for mine in own for other in others]
    return min((level for level in levels if level is not None), default=None)


def _level(own: Range, other: Range) -> Level | None:
    if own.holds(other):
        return Level.EXACT
    if not own.overlaps(other):
        return None
    is_wide = any(other.holds(whole) and whole.overlaps(own) for whole in _CHAPTER_RANGES.values())
    return Level.CHAPTER if is_wide else Level.PARENT


def ranges_of(text: str) -> tuple[Range, ...]:
    """The ranges that an editor wrote, or ValueError, with the part that is none."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    for part in parts:
        found = _RANGE.fullmatch(part)
        if part.upper() != RARE and (not found or _plain(found[1]) > _plain(found[2] or found[1])):
            raise ValueError(part)
    return codes_in(text).ranges
