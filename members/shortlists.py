"""A shortlist: collections chosen in the address itself, so that nothing is kept of anybody."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Q, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponsePermanentRedirect, QueryDict

from members.models.collections import Collection, CollectionQuerySet, OldCollectionSlug
from members.models.kept_with import OldSlug
from visitors.requests import LONGEST_ADDRESS

MOST_CHOSEN = 50
LONGEST_KEY = 250  # characters: a Directory id's
NUMBER = re.compile(r"[1-9][0-9]{0,8}")  # of a row: what addresses held before
SLUGS = re.compile(r"[-\w]+/[-\w]+", re.ASCII)
DIRECTORY_ID = re.compile(r"bbmri-eric:[\w.@:-]+", re.ASCII)
AS_THEY_ARE = ":/"  # signs of a key that a query may hold
PLACE = Concat("biobank__slug", Value("/"), "slug", output_field=CharField())


@dataclass(frozen=True)
class Shortlist:
    """`is_cut`: more were chosen than it holds. `lost`: how many of the chosen are not listed."""

    collections: Sequence[Collection] = ()
    is_cut: bool = False
    lost: int = 0

    @property
    def keys(self) -> list[str]:
        return [collection.key for collection in self.collections]

    @property
    def query(self) -> str:
        return query_of(self.keys)


def query_of(keys: Sequence[str]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("c", list(keys))
    return query.urlencode(AS_THEY_ARE)


def chosen_collections(query: QueryDict, among: CollectionQuerySet | None = None) -> Shortlist:
    """What is chosen and visitors may see, by Directory id or by the slugs of its address.

    `among`: read with more than its biobank.
    """
    wanted = _wanted(query)
    if not wanted:
        return Shortlist()
    places = where_now({key for key in wanted if SLUGS.fullmatch(key)})
    either = (
        Q(pk__in=[key for key in wanted if NUMBER.fullmatch(key)])
        | Q(directory_id__in=[key for key in wanted if DIRECTORY_ID.fullmatch(key)])
        | Q(place__in=set(places.values()))
    )
    shown = Collection.objects.shown() if among is None else among
    rows = shown.select_related("biobank").defer("counts").annotate(place=PLACE).filter(either)
    found = list(rows.order_by("biobank__name", "name", "directory_id")[: MOST_CHOSEN + 1])
    if len(found) > MOST_CHOSEN:  # then nobody looked for the others
        return Shortlist(found[:MOST_CHOSEN], is_cut=True)
    there = {name for one in found for name in (str(one.pk), one.directory_id, one.place)}
    return Shortlist(found, lost=sum(places.get(key, key) not in there for key in wanted))


def renamed(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """To the same address with names that last, where it holds numbers of rows and has room."""
    query = request.GET.copy()
    keys = query.getlist("c")
    numbers = {key for key in keys if NUMBER.fullmatch(key)}
    rows = Collection.objects.shown().select_related("biobank").filter(pk__in=numbers)
    names = {str(row.pk): row.key for row in rows} if numbers else {}
    query.setlist("c", [names.get(key, key) for key in keys])
    address = f"{request.path}?{query.urlencode(AS_THEY_ARE)}"
    return (
        HttpResponsePermanentRedirect(address) if names and len(address) < LONGEST_ADDRESS else None
    )


def _wanted(query: QueryDict) -> list[str]:
    """What may name a collection, each once; whatever else stands there is ignored."""
    keys = dict.fromkeys(query.getlist("c"))
    return [key for key in keys if _may_name(key)]


def _may_name(key: str) -> bool:
    is_short = len(key) <= LONGEST_KEY
    return is_short and any(one.fullmatch(key) for one in (NUMBER, SLUGS, DIRECTORY_ID))


def where_now(places: Iterable[str]) -> Mapping[str, str]:
    """Each `biobank/collection` with the one that it leads to, where an address was given up."""
    if not places:
        return {}
    split = {place: place.split("/") for place in places}
    banks = OldSlug.objects.filter(slug__in={bank for bank, _name in split.values()})
    moved = dict(banks.values_list("slug", "biobank__slug"))
    now = {place: f"{moved.get(bank, bank)}/{name}" for place, (bank, name) in split.items()}
    old = OldCollectionSlug.objects.annotate(place=PLACE).filter(place__in=set(now.values()))
    rows = old.select_related("collection__biobank")
    led = {row.place: f"{row.collection.biobank.slug}/{row.collection.slug}" for row in rows}
    return {place: led.get(here, here) for place, here in now.items()}
