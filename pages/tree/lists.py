"""Lists with nothing in them yet: in no menu and on no map until they have something."""

from django.apps import apps
from django.db.models import Exists, OuterRef
from wagtail.models import Page

from pages.tree.published import published
from visitors.cache.generation import kept


@kept
def empty_lists() -> frozenset[int]:
    """The pages that are lists of what is published below them, and have nothing to list."""
    kinds = [model for model in apps.get_models() if getattr(model, "is_list", False)]
    below = published(Page).filter(path__startswith=OuterRef("path"), depth__gt=OuterRef("depth"))
    lists = Page.objects.live().order_by().type(*kinds)
    return frozenset(lists.exclude(Exists(below)).values_list("pk", flat=True))
