"""How text becomes words: the same when indexing, asking and highlighting, on every database.

A word is ASCII letters and digits in lower case: "Liège" is `liege`, "Straße" is `strasse`. So no
extension of a database and no quirk of its parser decides what is found, and nothing a person types
can be an operator.
"""

import re
import unicodedata
from typing import NamedTuple

from anyascii import anyascii

MAX_LETTERS = 200
MAX_WORDS = 10
MIN_BEGINNING = (
    3  # letters: a shorter word is only itself; as a beginning it would match nearly every page
)

TOKEN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[a-z0-9]+")


class Question(NamedTuple):
    """What a person asks: the text as shown back, its words, and whether some was left out."""

    text: str
    words: list[str]
    is_cut: bool


def composed(text: str) -> str:
    """The text with each accent joined to its letter, so that a word stays in one piece."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    if text.isascii():  # the same, far quicker: most names, and all that is long in the Directory
        return _WORD.findall(text.lower())
    return [word for token in TOKEN.findall(composed(text)) for word in words_of(token)]


def words_of(token: str) -> list[str]:
    """The words of one run of letters: nearly always one, more for some scripts and signs."""
    return [token.lower()] if token.isascii() else _WORD.findall(anyascii(token).lower())


def fold(text: str) -> str:
    return " ".join(words(text))


def folded_differently(text: str) -> list[str]:
    """The words that are not in the text as they are, but for their capitals."""
    spelt = ((token, " ".join(words_of(token))) for token in TOKEN.findall(text))
    return [folded for token, folded in spelt if folded != token.lower()]


def is_asked(token: str, asked: list[str]) -> bool:
    """Whether a run of letters has one of the words asked, or begins with one long enough."""
    beginnings = tuple(filter(is_beginning, asked))
    return any(word in asked or word.startswith(beginnings) for word in words_of(token))


def is_beginning(word: str) -> bool:
    """Whether the word also finds longer ones: `biobank` finds `biobanken`. No word is stemmed."""
    return len(word) >= MIN_BEGINNING


def question(text: str) -> Question:
    """The question in a text a person typed, within MAX_LETTERS and MAX_WORDS."""
    text = " ".join(composed(text).split())
    kept = text[:MAX_LETTERS]
    ends = [token.end() for token in TOKEN.finditer(kept)]
    if len(ends) > MAX_WORDS:
        kept = kept[: ends[MAX_WORDS - 1]]
    return Question(kept.strip(), words(kept)[:MAX_WORDS], is_cut=kept != text)
