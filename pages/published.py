"""The one door to what visitors may see: live, not behind a restriction, in one language."""

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeVar

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from wagtail.models import Locale, Page, PageViewRestriction

if TYPE_CHECKING:
    from wagtail.query import PageQuerySet

PageType = TypeVar("PageType", bound=Page)


def published(
    model: type[PageType], locale: Locale | None = None, closed: Collection[str] | None = None
) -> "PageQuerySet[PageType]":
    """Live pages that neither they nor an ancestor restrict; of all languages where none is given.

    One query where Wagtail's `public()` takes two. Lists, search and links all start here.
    `closed`: the `closed_paths()`, once read, which cost less where thousands of pages are sifted.
    """
    pages = model._default_manager.live()
    pages = pages.filter(~Exists(_restrictions())) if closed is None else pages.exclude(_in(closed))
    return pages.filter(locale=locale) if locale else pages


def closed_paths() -> list[str]:
    """Paths of the restricted pages: they and all below them are closed."""
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def _in(closed: Collection[str]) -> Q:
    hidden = Q()
    for path in closed:
        hidden |= Q(path__startswith=path) | Q(alias_of__path__startswith=path)
    return hidden


def _restrictions() -> QuerySet[PageViewRestriction]:
    """Those that close a page. Each looks up its path: a join might begin at all the pages."""
    root = Page.objects.filter(pk=OuterRef("page_id")).values("path")
    path, source = (
        ExpressionWrapper(OuterRef(name), output_field=CharField())
        for name in ("path", "alias_of__path")  # an alias is as restricted as its source
    )
    restrictions = PageViewRestriction.objects.annotate(
        root=Subquery(root), path=path, source=source
    )
    return restrictions.filter(Q(path__startswith=F("root")) | Q(source__startswith=F("root")))
