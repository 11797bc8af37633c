"""From what a person types to the rows of the table that it is about."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from members.diseases.ranges import RARE, Codes, Level, codes_in
from members.diseases.reading import table as table_in_force
from members.diseases.table import CHAPTER, Row, Table, trigrams_of
from members.diseases.words import LEFT_OUT, SAY_LITTLE, stem
from pages.search.words import MAX_LETTERS, MAX_WORDS, words

SHORTEST_NAME = 4  # letters: of one before "ziekte" or its like
MIN_BEGINNING = 5  # letters: of a word that finds others, by its beginning or as a slip
ALIKE, SURELY = 0.3, 0.84  # of a slip and what was meant: shared trigrams, then letters in order
MOST_MEANT = 3  # words that a slip may have stood for


@dataclass(frozen=True)
class Match:
    """A row, and the words of the query that led to it.

    `is_whole`: all of one of its names was typed, or a code. `meant`: where words were taken for
    slips, the stems that they were taken for.
    """

    row: Row
    level: Level
    matched: tuple[str, ...]
    is_whole: bool = True
    meant: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """The rows, closest first, and the words that say nothing of a disease."""

    matches: tuple[Match, ...]
    rest: tuple[str, ...]


def understand(query: str, table: Table | None = None) -> Understood:
    """Codes are taken first; what is left are words, of any language, in any order."""
    table = table or table_in_force()
    codes = codes_in(query[:MAX_LETTERS], lambda text: bool(table.said_otherwise([text.lower()])))
    typed = _joined(words(codes.rest)[:MAX_WORDS], table)
    by_words = (
        replace(match, matched=tuple(typed[word] for word in match.matched))
        for match in _by_words(list(typed), table)
    )
    found = [*_by_codes(codes, table), *by_words]
    matches: dict[Row, Match] = {}
    for match in sorted([*found, *_above(found, table)], key=lambda match: match.level):
        matches.setdefault(match.row, match)
    used = {word for match in found for word in match.matched}
    rest = tuple(word for word in typed.values() if word not in used and word not in LEFT_OUT)
    return Understood(tuple(matches.values()), rest)


def _by_codes(codes: Codes, table: Table) -> Iterator[Match]:
    """A code's own row, or one made for it; then the rows that are a part of it."""
    for asked in codes.ranges[:MAX_WORDS]:
        matched = (str(asked),)
        within = [row for row in table.diseases if row.is_within((asked,))]
        same = [row for row in table.phrases if row.ranges == (asked,)]
        numbers = frozenset().union(*(row.orpha for row in within))
        for row in same or [Row(str(asked), ranges=(asked,), orpha=numbers)]:
            yield Match(row, Level.EXACT, matched)
        yield from (Match(row, Level.EXACT, matched) for row in within if row not in same)
    for number in sorted(codes.orpha)[:MAX_WORDS]:
        yield from _by_number(number, table)


def _by_number(number: str, table: Table) -> Iterator[Match]:
    matched = (f"{RARE}:{number}",)
    having = [row for row in table.diseases if number in row.orpha]
    same = [row for row in having if row.orpha == {number}]
    for row in same or [Row(matched[0], orpha=frozenset({number}))]:
        yield Match(row, Level.EXACT, matched)
    wider = [row for row in table.diseases if row.is_rare or row in having]
    yield from (Match(row, Level.PARENT, matched) for row in wider if row not in same)


def _by_words(asked: Sequence[str], table: Table) -> list[Match]:
    """The rows that have most of the words: none whose words another has, and more."""
    aside = table.said_otherwise(map(stem, asked))
    meant = {word: _meant(word, table, aside) for word in asked}
    found: dict[Row, set[str]] = defaultdict(set)
    for word, known in meant.items():
        for row in {row for one in known for row in table.rows_by_stem[one]}:
            found[row].add(word)
    for row, having in _by_parts(meant, table):
        found[row] |= having
    matches = [_match(row, having, meant, table) for row, having in found.items()]
    matches = [match for match in matches if _says_something(match, aside)]
    best = [match for match in matches if not any(_is_better(one, match) for one in matches)]
    return sorted(best, key=lambda one: (not one.is_whole, -len(one.matched), table.order[one.row]))


