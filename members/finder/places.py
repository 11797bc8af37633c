"""The map: the border, and in it a dot for each town with its name beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import NamedTuple

from members.belgium import BORDER
from members.finder.entries import Entry

# Centres of towns, as (latitude, longitude). Of another town, its biobanks' own place is shown.
CENTRES = {
    "Antwerp": (51.22, 4.40),
    "Bruges": (51.21, 3.22),
    "Brussels": (50.85, 4.35),
    "Charleroi": (50.41, 4.44),
    "Genk": (50.97, 5.50),
    "Ghent": (51.05, 3.73),
    "Hasselt": (50.93, 5.34),
    "Leuven": (50.88, 4.70),
    "Liège": (50.63, 5.57),
    "Mechelen": (51.03, 4.48),
    "Mol": (51.19, 5.12),
    "Mons": (50.45, 3.95),
    "Namur": (50.47, 4.87),
    "Tournai": (50.61, 3.39),
    "Yvoir": (50.33, 4.88),
}
# Of towns outside Brussels, by what readers call their part of the country.
REGIONS = {
    "Flanders Vlaanderen Flandre Flandern": (
        "Aalst", "Antwerp", "Bonheiden", "Bruges", "Diepenbeek", "Edegem", "Genk", "Ghent",
        "Hasselt", "Kortrijk", "Leuven", "Mechelen", "Mol", "Ostend", "Roeselare", "Turnhout",
        "Wilrijk",
    ),
    "Wallonia Wallonië Wallonie Wallonien": (
        "Arlon", "Charleroi", "Eupen", "La Louvière", "Liège", "Louvain-la-Neuve", "Mons", "Namur",
        "Tournai", "Verviers", "Yvoir",
    ),
}  # fmt: skip
NORTH, SOUTH, WEST, EAST = 51.6, 49.4, 2.4, 6.5  # degrees, around Belgium
WIDTH, HEIGHT = 400, 338  # units of the drawing: a degree of longitude is shorter there
LETTER, LINE = 8.2, 18.0  # units: width of a letter of a name at most, height of a line
SMALLEST, GROWTH, LARGEST = 5.0, 0.8, 12.0  # units: a dot's radius, and what each biobank adds
MOST_NAMES = 40  # names find no room among more


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


INSIDE = Box(0, 0, WIDTH, HEIGHT)


@dataclass(frozen=True)
class Place:
    """A dot. The name stands at `name_x`, `name_y`, where `anchor` says which end of it that is."""

    city: str
    name: str
    number: int
    x: float
    y: float
    radius: float
    name_x: float = 0
    name_y: float = 0
    anchor: str = ""  # none: there is no room for the name, which only the list says

    @property
    def label(self) -> str:
        return f"{self.name} ({self.number})"


@dataclass(frozen=True)
class Map:
    """`border`: the corners of a polygon, as SVG writes them."""

    places: Sequence[Place]
    border: str
    width: int = WIDTH
    height: int = HEIGHT


def region_names(city: str) -> list[str]:
    """Of the part of the country that a town is in, in every language."""
    return [names for names, towns in REGIONS.items() if city in towns]


def map_of(entries: Iterable[Entry]) -> Map | None:
    """Of the towns whose place is known; the largest finds room for its name first."""
    dots = sorted(_dots(entries), key=lambda dot: (-dot.number, dot.name))
    return Map(list(_named(dots)), OUTLINE) if dots else None


def _dots(entries: Iterable[Entry]) -> Iterator[Place]:
    towns: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.city:
            towns[entry.city].append(entry)
    for city, members in towns.items():
        if point := CENTRES.get(city) or _middle(members):
            number = len(members)
            radius = min(SMALLEST + GROWTH * number, LARGEST)
            x, y = on_map(*point)
            if INSIDE.left < x < INSIDE.right and INSIDE.top < y < INSIDE.bottom:
                yield Place(city, members[0].city_name, number, x, y, radius)


def _middle(members: Sequence[Entry]) -> tuple[float, float] | None:
    points = [(one.latitude, one.longitude) for one in members if one.latitude is not None]
    if not points:
        return None
    north = fmean(latitude for latitude, _longitude in points if latitude is not None)
    return north, fmean(longitude for _latitude, longitude in points if longitude is not None)


def on_map(latitude: float, longitude: float) -> tuple[float, float]:
    x = (longitude - WEST) / (EAST - WEST) * WIDTH
    y = (NORTH - latitude) / (NORTH - SOUTH) * HEIGHT
    return round(x, 1), round(y, 1)


OUTLINE = " ".join("{},{}".format(*on_map(north, east)) for east, north in BORDER)


def _named(dots: Sequence[Place]) -> Iterator[Place]:
    taken = [Box(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in dots]
    for place, dot in enumerate(dots):
        others = taken[:place] + taken[place + 1 :]
        for name, box in _seats(dot) if place < MOST_NAMES else ():
            inside = box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= HEIGHT
            if inside and not any(map(box.meets, others)):
                taken.append(box)
                yield name
                break
        else:
            yield dot


def _seats(dot: Place) -> Iterator[tuple[Place, Box]]:
    """Where the name may stand, the best first: beside the dot, then at a corner of it."""
    width, half, gap = len(dot.label) * LETTER, LINE / 2, dot.radius + 4
    low, high = dot.y + dot.radius + half, dot.y - dot.radius - half
    for x, middle, anchor, left in (
        (dot.x + gap, dot.y, "start", dot.x + gap),
        (dot.x - gap, dot.y, "end", dot.x - gap - width),
        (dot.x, low, "start", dot.x),
        (dot.x, high, "start", dot.x),
        (dot.x, low, "end", dot.x - width),
        (dot.x, high, "end", dot.x - width),
    ):
        seat = replace(dot, name_x=round(x, 1), name_y=round(middle + 5, 1), anchor=anchor)
        yield seat, Box(left, middle - half, left + width, middle + half)
