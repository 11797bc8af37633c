"""Which collections are about a disease, by their codes: exactly, more widely, or about any."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.codes import ICD
from members.diseases.ranges import ANY, RARE, Level, Range, codes_in, diagnosis
from members.diseases.reading import table
from members.diseases.table import CHAPTER, DISEASE, Row, Table, covers, label
from members.finder.entries import Catalogue, Holdings
from members.finder.layout import Bits, any_of
from members.models.code_labels import as_told

LONGEST = 120  # signs of one value in an address
Levels = Mapping[Level, Bits]
Options = tuple[dict[str, Bits], dict[str, Bits]]


@dataclass(frozen=True)
class Codes:
    """The codes of all collections, in their order, to look a range up."""

    ranges: tuple[tuple[Range, Bits], ...]
    lowest: tuple[str, ...]
    numbers: Mapping[str, Bits]  # of Orphanet


# As long as the holdings are kept.
_indexes: WeakKeyDictionary[Holdings, Codes] = WeakKeyDictionary()
_options: WeakKeyDictionary[Holdings, tuple[Table, Options]] = WeakKeyDictionary()


def _index_of(holdings: Holdings) -> Codes:
    if holdings not in _indexes:
        _indexes[holdings] = _made_of(holdings.diseases)
    return _indexes[holdings]


def _made_of(diseases: Mapping[str, Bits]) -> Codes:
    numbers: dict[str, Bits] = defaultdict(int)
    ranges: dict[Range, Bits] = defaultdict(int)
    for code, bits in diseases.items():
        told = diagnosis(code)
        for number in told.orpha:
            numbers[number] |= bits
        for one in told.ranges:
            ranges[one] |= bits
    ordered = tuple(sorted(ranges.items(), key=lambda each: each[0].lowest))
    return Codes(ordered, tuple(one.lowest for one, _bits in ordered), dict(numbers))


def exactly(row: Row, holdings: Holdings) -> Bits:
    """The collections about the row, or a part of it."""
    known = _index_of(holdings)
    numbers = known.numbers if row.is_rare else row.orpha & known.numbers.keys()
    found = any_of(known.numbers[number] for number in numbers)
    for own in row.ranges:
        first = bisect_left(known.lowest, own.lowest)
        last = bisect_right(known.lowest, own.highest)
        found |= any_of(bits for one, bits in known.ranges[first:last] if own.holds(one))
    return found


def by_level(rows: Iterable[Row], holdings: Holdings) -> Levels:
    """How closely each collection is about one of the rows."""
    found: dict[Level, Bits] = defaultdict(int)
    rows = tuple(rows)
    for code, bits in holdings.diseases.items():
        levels = [level for row in rows if (level := covers(row, code)) is not None]
        if levels:
            found[min(levels)] |= bits
    return found


def options(holdings: Holdings) -> Options:
    """Chapters, then diseases, that any collection is about: by value."""
    known = table()
    if _options.get(holdings, (None,))[0] is not known:
        _options[holdings] = (known, _options_of(holdings, known))
    return _options[holdings][1]


def _options_of(holdings: Holdings, known: Table) -> Options:
    found: Options = ({}, {})
    for kind, of_kind in zip((CHAPTER, DISEASE), found, strict=True):
        for row in known.rows:
            if row.kind == kind and (bits := exactly(row, holdings)):
                of_kind[value(row)] = holdings.layout.widened(bits)
    for both in found[0].keys() & found[1].keys():  # all of a chapter, by another name
        del found[1][both]
    return found


def value(row: Row) -> str:
    """Of an address: its ranges, else its numbers; any number is the word alone."""
    if row.ranges:
        return ",".join(map(str, row.ranges))
    numbers = (f"{RARE}:{number}" for number in sorted(row.orpha, key=int))
    return RARE if row.is_rare else ",".join(numbers)


def value_of(text: str, _holdings: Holdings) -> str:
    """What an address asks for, as it is written here; empty where it is no code."""
    if text.strip().upper() == RARE:
        return RARE
    told = codes_in(text[:LONGEST])
    if told.rest.strip(" ,;") or not (told.ranges or told.orpha):
        return ""
    return value(row_of(Row("", ranges=told.ranges, orpha=told.orpha)))


def row_of(asked: Row) -> Row:
    """The row of the table that is about the same codes, else the one asked for."""
    return _by_codes(table()).get(_codes(asked), asked)


def row(asked: str) -> Row:
    """Of a value."""
    told = codes_in(asked)
    return row_of(Row(asked, ranges=told.ranges, orpha=told.orpha, is_rare=asked == RARE))


def _codes(row: Row) -> frozenset[object]:
    return frozenset(row.ranges) or row.orpha or frozenset({RARE} if row.is_rare else ())


@lru_cache(maxsize=1)
def _by_codes(known: Table) -> dict[frozenset[object], Row]:
    """Diseases stand before chapters, and the first of two with the same codes counts."""
    return {
        _codes(row): row
        for kind in (CHAPTER, DISEASE)
        for row in reversed(known.rows)
        if row.kind == kind
    }


def about(asked: str, holdings: Holdings) -> Bits:
    return exactly(row(asked), holdings)


def label_of(asked: str, catalogue: Catalogue) -> str:
    """In the reader's words; a code that no row is about as the Directory calls it."""
    return called(row(asked), catalogue.holdings)


def called(row: Row, holdings: Holdings) -> str:
    words, language = label(row, get_language() or "")
    if not language:
        told = holdings.labels.get(f"{ICD}{row.key}") or holdings.labels.get(row.key)
        return format_html("{} ({})", as_told(told), row.key) if told else row.key
    words = words[:1].upper() + words[1:]
    if language != get_language():
        return format_html('<span lang="{}">{}</span>', language, words)
    return words


def name_of(code: str, holdings: Holdings) -> str:
    """What a collection says it is about, in the reader's words."""
    if code.removeprefix(ICD).strip() == ANY:
        return _("Any disease")
    told = diagnosis(code)
    found = row_of(Row(code.removeprefix(ICD), ranges=told.ranges, orpha=told.orpha))
    return called(found, holdings)
