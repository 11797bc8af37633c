"""A shortlist: collections chosen in the address itself, so that nothing is kept of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from members.models.collections import Collection

MOST_CHOSEN = 50
LONGEST_KEY = 9  # digits


@dataclass(frozen=True)
class Shortlist:
    """`is_cut`: more were chosen than it holds. `lost`: how many of the chosen are not listed.

    `keys`: of the collections it shows.
    """

    collections: Sequence[Collection]
    is_cut: bool
    lost: int

    @property
    def keys(self) -> list[str]:
        return [str(collection.pk) for collection in self.collections]

    @property
    def query(self) -> str:
        return query_of(self.keys)


def query_of(keys: Sequence[str]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("c", list(keys))
    return query.urlencode()


def wanted_keys(query: QueryDict) -> list[str]:
    """The numbers in `c`, each once; whatever else stands there is ignored."""
    numbers = (key for key in query.getlist("c") if key.isascii() and key.isdigit())
    return list(dict.fromkeys(str(int(key)) for key in numbers if len(key) <= LONGEST_KEY))


def chosen_collections(query: QueryDict) -> Shortlist:
    """What is chosen and visitors may see, by number or by Directory id."""
    keys, ids = wanted_keys(query), {key for key in query.getlist("c") if ":" in key}
    wanted = Q(pk__in=keys) | Q(directory_id__in=ids)
    shown = (
        Collection.objects.shown().filter(wanted).with_traits().select_related("biobank__profile")
    )
    found = list(shown.order_by("biobank__name", "name", "directory_id")[: MOST_CHOSEN + 1])
    is_cut = len(found) > MOST_CHOSEN  # then nobody looked for the others
    there = {name for one in found for name in (str(one.pk), one.directory_id)}
    return Shortlist(found[:MOST_CHOSEN], is_cut, 0 if is_cut else len({*keys, *ids} - there))
