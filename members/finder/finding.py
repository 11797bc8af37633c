"""From a wish to what is found: words first, then facets, with their counts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from members.diseases.ranges import Level
from members.diseases.table import Row
from members.finder import diseases
from members.finder.entries import Catalogue, Entry, Holdings, Part
from members.finder.facets import FACETS, Facet
from members.finder.layout import Bits, any_of
from members.finder.options import ShownFacet, shown
from members.finder.wishes import CITY, COLLECTIONS, NAME, Wish
from members.finder.words import Group, groups_of
from pages.search.words import fold

# What a word counts where it is found; a name that is all that is asked stands first.
NAMED, ABOUT, CALLED, TOLD, IS_NAME = 8, 6, 4, 2, 20
Listed: TypeAlias = tuple[Entry, Part | None]
WIDER = (Level.PARENT, Level.CHAPTER, Level.ANY)


@dataclass(frozen=True)
class Asked:
    """A disease that is asked for, in words or by a facet."""

    rows: tuple[Row, ...]
    levels: diseases.Levels


@dataclass(frozen=True)
class Found:
    """`bits`: the collections and biobanks found. `corrected`: the words that were taken for slips,
    with what is shown in their place. `wider`: by how much, those about more than what is asked.
    """

    wish: Wish
    catalogue: Catalogue
    groups: Sequence[Group]
    asked: Sequence[Asked]
    bits: Bits
    wider: Mapping[Level, Bits]
    left: Callable[[Facet], Bits]  # what all else that is asked would leave
    is_partial: bool = False  # none has all the words: these have some of them
    is_scattered: bool = False  # no collection has all the words, but these biobanks do

    @property
    def holdings(self) -> Holdings:
        return self.catalogue.holdings

    @property
    def number(self) -> int:
        return len(self.listed)

    @property
    def listed(self) -> Sequence[Listed]:
        """Biobanks, or collections with their biobank."""
        return self.parts if self.wish.of_collections else [(one, None) for one in self.entries]

    @cached_property
    def entries(self) -> list[Entry]:
        """In their order."""
        return [self.catalogue.entries[place] for place in self.places]

    @cached_property
    def places(self) -> list[int]:
        return in_order(self, self.holdings.layout.places(self.bits))

    @cached_property
    def parts(self) -> list[tuple[Entry, Part]]:
        """The collections, by their biobanks; those whose codes say it before the others."""
        return [
            (self.catalogue.entries[place], part)
            for place in self.places
            for part in self.parts_of(place, self.bits)
        ]

    def parts_of(self, place: int, bits: Bits) -> list[Part]:
        own = self.catalogue.entries[place].parts
        exact = any_of(one.levels.get(Level.EXACT, 0) for one in self.asked)
        sure = set(self.holdings.layout.collections(exact, place))
        numbers = self.holdings.layout.collections(bits, place)
        return [own[one] for one in sorted(numbers, key=lambda one: one not in sure)]

    @property
    def facets(self) -> list[ShownFacet]:
        count = self._count_collections if self.wish.of_collections else self._count_biobanks
        return shown(self.wish, self.catalogue, self.left, count)

    def _count_biobanks(self, bits: Bits) -> int:
        return self.holdings.layout.having(bits).bit_count()

    def _count_collections(self, bits: Bits) -> int:
        layout = self.holdings.layout
        return (bits & layout.everything & ~layout.themselves).bit_count()

    @property
    def corrected(self) -> dict[str, list[str]]:
        return {" ".join(group.words): list(group.meant) for group in self.groups if group.meant}


def find(wish: Wish, catalogue: Catalogue) -> Found:
    groups = groups_of(wish.question, catalogue)
    layout = catalogue.holdings.layout
    base, is_scattered, is_partial = matched(groups, catalogue)
    chosen = {
        facet: facet.of(values, catalogue)
        for facet in FACETS
        if (values := wish.chosen.get(facet.name))
    }
    asked = [Asked(group.rows, group.levels) for group in groups if group.rows]
    asked += _asked_by_facet(wish, catalogue)

    def left(but: Facet | None = None) -> Bits:
        bits = base
        for facet, own in chosen.items():
            if facet is not but:
                bits &= own
        return bits

    bits = left()
    # What a biobank has found is its own answer, however much more else it has.
    exact = layout.blocks(layout.places(bits))
    wider = _wider(groups, chosen, asked, catalogue) if asked and not is_partial else {}
    beside = {level: more & ~exact for level, more in wider.items() if more & ~exact}
    return Found(wish, catalogue, groups, asked, bits, beside, left, is_partial, is_scattered)


def matched(groups: Sequence[Group], catalogue: Catalogue) -> tuple[Bits, bool, bool]:
    """What has all the words in one collection, else in one biobank, else the most of them."""
    layout = catalogue.holdings.layout
    bits = layout.everything
    for group in groups:
        bits &= group.all
    if bits or not groups:
        return bits, False, False
    biobanks = layout.themselves
    for group in groups:
        biobanks &= layout.having(group.all)
    if biobanks:
        blocks = layout.blocks(layout.places(biobanks))
        return blocks & any_of(group.all for group in groups), True, False
    bits = _most(groups, catalogue)
    return bits, False, bool(bits)


def _most(groups: Sequence[Group], catalogue: Catalogue) -> Bits:
    layout = catalogue.holdings.layout
    numbers = Counter(place for group in groups for place in layout.places(group.all))
    for group in groups:
        if group.is_sure:
            there = set(layout.places(group.all))
            numbers = Counter({place: n for place, n in numbers.items() if place in there})
    most = max(numbers.values(), default=0)
    best = layout.blocks(place for place, number in numbers.items() if number == most)
    return best & any_of(group.all for group in groups)


def _asked_by_facet(wish: Wish, catalogue: Catalogue) -> list[Asked]:
    if not (values := wish.chosen.get("disease")):
        return []
    rows = tuple(diseases.row(value) for value in sorted(values))
    return [Asked(rows, diseases.by_level(rows, catalogue.holdings))]


def _wider(
    groups: Sequence[Group],
    chosen: Mapping[Facet, Bits],
    asked: Sequence[Asked],
    catalogue: Catalogue,
) -> dict[Level, Bits]:
    """The nearest first: each collection once."""
    layout = catalogue.holdings.layout
    known, found = 0, {}
    for last in WIDER:
        bits = layout.everything
        for group in groups:
            bits &= group.all | _up_to(last, group.levels)
        for facet, own in chosen.items():
            is_disease = facet.name == "disease"
            bits &= own | (_up_to(last, asked[-1].levels) if is_disease else 0)
        found[last] = bits & ~known
        known |= bits
    return found


def _up_to(last: Level, levels: diseases.Levels) -> Bits:
    return any_of(bits for level, bits in levels.items() if level <= last)


def in_order(found: Found, places: Sequence[int]) -> list[int]:
    """They come by name, and stay so among equals."""
    entries = found.catalogue.entries
    if found.wish.sort == CITY:
        return sorted(places, key=lambda one: _by_city(entries[one]))
    if found.wish.sort == COLLECTIONS:
        return sorted(places, key=lambda one: -entries[one].collections)
    if found.wish.sort == NAME or not found.groups:
        return list(places)
    scores = scored(found)
    return sorted(places, key=lambda one: -scores[one])


def _by_city(entry: Entry) -> tuple[bool, str]:
    return not entry.city, fold(entry.city_name)


def scored(found: Found) -> Counter[int]:
    """By place of the biobank: the best of where each of the words is."""
    layout, scores = found.holdings.layout, Counter[int]()
    for group in found.groups:
        best: dict[int, int] = {}
        kinds = ((TOLD, group.hit.told), (CALLED, group.hit.called), (ABOUT, group.exact))
        for weight, bits in (*kinds, (NAMED, group.hit.named)):
            best |= dict.fromkeys(layout.places(bits), weight)
        scores.update(best)
    said = " ".join(word for group in found.groups for word in group.words)
    for place in layout.places(any_of(group.hit.named for group in found.groups)):
        names = found.catalogue.entries[place].names
        if any(f" {said} " in f" {fold(name)} " for name in names if name):
            scores[place] += IS_NAME
    return scores
