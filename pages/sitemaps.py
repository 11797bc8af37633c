"""The addresses of all languages for search engines, each with its translations."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from pages.addresses import full_url
from pages.published import published

LONGEST_MAP = 50_000  # addresses; sitemaps.org allows no more in one file


def sitemap(request: HttpRequest) -> HttpResponse:
    return render(
        request, "sitemap.xml", {"urlset": list(_entries())}, content_type="application/xml"
    )


def _entries() -> Iterator[dict[str, Any]]:
    pages = (
        published(Page).filter(depth__gt=1).select_related("locale").order_by("path")[:LONGEST_MAP]
    )
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
