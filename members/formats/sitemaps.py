"""The biobanks for search engines: rows, each with an address below the finder of each language."""

from collections.abc import Iterator

from members.models import Biobank, BiobanksPage
from pages.formats.sitemaps import Entry, alternates, kinds
from pages.models import NodePage
from pages.tree.addresses import full_url
from pages.tree.published import published


def biobanks() -> Iterator[Entry]:
    homes = published(NodePage).values("locale")
    finders = published(BiobanksPage).filter(alias_of=None, locale__in=homes)
    found = {page.locale.language_code: full_url(page) for page in finders.select_related("locale")}
    for slug, as_of in Biobank.objects.shown().values_list("slug", "as_of") if found else ():
        locations = {code: f"{address}{slug}/" for code, address in found.items()}
        others = alternates(locations)
        for location in locations.values():
            yield {"location": location, "lastmod": as_of, "alternates": others}


kinds["biobanks"] = biobanks
