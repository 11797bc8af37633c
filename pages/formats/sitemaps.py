"""The addresses of all languages for search engines, each with its translations.

`/sitemap.xml` leads to one file a kind, so that a change of one biobank is no change of the news.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Page

from pages.formats.reading import read_only
from pages.models import EventPage, NewsPage, NodePage, PersonPage
from pages.tree.addresses import full_url
from pages.tree.lists import empty_lists
from pages.tree.published import published

Entry = dict[str, Any]
LONGEST_MAP = 50_000  # addresses; sitemaps.org allows no more in one file


@read_only
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The maps that hold something: an empty one is not valid (sitemaps.org)."""
    filled = [kind for kind, entries in kinds.items() if next(iter(entries()), None)]
    address = partial(reverse, "sitemap")
    maps = [{"location": settings.SITE_URL + address(kwargs={"kind": kind})} for kind in filled]
    return _answer(request, "sitemap_index.xml", {"sitemaps": maps})


@read_only
def sitemap(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in kinds:
        raise Http404
    return _answer(request, "sitemap.xml", {"urlset": islice(kinds[kind](), LONGEST_MAP)})


def alternates(locations: Mapping[str, str]) -> list[dict[str, str]]:
    """The same thing in each language, by its code."""
    found = [{"lang_code": code, "location": address} for code, address in locations.items()]
    own = locations.get(settings.LANGUAGE_CODE)
    return [*found, {"lang_code": "x-default", "location": own}] if own else found


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml")


def _pages(model: type[Page]) -> Iterator[Entry]:
    """Those of a type; of `Page` itself, those that have no map of their own."""
    homes = published(NodePage).values("locale")
    own = published(model).filter(depth__gt=1, alias_of=None, locale__in=homes)
    own = own.exclude(pk__in=empty_lists())
    if model is Page:
        own = own.not_exact_type(*OF_THEIR_OWN.values())
    pages = own.select_related("locale").order_by("path")[:LONGEST_MAP]
    found = [(page, full_url(page)) for page in pages]
    translations: dict[Any, dict[str, str]] = defaultdict(dict)
    for page, location in found:
        translations[page.translation_key][page.locale.language_code] = location
    for page, location in found:
        others = alternates(translations[page.translation_key])
        yield {"location": location, "lastmod": page.last_published_at, "alternates": others}


OF_THEIR_OWN: dict[str, type[Page]] = {"news": NewsPage, "events": EventPage, "people": PersonPage}
# By the name in the address: what makes the entries. Other rooms add what they show.
kinds: dict[str, Callable[[], Iterable[Entry]]] = {
    "pages": partial(_pages, Page),
    **{name: partial(_pages, model) for name, model in OF_THEIR_OWN.items()},
}
