"""The one door to what visitors may see: live, not behind a restriction, in one language."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import Locale, Page, PageViewRestriction

if TYPE_CHECKING:
    from wagtail.query import PageQuerySet

PageType = TypeVar("PageType", bound=Page)


def published(model: type[PageType], locale: Locale | None = None) -> "PageQuerySet[PageType]":
    """Live pages that neither they nor an ancestor restrict; of all languages where none is given.

    One query where Wagtail's `public()` takes two. Lists, search and links all start here.
    """
    path, source = (
        ExpressionWrapper(OuterRef(name), output_field=CharField())
        for name in ("path", "alias_of__path")  # an alias is as restricted as its source
    )
    hidden = Q(path__startswith=F("page__path")) | Q(source__startswith=F("page__path"))
    restricted = PageViewRestriction.objects.annotate(path=path, source=source).filter(hidden)
    pages = model._default_manager.live().filter(~Exists(restricted))
    return pages.filter(locale=locale) if locale else pages
