"""The one door to what visitors may see: live, not behind a restriction, in one language.

A translation is as closed as the page it was made from. One act at the source closes a page in
every language, and none of their rows is written: where it opens again, all are as they were.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Q, QuerySet, Value
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.query import PageQuerySet

from pages.tree.sources import translations_of
from visitors.cache.generation import kept

PageType = TypeVar("PageType", bound=Page)
RESTRICTED, WAITING, RETRACTED = range(3)

# Each gives the pages that a room above holds back until it is time for them.
held_back: "list[Callable[[], QuerySet[Any]]]" = []


@dataclass(frozen=True)
class Closed:
    """Paths of live pages that visitors may not see.

    `branches` are closed with all below them: each with the paths of the restrictions that close
    it, if any does. `retracted` are translations of what is not live, closed by themselves.
    """

    branches: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    retracted: set[str] = field(default_factory=set)

    def restrictions(self, path: str) -> set[str]:
        """The restrictions that a page stands behind, by the paths of the pages that have them."""
        above = (own for branch, own in self.branches.items() if path.startswith(branch))
        return set().union(*above)

    def pages(self) -> Q:
        hidden = Q(path__in=self.retracted) | Q(alias_of__path__in=self.retracted)
        for path in self.branches:
            hidden |= Q(path__startswith=path) | Q(alias_of__path__startswith=path)
        return hidden


def published(model: type[PageType], locale: Locale | None = None) -> PageQuerySet[PageType]:
    """Live pages that nothing closes; of all languages where none is given.

    An alias is as closed as its source. Lists, search, feeds and links all start here.
    """
    pages = model._default_manager.live()
    found = closed()
    if found.branches or found.retracted:
        pages = pages.exclude(found.pages())
    return pages.filter(locale=locale) if locale else pages


def is_closed(page: Page) -> bool:
    """Whether a restriction may stand above a page, or above what it is made from."""
    return any(path.startswith(branch) for branch in closed().branches for path in _paths(page))


def is_retracted(page: Page) -> bool:
    """Whether a page is made from one that is not live. It is as if it were not live itself."""
    retracted = closed().retracted
    return bool(retracted) and not retracted.isdisjoint(_paths(page))


def restrictions_above(page: Page) -> QuerySet[PageViewRestriction]:
    """All that a page stands behind, those of what it was made from too."""
    paths = set().union(*map(closed().restrictions, _paths(page)))
    return PageViewRestriction.objects.filter(page__path__in=paths)


def _paths(page: Page) -> list[str]:
    return [page.path, page.alias_of.path] if page.alias_of_id else [page.path]


@kept
def closed() -> Closed:
    """Read once for every state of the site."""
    found = Closed()
    for path, own, kind in _closed_at_first():
        if kind == RETRACTED:
            found.retracted.add(path)
        else:
            found.branches[path].update([own] if kind == RESTRICTED else [])
    _follow_branches(found)
    _follow_retracted(found)
    return found


def _closed_at_first() -> Iterable[tuple[str, str, int]]:
    """What is closed by itself, and what was made from pages that are not live."""
    restricted = PageViewRestriction.objects.values_list(
        "page__path", "page__path", Value(RESTRICTED)
    )
    waiting = (
        pages().order_by().values_list("path", "path", Value(WAITING)) for pages in held_back
    )
    drafts = translations_of(Page.objects.filter(live=False))
    # Wagtail opens the aliases of a page that is put on a schedule at once.
    early = Page.objects.live().order_by().filter(alias_of__live=False)
    return restricted.union(
        *waiting,
        drafts.values_list("other", "own", Value(RETRACTED)),
        early.values_list("path", "path", Value(RETRACTED)),
    )


def _follow_branches(found: Closed) -> None:
    """To the translations of what is restricted, to what is below them, and to its translations."""
    fresh = {path for path, own in found.branches.items() if own}
    while fresh:
        sources = Page.objects.filter(_below(fresh))
        fresh = set()
        for path, source in sorted(translations_of(sources)):  # what is above comes first
            if own := found.restrictions(source) - found.restrictions(path):
                found.branches[path] |= own
                fresh.add(path)


def _follow_retracted(found: Closed) -> None:
    """To the translations of translations."""
    fresh = found.retracted
    while fresh:
        made = translations_of(Page.objects.filter(path__in=fresh))
        fresh = {path for path, _source in made} - found.retracted
        found.retracted.update(fresh)


def _below(paths: Collection[str]) -> Q:
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(path__startswith=path)
    return within
