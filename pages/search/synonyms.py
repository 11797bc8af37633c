"""Words that mean the same: asked for one, a search may look for the others as well.

The words are rows of rooms above: each hands in a source of them.
"""

from collections.abc import Callable, Mapping, Sequence

LONGEST = 6  # words of a phrase
# From a phrase to those of a language that mean the same, folded; "" is every language.
Source = Callable[[str], Mapping[str, Sequence[str]]]
sources: list[Source] = []


def spread(words: Sequence[str], language: str = "") -> list[tuple[str, ...]]:
    """The folded words, those of a known phrase together, each with what may stand in its place."""
    known = [source(language) for source in sources]
    found: list[tuple[str, ...]] = []
    start = 0
    while start < len(words):
        lengths = range(min(LONGEST, len(words) - start), 0, -1)
        phrases = (" ".join(words[start : start + length]) for length in lengths)
        phrase = next(
            (one for one in phrases if any(one in source for source in known)), words[start]
        )
        same = (other for source in known for other in source.get(phrase, ()))
        found.append(tuple(dict.fromkeys([phrase, *same])))
        start += phrase.count(" ") + 1
    return found
