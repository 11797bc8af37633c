"""The biobanks and collections for search engines: rows, each with an address in each language."""

from collections.abc import Iterable, Iterator
from datetime import date

from members.models import Biobank, BiobanksPage, Collection
from pages.formats.sitemaps import Entry, alternates, kinds
from pages.models import NodePage
from pages.tree.addresses import full_url
from pages.tree.published import published


def biobanks() -> Iterator[Entry]:
    rows = Biobank.objects.shown().values_list("slug", "as_of")
    return _entries((f"{slug}/", as_of) for slug, as_of in rows.iterator())


def collections() -> Iterator[Entry]:
    rows = Collection.objects.shown().exclude(slug="").order_by("biobank__slug", "slug")
    told = rows.values_list("biobank__slug", "slug", "as_of")
    return _entries((f"{biobank}/{slug}/", as_of) for biobank, slug, as_of in told.iterator())


def _entries(rows: Iterable[tuple[str, date]]) -> Iterator[Entry]:
    """`rows`: addresses below the finder's, each with the day it was last changed."""
    homes = published(NodePage).values("locale")
    finders = published(BiobanksPage).filter(alias_of=None, locale__in=homes)
    found = {page.locale.language_code: full_url(page) for page in finders.select_related("locale")}
    for below, as_of in rows if found else ():
        locations = {code: f"{address}{below}" for code, address in found.items()}
        others = alternates(locations)
        for location in locations.values():
            yield {"location": location, "lastmod": as_of, "alternates": others}


kinds["biobanks"] = biobanks
kinds["collections"] = collections
