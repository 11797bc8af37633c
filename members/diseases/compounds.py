"""Names that Dutch and German write as one word, and that readers join anew: "longtumor"."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from members.diseases.words import spellings, stem
from pages.search.words import words

LINKS = ("cellen", "zellen", "cel", "zell", "en", "e", "n", "s")  # between two parts


class Part(NamedTuple):
    """A place of the body, or what is there."""

    is_place: bool
    name: str


class Parts:
    """What names of diseases are made of, in four languages."""

    def __init__(self, where: Mapping[str, str], what: Mapping[str, str]) -> None:
        """Each by its name here, with the words for it, commas between."""
        self._by_form: dict[str, Part] = {}
        for is_place, of_kind in ((True, where), (False, what)):
            for name, said in of_kind.items():
                for form in self._forms(said):
                    self._by_form[form] = Part(is_place, name)
        self._by_stem = {stem(form): part for form, part in self._by_form.items()}

    @staticmethod
    def _forms(said: str) -> set[str]:
        return {word for spelt in spellings(said) for word in words(spelt)}

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """What such words end with."""
        return tuple(form for form, part in self._by_form.items() if not part.is_place)

    @cached_property
    def _joined(self) -> re.Pattern[str]:
        places = (form for form, part in self._by_form.items() if part.is_place)
        where, link, what = ("|".join(_longest_first(one)) for one in (places, LINKS, self.ends))
        return re.compile(rf"({where})(?:{link})?({what})")

    def of_word(self, word: str) -> frozenset[Part]:
        """Of a folded word: one, or a place and what is there; whatever stands behind is left."""
        if whole := self._by_stem.get(stem(word)):
            return frozenset({whole})
        found = self._joined.match(word)
        return frozenset(self._by_form[form] for form in found.groups()) if found else frozenset()

    def of_name(self, said: Iterable[str]) -> frozenset[Part]:
        """A place and what is there, where the words say one of each and no more; else nothing."""
        found = frozenset(part for word in said for part in self.of_word(word))
        return found if sorted(part.is_place for part in found) == [False, True] else frozenset()


def _longest_first(forms: Iterable[str]) -> list[str]:
    return sorted(forms, key=len, reverse=True)
