"""Translations that visitors read partly in the words of the original.

None becomes so any more: they were published before a translation had to be whole.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet
from wagtail_localize.models import Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from pages.translating import rights
from pages.translating.pieces import TICKED, open_in


@dataclass(frozen=True)
class Unfinished:
    page: Page
    count: int  # pieces in the original's words


def unfinished(user: rights.User) -> Iterator[Unfinished]:
    """Those that somebody may write in, language by language."""
    for locale in Locale.objects.all():
        live = Page.objects.live().filter(locale=locale, alias_of=None)
        pieces = _pieces(locale, live)
        for page in live.filter(translation_key__in=pieces).order_by("path").specific():
            count = len(pieces[page.translation_key] & _words(page))
            if count and not rights.to_write(user, page):
                yield Unfinished(page, count)


def _pieces(locale: Locale, live: PageQuerySet[Page]) -> dict[object, set[tuple[str, str]]]:
    """Place and words of those that are open, or translated and not yet published."""
    drafted = live.filter(has_unpublished_changes=True).values("translation_key")
    waiting = open_in(locale.pk) | open_in(locale.pk, TICKED).filter(source__object__in=drafted)
    going_on = Translation.objects.filter(target_locale=locale, enabled=True)
    found = defaultdict(set)
    for path, words, key in waiting.filter(source__in=going_on.values("source")).values_list(
        "context__path", "string__data", "source__object"
    ):
        found[key].add((path, words))
    return found


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
