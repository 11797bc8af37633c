"""Translations that visitors read partly in the words of the original.

None becomes so any more: they were published before a translation had to be whole.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from pages.translating import rights
from pages.translating.pieces import left_live, translation_of


@dataclass(frozen=True)
class Unfinished:
    page: Page
    count: int  # pieces in the original's words


def unfinished(user: rights.User) -> Iterator[Unfinished]:
    """Those that somebody may write in, language by language."""
    left = defaultdict(set)
    for key, locale, place, words, _language in left_live():
        left[key, locale].add((place, words))
    pages = Page.objects.live().filter(alias_of=None, translation_key__in={key for key, _ in left})
    for page in pages.order_by("locale", "path").specific():
        pieces = left.get((page.translation_key, page.locale_id))
        count = len(pieces & _words(page)) if pieces else 0
        if count and translation_of(page) and not rights.to_write(user, page):
            yield Unfinished(page, count)


def _words(page: Page) -> set[tuple[str, str]]:
    """Of the page as visitors read it, each with its place."""
    return {
        (segment.path, segment.string.data)
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue)
    }


class UnfinishedPanel(Component):
    """At the head of the admin's first screen."""

    name = "unfinished"
    template_name = "pages/admin/unfinished.html"
    order = 105  # after the counts of what there is

    class Media:
        css = {"all": ["pages/translating.css"]}

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"unfinished": list(unfinished(parent_context["request"].user))}
