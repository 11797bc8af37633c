"""The catalogue is read once and kept until something changes.

To find in it and to count it needs no database, and is as quick for many. The biobanks are kept
apart from the rest of the site: a page that is published leaves them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from members.finder.entries import Catalogue, Held, Holdings, NetworkName, Networks
from members.finder.facets import FACETS, labels_in_every_language, network_names
from members.finder.reading import read
from members.models.code_labels import label
from members.models.networks import NetworkPage
from pages.search.words import fold
from pages.tree.written import language_of_title
from visitors.cache.generation import kept, kept_apart


def catalogue(day: date | None = None) -> Catalogue:
    """As of today, or another day: memberships begin and end while nothing is saved."""
    return _together(_holdings(day or timezone.localdate()), _networks())


_holdings = kept_apart(read)


@dataclass(frozen=True, eq=False)  # found by identity
class Named:
    """The slug of each network's key, and the networks of each language."""

    slugs: Mapping[UUID, str]
    networks: Networks


@lru_cache(maxsize=1)
def _together(holdings: Holdings, named: Named) -> Catalogue:
    slugs, networks = named.slugs, named.networks
    of_network = holdings.held["network"].items()
    by_slug = {slugs[UUID(key)]: bits for key, bits in of_network if UUID(key) in slugs}
    held = {**holdings.held, "network": by_slug}
    return Catalogue(holdings, networks, held, _known(held, networks), _words(held, networks))


@kept
def _networks() -> Named:
    slugs: dict[UUID, str] = {}
    named: dict[str, dict[str, NetworkName]] = defaultdict(dict)
    for page in NetworkPage.shown().select_related("locale"):
        slugs[page.translation_key] = page.slug
        named[page.locale.language_code][page.slug] = NetworkName(
            page.translation_key, page.slug, page.title, page.acronym, language_of_title(page)
        )
    return Named(slugs, dict(named))


def _known(held: Held, networks: Networks) -> dict[str, dict[str, str]]:
    """What a visitor's query may hold, however it is spelt."""
    return {
        facet.name: {
            fold(spelling): value
            for value in {*facet.always(networks), *held[facet.name]}
            for spelling in (value, *facet.spellings(value))
        }
        for facet in FACETS
    }


def _words(held: Held, networks: Networks) -> Mapping[tuple[str, str], str]:
    """By facet and value, what it is called in any language; names of towns are biobanks' own."""
    words = {("network", slug): names for slug, names in network_names(networks).items()}
    for facet in FACETS:
        own = labels_in_every_language(facet.kind) if facet.kind else {}
        for value in held[facet.name] if facet.kind else ():
            words[facet.name, value] = own.get(value) or f"{value} {label(facet.kind, value)}"
    words |= {("quality", mark): mark.replace("-", " ") for mark in held["quality"]}
    return words
