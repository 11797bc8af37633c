"""The one door to what visitors may see: live, not behind a restriction, in one language."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.query import PageQuerySet

PageType = TypeVar("PageType", bound=Page)

# Each gives the pages that a room above holds back until it is time for them.
held_back: "list[Callable[[], QuerySet[Any]]]" = []

# What was read of the restrictions while this request is answered; None outside of one.
_kept: ContextVar[list[list[str]] | None] = ContextVar("closed paths", default=None)


def published(model: type[PageType], locale: Locale | None = None) -> PageQuerySet[PageType]:
    """Live pages that neither they nor an ancestor restrict; of all languages where none is given.

    An alias is as restricted as its source. Lists, search, feeds and links all start here.
    """
    pages = model._default_manager.live()
    if closed := closed_paths():
        pages = pages.exclude(_in(closed))
    return pages.filter(locale=locale) if locale else pages


def closed_paths() -> list[str]:
    """Paths of restricted pages and of those held back: they and all below them are closed.

    Read once a request.
    """
    kept = _kept.get()
    if kept is None:
        kept = []
    if not kept:
        restricted = PageViewRestriction.objects.values_list("page__path", flat=True)
        waiting = (pages().order_by().values_list("path", flat=True) for pages in held_back)
        kept.append(list(restricted.union(*waiting)))
    return kept[0]


def is_closed(page: Page) -> bool:
    """Whether a restriction may stand above a page, or above what it is an alias of."""
    paths = [page.path, page.alias_of.path] if page.alias_of_id else [page.path]
    return any(path.startswith(closed) for path in paths for closed in closed_paths())


@contextmanager
def restrictions_kept() -> Iterator[None]:
    """Within it the restrictions are read once."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def _in(closed: Collection[str]) -> Q:
    hidden = Q(pk__in=[])
    for path in closed:
        hidden |= Q(path__startswith=path) | Q(alias_of__path__startswith=path)
    return hidden
