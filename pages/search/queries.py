"""The search of the public site: published pages of one language, best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from modelsearch.backends.base import BaseSearchResults
from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

from pages.frame import HOME_DEPTH
from pages.search.excerpts import Fragment, excerpt, marked
from pages.tree.published import published


@dataclass(frozen=True)
class Result:
    """One page found, as the list shows it."""

    page: Page
    address: str
    title: list[Fragment]
    kind: str
    trail: list[Page]
    excerpt: list[Fragment]


def found(asked: list[str], language: str) -> BaseSearchResults:
    """The pages that have all the words. To count them and read a part costs two queries in all."""
    pages = published(Page).filter(
        depth__gte=HOME_DEPTH, locale__in=Locale.objects.filter(language_code=language)
    )
    return pages.search(" ".join(asked))


def results(pages: Sequence[Page], asked: list[str], request: HttpRequest) -> list[Result]:
    """The pages as results. Two queries for all of them, whatever their types."""
    texts = get_search_backend().texts(Page, [page.pk for page in pages])
    above = _pages_above(pages)
    return [
        Result(
            page=page,
            address=page.get_url(request) or "",
            title=marked(page.title, asked),
            kind=page.page_type_display_name,
            trail=[above[path] for path in _paths_above(page) if path in above],
            excerpt=excerpt(texts.get(page.pk, ""), asked),
        )
        for page in pages
    ]


def _pages_above(pages: Sequence[Page]) -> dict[str, Page]:
    """By path, those above these that are published themselves."""
    paths = {path for page in pages for path in _paths_above(page)}
    return {page.path: page for page in published(Page).filter(path__in=paths)}


def _paths_above(page: Page) -> list[str]:
    """Paths of the pages between the home and this one."""
    step = Page.steplen
    return [page.path[:end] for end in range((HOME_DEPTH + 1) * step, len(page.path), step)]
