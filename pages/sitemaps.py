"""The addresses of all languages for search engines, each with its translations."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from pages.addresses import full_url
from pages.models import NodePage
from pages.published import published

LONGEST_MAP = 50_000  # addresses; sitemaps.org allows no more in one file


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(
        request, "sitemap.xml", {"urlset": list(_entries())}, content_type="application/xml"
    )


def _entries() -> Iterator[dict[str, Any]]:
    homes = published(NodePage).values("locale")
    own = published(Page).filter(depth__gt=1, alias_of=None, locale__in=homes)
    pages = own.select_related("locale").order_by("path")[:LONGEST_MAP]
    translations: dict[Any, list[dict[str, str]]] = defaultdict(list)
    found = [(page, full_url(page)) for page in pages]
    for page, location in found:
        languages = [page.locale.language_code]
        if languages == [settings.LANGUAGE_CODE]:
            languages.append("x-default")
        translations[page.translation_key] += [
            {"lang_code": language, "location": location} for language in languages
        ]
    for page, location in found:
        alternates = translations[page.translation_key]
        yield {"location": location, "lastmod": page.last_published_at, "alternates": alternates}
