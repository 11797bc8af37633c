"""Lists with nothing in them yet: in no menu and on no map until they have something."""

from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef
from wagtail.models import Page

from pages.tree.published import published
from visitors.cache.generation import kept

if TYPE_CHECKING:
    from django.db.models.options import Options


@kept
def empty_lists() -> frozenset[int]:
    """The pages that are lists of what is published below them, and have nothing to list."""
    below = published(Page).filter(path__startswith=OuterRef("path"), depth__gt=OuterRef("depth"))
    lists = Page.objects.live().filter(
        content_type__app_label__in={kind.app_label for kind in _kinds()},
        content_type__model__in={kind.model_name for kind in _kinds()},
    )
    return frozenset(lists.order_by().exclude(Exists(below)).values_list("pk", flat=True))


def is_empty_list(page: Page) -> bool:
    """Of a page that was read with its kind (`visible_pages`); without children, no query."""
    is_list = getattr(page, "kind", "") in {kind.model_name for kind in _kinds()}
    return is_list and (not page.numchild or page.pk in empty_lists())


@cache
def _kinds() -> list["Options[Any]"]:
    return [model._meta for model in apps.get_models() if getattr(model, "is_list", False)]
