"""The map of the home: a dot for each town, in the colours of its biobanks' networks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from members.belgium import REGIONS
from members.finder.catalogue import catalogue
from members.finder.entries import Catalogue, Entry, NetworkName
from members.finder.places import Map, Place, map_of, on_map
from visitors.cache.generation import kept

register = template.Library()

COLOURS = 3  # that the style sheet has; what is in no network, or in one more, has none of them
NO_COLOUR = 0
LARGER = 1.25  # than on the finder's map, so that its parts are seen


@dataclass(frozen=True)
class Slice:
    """Of a dot: how many of its biobanks have a colour, and how many stand before them."""

    colour: int
    number: int
    before: int


@dataclass(frozen=True)
class Town:
    place: Place
    slices: Sequence[Slice]
    networks: Sequence[tuple[str, int]]  # what they are called, with the number of their biobanks

    @property
    def scale(self) -> float:
        """Of a dot that is drawn with a radius of 100: browsers cut small circles unevenly."""
        return round(LARGER * self.place.radius / 100, 3)


@dataclass(frozen=True)
class Shown:
    """A network in the legend."""

    name: NetworkName
    colour: int
    number: int


@dataclass(frozen=True)
class Country:
    drawn: Map
    regions: Sequence[str]  # as SVG writes a path
    towns: Sequence[Town]
    networks: Sequence[Shown]
    alone: int  # biobanks in no network


@register.simple_tag
def country() -> Country | None:
    """None while no biobank has a place on the map."""
    return _country(get_language() or "", timezone.localdate())


@kept
def _country(_language: str, _day: date) -> Country | None:
    known = catalogue()
    drawn = map_of(known.entries)
    if drawn is None:
        return None
    names = list(known.networks_here().values())
    colours = {name.key: number for number, name in enumerate(names[:COLOURS], 1)}
    towns: dict[str, list[Entry]] = defaultdict(list)
    for entry in known.entries:
        towns[entry.city].append(entry)
    counted = _counted(known, known.entries)
    return Country(
        drawn,
        OUTLINES,
        [_town(place, towns[place.city], known, colours) for place in drawn.places],
        [Shown(one, colours.get(one.key, NO_COLOUR), n) for one in names if (n := counted[one])],
        sum(not known.networks_of(entry) for entry in known.entries),
    )


def _counted(known: Catalogue, entries: Sequence[Entry]) -> Counter[NetworkName]:
    return Counter(name for entry in entries for name in known.networks_of(entry))


def _town(
    place: Place, entries: Sequence[Entry], known: Catalogue, colours: Mapping[UUID, int]
) -> Town:
    """A biobank has the colour of the first of its networks."""
    firsts = [next(iter(known.networks_of(entry)), None) for entry in entries]
    numbers = Counter(colours.get(name.key, NO_COLOUR) if name else NO_COLOUR for name in firsts)
    slices: list[Slice] = []
    for colour, number in sorted(numbers.items()):
        slices.append(Slice(colour, number, sum(one.number for one in slices)))
    counted = _counted(known, entries)
    return Town(place, slices, [(name.short, number) for name, number in counted.items()])


def _outline(corners: str) -> str:
    points = (corner.split(",") for corner in corners.split())
    places = (on_map(int(north) / 100, int(east) / 100) for east, north in points)
    return "M" + " ".join(f"{round(x)},{round(y)}" for x, y in places) + "z"


OUTLINES = ["".join(map(_outline, parts)) for parts in REGIONS.values()]
