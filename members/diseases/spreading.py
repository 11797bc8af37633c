"""What means the same as what is typed: for searches that look for words."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from members.diseases.first_rows import LANGUAGES
from members.diseases.reading import table
from members.diseases.table import CHAPTER, Row, Table
from pages.search.words import fold


def phrases(language: str = "") -> Mapping[str, tuple[str, ...]]:
    """From every phrase of the table, of any language, to those of one language ("": of all).

    Chapters are left out: they are headings, and nobody's words.
    """
    return _phrases(table(), language)


@lru_cache(maxsize=2 * len(LANGUAGES))
def _phrases(table: Table, language: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in table.rows:
        if row.kind != CHAPTER:
            for said in map(fold, row.spoken()):
                found[said] |= dict.fromkeys(_in(row, language))
    return {said: tuple(same) for said, same in found.items() if said}


def _in(row: Row, language: str) -> list[str]:
    """What is of no language, such as abbreviations, leads here and is not looked for."""
    names = [name for name in row.names if language in ("", name.language)]
    return [fold(said) for name in names for said in (name.name, *name.others)]
