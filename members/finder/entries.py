"""What the finder knows of the biobanks: small, and the same on every database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeAlias
from uuid import UUID

from django.utils.translation import get_language

from members import codes
from members.models.code_labels import label
from members.profiles.saying import Said, nearest
from pages.search.words import fold


@dataclass(frozen=True)
class Entry:
    """A biobank as lists show it. `names` and `texts` are what the search looks in."""

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
    collections: int
    names: tuple[str, ...]
    texts: tuple[str, ...]

    @cached_property
    def named(self) -> str:
        """Its names, folded: only once somebody searches, as it takes longer than all the rest."""
        return f" {fold(' '.join(self.names))} "

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
    """All biobanks that lists hold, by name."""

    entries: tuple[Entry, ...]
    networks: Networks  # in the editors' order
    standards: Mapping[str, str]  # by the value of the facet
    data_date: date | None  # of the Directory's data
    as_of: date | None  # when the latest fact was changed
    known: Mapping[str, Mapping[str, str]] = field(repr=False)  # facet -> folded -> value
    collection_names: Callable[[], Mapping[int, list[str]]] = field(repr=False)  # by biobank

    def networks_here(self) -> Mapping[str, NetworkName]:
        """By slug, as the reader's language calls them."""
        return self.networks.get(get_language() or "", {})

    def networks_of(self, entry: Entry) -> list[NetworkName]:
        """In the editors' order."""
        networks = self.networks_here()
        return [name for slug, name in networks.items() if slug in entry.held["network"]]

    def in_network(self, slug: str) -> list[Entry]:
        return [entry for entry in self.entries if slug in entry.held["network"]]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Of the names: fuzzy search: what a typo may have meant."""
        return frozenset(word for entry in self.entries for word in entry.named.split())

    @cached_property
    def about(self) -> Mapping[int, str]:
        """By biobank: all that is said of it beside its names, folded; once somebody searches."""
        of_collections = self.collection_names()
        return {
            entry.pk: f" {fold(' '.join([*entry.texts, *of_collections.get(entry.pk, ())]))} "
            for entry in self.entries
        }

    @property
    def cities(self) -> set[str]:
        return {entry.city for entry in self.entries if entry.city}

    @property
    def collections(self) -> int:
        return sum(entry.collections for entry in self.entries)
