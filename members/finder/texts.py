"""Many short texts as one: to look for a word in all of them is one run through memory."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from members.diseases.words import SPELLINGS, stem
from pages.search.words import fold, is_beginning

SHORTEST_SAID = 4  # letters: "als" and "hat" are words of Dutch and German, too


def plain(text: str) -> str:
    """Folded, British and American spelling alike."""
    folded = fold(text)
    for spelt, written in SPELLINGS:
        folded = folded.replace(spelt, written)
    return folded


def sought(word: str) -> str:
    """What to look for: its beginning without an ending, or a short word as it is."""
    shorter = stem(plain(word))
    shorter = shorter.removesuffix("i") if word.endswith("y") else shorter
    return f" {shorter}" if is_beginning(shorter) else f" {shorter} "


def phrase(said: str) -> str:
    """Likewise of several words, only the last of which may go on; nothing of an abbreviation."""
    written = plain(said)
    if len(written) < SHORTEST_SAID:
        return ""
    return f" {written}" if len(written) > SHORTEST_SAID else f" {written} "


class Texts:
    """`having`: the places of the texts that have what is sought."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._ends: list[int] = []
        pieces: list[str] = []
        here = 0
        for text in texts:
            piece = f" {plain(text)} \n"
            here += len(piece)
            pieces.append(piece)
            self._ends.append(here)
        self._all = "".join(pieces)

    def having(self, wanted: str) -> Iterator[int]:
        at = self._all.find(wanted) if self._may_have(wanted) else -1
        while at >= 0:
            place = bisect_right(self._ends, at)
            yield place
            at = self._all.find(wanted, self._ends[place])

    def _may_have(self, wanted: str) -> bool:
        """By its words alone: most of what is sought, in four languages, is nowhere."""
        known, sought_words = self._in_order, wanted.split()
        for word in sought_words:
            there = bisect_left(known, word)
            if there == len(known) or not known[there].startswith(word):
                return False
        return bool(sought_words)

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self.words())

    def words(self) -> frozenset[str]:
        return frozenset(self._all.split())