def _by_parts(meant: Mapping[str, frozenset[str]], table: Table) -> Iterator[tuple[Row, set[str]]]:
    """Rows whose place and what is there the words say; or whose place alone, in a word unknown."""
    parts = {word: table.parts.of_word(word) for word in meant}
    for wanted, rows in table.rows_by_parts.items():
        having = {word for word, own in parts.items() if own and own <= wanted}
        said = frozenset().union(*(parts[word] for word in having))
        alone = {
            word for word in having if not meant[word] and any(one.is_place for one in parts[word])
        }
        if said == wanted or alone:
            yield from ((row, having) for row in rows)


def _match(row: Row, having: set[str], meant: Mapping[str, frozenset[str]], table: Table) -> Match:
    said = {(word, one) for word in having for one in meant[word]}
    begun = {one for word, one in said if one != stem(word) and one.startswith(stem(word))}
    own = begun | {one for word, one in said if word.startswith(one) or one == stem(word)}
    whole = {one for _word, one in said} - begun
    return Match(
        row,
        Level.CHAPTER if row.kind == CHAPTER else Level.EXACT,
        tuple(word for word in meant if word in having),
        is_whole=any(phrase <= whole for phrase in table.phrases[row]),
        meant=tuple(sorted(one for one in whole - own if row in table.rows_by_stem[one])),
    )


def _says_something(match: Match, aside: frozenset[str]) -> bool:
    """A chapter is named by a whole name; other words of it say more of the rows."""
    if match.row.kind == CHAPTER and not match.is_whole:
        return False
    if match.is_whole and len(match.matched) > 1:
        return True
    return any(
        not word.isdigit()
        and len(word) > 1
        and stem(word) not in SAY_LITTLE
        and stem(word) not in aside
        for word in match.matched
    )


def _is_better(one: Match, other: Match) -> bool:
    """With more of the words, or with the same as a whole name; no chapter outdoes a disease."""
    mine, theirs = set(one.matched), set(other.matched)
    if mine == theirs:
        return one.level == other.level and one.is_whole and not other.is_whole
    return mine > theirs and one.level <= other.level


def _above(found: Iterable[Match], table: Table) -> Iterator[Match]:
    """The ranges and chapters that hold what was found, narrow ones first."""
    for match in found:
        if match.level == Level.CHAPTER:
            continue
        for row in table.above(match.row):
            level = Level.CHAPTER if row.kind == CHAPTER else Level.PARENT
            yield replace(match, row=row, level=level)


def _joined(asked: Sequence[str], table: Table) -> dict[str, str]:
    """The words, each with how it was typed: the table may write two as one ("hart aanval")."""
    typed: dict[str, str] = {}
    before = ""
    for word in dict.fromkeys(asked):
        known = {stem(before), stem(word)} <= table.rows_by_stem.keys()
        if before and len(word) > 1 and not known and stem(before + word) in table.rows_by_stem:
            typed[before + word] = f"{typed.pop(before)} {word}"
            before += word
        else:
            typed[word] = before = word
    return typed


def _meant(word: str, table: Table, aside: frozenset[str]) -> frozenset[str]:
    """The stems of the table that a word stands for."""
    own = stem(word)
    if own in table.rows_by_stem:
        return frozenset({own})
    if own in aside or word in LEFT_OUT or not own.isalpha() or len(word) < MIN_BEGINNING:
        return frozenset()
    begun = table.starting(own if len(own) >= MIN_BEGINNING else word)
    return begun or _beginning(word, table) or _slip(word, own, table)


def _beginning(word: str, table: Table) -> frozenset[str]:
    """The longest name that this word begins with: "brustkrebszellen", "lymeziekte"."""
    for length in range(len(word) - 1, SHORTEST_NAME - 1, -1):
        name, more = word[:length], word[length:]
        if name in table.names and (length >= MIN_BEGINNING or more in table.parts.ends):
            return frozenset({name})
    return frozenset()


def _slip(word: str, own: str, table: Table) -> frozenset[str]:
    """By trigrams first, which are quick, then by the letters in their order.

    Hardly anybody errs in the first letter, and "nicht" is no "Gicht".
    """
    if table.parts.of_word(word):
        return frozenset()
    mine = trigrams_of(own)
    shared = Counter(other for three in mine for other in table.trigrams.get(three, ()))
    near = [
        other
        for other, count in shared.items()
        if other[0] == own[0]
        and count / (len(mine) + len(other) + 1 - count)
        >= ALIKE  # a word has as many as letters, and one
    ]
    return frozenset(get_close_matches(own, near, n=MOST_MEANT, cutoff=SURELY))
