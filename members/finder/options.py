"""The options of each facet, with what is found beside all else that is asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from members.finder import diseases
from members.finder.entries import Catalogue
from members.finder.facets import FACETS, Facet
from members.finder.layout import Bits
from members.finder.wishes import Wish

LISTED = 8  # options of a facet before "more"
FOLDED = ("field", "data", "type", "sex")


@dataclass(frozen=True)
class Option:
    """A value of a facet. `count`: what is found with it beside all else that is asked."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    """What of a facet is found. `more` are the options that few have. One that is not listed is
    typed: `typed` stands in its field.
    """

    name: str
    label: str
    options: Sequence[Option] = ()
    more: Sequence[Option] = ()
    is_listed: bool = True
    typed: str = ""

    @property
    def is_folded(self) -> bool:
        """Asked for by few: so that keys reach the results soon."""
        return self.name in FOLDED and not any(option.is_chosen for option in self.options)


def shown(
    wish: Wish, catalogue: Catalogue, left: Callable[[Facet], Bits], count: Callable[[Bits], int]
) -> list[ShownFacet]:
    return [
        facet
        for each in FACETS
        for facet in _of(each, wish, catalogue, _counts(left(each), count))
        if facet.options or not facet.is_listed
    ]


def _counts(left: Bits, count: Callable[[Bits], int]) -> Callable[[Bits], int]:
    return lambda bits: count(left & bits)


def _of(
    facet: Facet, wish: Wish, catalogue: Catalogue, count: Callable[[Bits], int]
) -> Iterator[ShownFacet]:
    picked = wish.chosen.get(facet.name, frozenset())
    if not facet.is_listed:
        if catalogue.holdings.ages:
            yield ShownFacet(
                facet.name, str(facet.label), is_listed=False, typed=max(picked, default="")
            )
    elif facet.name == "disease":
        chapters, rows = diseases.options(catalogue.holdings)
        of_chapters, others = picked & chapters.keys(), picked - chapters.keys()
        options = _options(facet, chapters, of_chapters, catalogue, count)
        yield _shown(facet, _("Group of diseases"), options, of_chapters)
        rows = rows | {value: facet.of([value], catalogue) for value in others - rows.keys()}
        options = _options(facet, rows, others, catalogue, count)
        yield _shown(facet, str(facet.label), options, others)
    else:
        options = _options(facet, catalogue.held[facet.name], picked, catalogue, count)
        yield _shown(facet, str(facet.label), options, picked)


def _shown(
    facet: Facet, label: str, options: Sequence[Option], picked: frozenset[str]
) -> ShownFacet:
    listed = max(LISTED, len(picked))
    return ShownFacet(facet.name, label, options[:listed], options[listed:])


def _options(
    facet: Facet,
    held: Mapping[str, Bits],
    picked: frozenset[str],
    catalogue: Catalogue,
    count: Callable[[Bits], int],
) -> list[Option]:
    """What is chosen comes first, then what most have."""
    counts = {value: count(bits) for value, bits in held.items()}
    options = [
        Option(value, facet.label_of(value, catalogue), counts.get(value, 0), value in picked)
        for value in counts.keys() | picked
        if counts.get(value) or value in picked
    ]
    return sorted(options, key=lambda option: (not option.is_chosen, -option.count, option.label))
