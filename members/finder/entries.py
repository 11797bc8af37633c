"""What the finder knows of the biobanks: small, and the same on every database."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeAlias
from uuid import UUID

from django.utils.translation import get_language

from members import codes
from members.finder.layout import Bits, Layout
from members.finder.texts import Texts
from members.models.code_labels import label
from members.profiles.saying import Said, nearest

Held: TypeAlias = Mapping[str, Mapping[str, Bits]]  # by facet and value
OF_WHOLE = frozenset({"network", "quality"})  # facets of a biobank, that have names


class Part(NamedTuple):
    """A collection as lists show it."""

    pk: int
    slug: str
    name: str


@dataclass(frozen=True)
class Entry:
    """A biobank as lists show it. `names`: what it is called, where it is, and whose it is."""

    pk: int
    slug: str
    name: str
    acronym: str
    juridical_person: str
    city: str
    district: str
    latitude: float | None
    longitude: float | None
    description: str
    own_language: str
    name_language: str
    hosts: tuple[Said, ...]
    introductions: Mapping[str, str]  # by language, without markup
    held: Mapping[str, frozenset[str]]  # by facet
    standards: tuple[str, ...]
    collections: int  # without those that are a part of another
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def host(self) -> Said | None:
        """As the reader's language calls it, else as it calls itself."""
        fallback = [Said(self.juridical_person)] if self.juridical_person else []
        return next(iter([*nearest(self.hosts, self.own_language), *fallback]), None)

    @property
    def introduction(self) -> str:
        """In the reader's language."""
        return self.introductions.get(get_language() or "", "")

    @property
    def city_name(self) -> str:
        return codes.city_name(self.city)

    @property
    def materials(self) -> list[str]:
        """In the reader's words."""
        held = self.held["material"]
        return sorted(label(codes.TraitKind.MATERIAL, code) for code in held)


class Age(NamedTuple):
    """Of the donors of a collection, in years."""

    place: int  # its bit
    low: float
    high: float


@dataclass(frozen=True, eq=False)  # large: found by identity
class Holdings:
    """All biobanks that lists hold, by name, and what their collections hold.

    `held`: by facet; networks by their key. `diseases`: by code, as the Directory writes it, and
    `labels` what it calls that. `told`: what collections say in words.
    """

    entries: tuple[Entry, ...]
    layout: Layout
    held: Held = field(repr=False)
    diseases: Mapping[str, Bits] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    ages: tuple[Age, ...] = field(repr=False)
    standards: Mapping[str, str]  # by the value of the facet
    data_date: date | None  # of the Directory's data
    as_of: date | None  # when the latest fact was changed
    told: Mapping[int, str] = field(repr=False)  # by collection

    @cached_property
    def names(self) -> Texts:
        """By place of the biobank."""
        return Texts(" ".join(entry.names) for entry in self.entries)

    @cached_property
    def texts(self) -> Texts:
        """By bit: what each collection, then its biobank, says beside its names."""
        return Texts(
            text
            for entry in self.entries
            for text in (
                *(self.told.get(one.pk, "") for one in entry.parts),
                " ".join(entry.texts),
                "",
            )
        )

    @cached_property
    def meanings(self) -> tuple[list[Bits], Texts]:
        """Of the Directory's labels of diseases."""
        return [self.diseases[code] for code in self.labels], Texts(self.labels.values())


@dataclass(frozen=True)
class NetworkName:
    """A network as its page of one language calls it. `key` is the same in every language."""

    key: UUID
    slug: str
    title: str
    acronym: str
    language: str  # of the title

    @property
    def short(self) -> str:
        return self.acronym or self.title


Networks: TypeAlias = Mapping[str, Mapping[str, NetworkName]]  # by language and slug


@dataclass(frozen=True)
class Catalogue:
    """The biobanks, and the networks as their pages call them."""

    holdings: Holdings
    networks: Networks  # in the editors' order
    held: Held = field(repr=False)  # networks by their slug
    known: Mapping[str, Mapping[str, str]] = field(repr=False)  # facet -> folded -> value
    words: Mapping[tuple[str, str], str] = field(repr=False)  # what calls a facet's value

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.holdings.entries

    @property
    def standards(self) -> Mapping[str, str]:
        return self.holdings.standards

    @property
    def data_date(self) -> date | None:
        return self.holdings.data_date

    @property
    def as_of(self) -> date | None:
        return self.holdings.as_of

    def networks_here(self) -> Mapping[str, NetworkName]:
        """By slug, as the reader's language calls them."""
        return self.networks.get(get_language() or "", {})

    def networks_of(self, entry: Entry) -> list[NetworkName]:
        """In the editors' order."""
        keys = entry.held["network"]
        return [name for name in self.networks_here().values() if str(name.key) in keys]

    def in_network(self, slug: str) -> list[Entry]:
        places = self.holdings.layout.places(self.held["network"].get(slug, 0))
        return [self.entries[place] for place in places]

    @cached_property
    def namings(self) -> tuple[list[Bits], Texts]:
        """Whose networks and quality marks are called something, in any language."""
        return self._said(OF_WHOLE)

    @cached_property
    def callings(self) -> tuple[list[Bits], Texts]:
        """Likewise, what collections hold."""
        return self._said({name for name, _value in self.words} - OF_WHOLE)

    def _said(self, facets: Set[str]) -> tuple[list[Bits], Texts]:
        words = {key: said for key, said in self.words.items() if key[0] in facets}
        return [self.held[facet].get(value, 0) for facet, value in words], Texts(words.values())

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """What a slip of the pen may have meant: names of biobanks, and of what facets hold."""
        facets = (texts.words() for _bits, texts in (self.namings, self.callings))
        return self.holdings.names.words().union(*facets)

    @property
    def cities(self) -> set[str]:
        return {entry.city for entry in self.entries if entry.city}

    @property
    def collections(self) -> int:
        return sum(entry.collections for entry in self.entries)
