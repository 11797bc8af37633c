"""The addresses of all languages for search engines, each with its translations."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from pages.formats.reading import read_only
from pages.models import NodePage
from pages.tree.addresses import full_url
from pages.tree.published import published

Entry = dict[str, Any]
# What other rooms add: each makes the entries of what it shows that is no page.
additions: list[Callable[[], Iterable[Entry]]] = []

LONGEST_MAP = 50_000  # addresses; sitemaps.org allows no more in one file


@read_only
def sitemap(request: HttpRequest) -> HttpResponse:
    entries = [*_entries(), *(entry for addition in additions for entry in addition())]
    context = {"urlset": entries[:LONGEST_MAP]}
    return render(request, "sitemap.xml", context, content_type="application/xml")


def alternates(locations: Mapping[str, str]) -> list[dict[str, str]]:
    """The same thing in each language, by its code."""
    found = [{"lang_code": code, "location": address} for code, address in locations.items()]
    own = locations.get(settings.LANGUAGE_CODE)
    return [*found, {"lang_code": "x-default", "location": own}] if own else found


def _entries() -> Iterator[Entry]:
    homes = published(NodePage).values("locale")
    own = published(Page).filter(depth__gt=1, alias_of=None, locale__in=homes)
    pages = own.select_related("locale").order_by("path")[:LONGEST_MAP]
    found = [(page, full_url(page)) for page in pages]
    translations: dict[Any, dict[str, str]] = defaultdict(dict)
    for page, location in found:
        translations[page.translation_key][page.locale.language_code] = location
    for page, location in found:
        others = alternates(translations[page.translation_key])
        yield {"location": location, "lastmod": page.last_published_at, "alternates": others}
