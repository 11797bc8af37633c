"""Sets of collections as whole numbers, a bit each: to narrow and to count takes microseconds.

A biobank has a block of bits: its collections, then the biobank itself, which what it says as a
whole is about, then one that stays free. To add the whole block to what is found in it sets the
free bit where anything is found: so biobanks are counted without looking at each.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

Bits = int


class Layout:
    """`sizes`: of each biobank, its collections. `wide`: the biobanks that say themselves what they
    hold: it is theirs, whichever of their collections has it.
    """

    def __init__(self, sizes: Sequence[int], wide: Iterable[int] = ()) -> None:
        self.sizes = sizes
        self.starts: list[int] = []
        here = 0
        for size in sizes:
            self.starts.append(here)
            here += size + 2
        self.wide = any_of(1 << self.itself(place) for place in wide)

    def itself(self, place: int) -> int:
        """The bit of the biobank at this place of the list."""
        return self.starts[place] + self.sizes[place]

    def block(self, place: int) -> Bits:
        """All that is its."""
        return ((2 << self.sizes[place]) - 1) << self.starts[place]

    @cached_property
    def everything(self) -> Bits:
        return any_of(map(self.block, range(len(self.sizes))))

    @cached_property
    def themselves(self) -> Bits:
        """The biobanks, without their collections."""
        return any_of(1 << self.itself(place) for place in range(len(self.sizes)))

    @cached_property
    def _free(self) -> Bits:
        return self.themselves << 1

    @cached_property
    def _place_of(self) -> dict[int, int]:
        return {self.itself(place): place for place in range(len(self.sizes))}

    def having(self, found: Bits) -> Bits:
        """The biobanks, themselves, that are found or have a collection found."""
        return ((found + self.everything) & self._free) >> 1

    def widened(self, found: Bits) -> Bits:
        """With the biobanks that say themselves what they hold."""
        return found | (self.having(found) & self.wide)

    def places(self, found: Bits) -> list[int]:
        """Of the biobanks, in the order of the list."""
        return [self._place_of[bit] for bit in numbers(self.having(found))]

    def collections(self, found: Bits, place: int) -> list[int]:
        """Of one biobank, those that are found."""
        start = self.starts[place]
        return list(numbers(found >> start & ((1 << self.sizes[place]) - 1)))

    def blocks(self, places: Iterable[int]) -> Bits:
        return any_of(map(self.block, places))


def any_of(several: Iterable[Bits]) -> Bits:
    found = 0
    for bits in several:
        found |= bits
    return found


def bits_at(places: Iterable[int]) -> Bits:
    """Quicker than one by one, where they are many."""
    places = list(places)
    octets = bytearray(max(places, default=0) // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def numbers(found: Bits) -> Iterator[int]:
    """Of the bits that are set."""
    for place, digit in enumerate(reversed(f"{found:b}")):
        if digit == "1":
            yield place
