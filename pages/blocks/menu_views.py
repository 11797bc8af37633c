"""Views that a menu may lead to, by the names of their addresses. Each app offers its own.

A view has no page to choose, and its address depends on the reader's language.
"""

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

offered: dict[str, str | Promise] = {
    "search": _("Search"),
    "display_settings": _("Display settings"),
}


def choices() -> list[tuple[str, str | Promise]]:
    return list(offered.items())


def address(name: str) -> str:
    """In the language of the moment; "" where the view is gone."""
    try:
        return reverse(name) if name in offered else ""
    except NoReverseMatch:
        return ""
