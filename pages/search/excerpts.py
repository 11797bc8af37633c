"""What a result shows of a text: the part around the first word found, with such words marked."""

from typing import NamedTuple

from pages.search.words import TOKEN, composed, is_asked

SHOWN = 240  # characters: about three lines
BEFORE = 60  # characters of them before the first word found
SEARCHED = 50_000  # characters of a text in which that word is looked for


class Fragment(NamedTuple):
    """A piece of text. The template escapes it, and marks it where it is a word found."""

    text: str
    is_found: bool


def marked(text: str, asked: list[str]) -> list[Fragment]:
    """The whole text in fragments."""
    text = composed(text)
    fragments, end = [], 0
    for token in TOKEN.finditer(text):
        if is_asked(token[0], asked):
            fragments += [Fragment(text[end : token.start()], False), Fragment(token[0], True)]
            end = token.end()
    fragments.append(Fragment(text[end:], False))
    return [fragment for fragment in fragments if fragment.text]


def excerpt(text: str, asked: list[str]) -> list[Fragment]:
    """About SHOWN characters, cut between words; the beginning where no word is found."""
    text = " ".join(text[:SEARCHED].split())
    found = (token.start() for token in TOKEN.finditer(text) if is_asked(token[0], asked))
    start = _start(text, next(found, 0))
    end = _end(text, start)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return marked(f"{before}{text[start:end]}{after}", asked)


def _start(text: str, found: int) -> int:
    if found <= BEFORE:
        return 0
    latest = found - BEFORE
    return text.rfind(" ", max(latest - BEFORE, 0), latest) + 1 or latest


def _end(text: str, start: int) -> int:
    end = start + SHOWN
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - BEFORE, end)
    return end if space < 0 else space
