"""Which language a chooser of pages offers: that of the page or snippet that is being edited.

A chooser is not told what it is opened from. The browser names the screen, the translation's too;
where it does not, all languages are offered. Wagtail's own selector leads to the others.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.models import Locale, Page, TranslatableMixin

if TYPE_CHECKING:
    from django.db.models import QuerySet

SEARCH = "wagtailadmin_choose_page_search"


def open_in_language(request: HttpRequest, _asked: object) -> None:
    """At the top of the tree, as if the language had been chosen there."""
    locale = None if "locale" in request.GET else _language_at_work(request)
    if locale is not None:
        query = request.GET.copy()
        query["locale"] = locale.language_code
        request.GET = query  # type: ignore[assignment]  # a copy can be changed, no more


def search_in_language(pages: "QuerySet[Page]", request: HttpRequest) -> "QuerySet[Page]":
    is_search = request.resolver_match and request.resolver_match.view_name == SEARCH
    locale = _language_at_work(request) if is_search else None
    return pages.filter(locale=locale) if locale else pages


def _language_at_work(request: HttpRequest) -> Locale | None:
    try:
        edited = _edited(resolve(urlsplit(request.headers.get("Referer", "")).path))
    except (Resolver404, ValueError):  # the second: no address at all
        return None
    return edited.locale if edited else None


def _edited(screen: ResolverMatch) -> TranslatableMixin | None:
    """A page, what a new one stands below, or a snippet."""
    pk = screen.kwargs.get("page_id") or screen.kwargs.get("parent_page_id")
    if pk:
        return Page.objects.filter(pk=pk, depth__gt=1).first()
    model = getattr(screen.func, "view_initkwargs", {}).get("model")
    if model is None or not issubclass(model, TranslatableMixin) or "pk" not in screen.kwargs:
        return None
    return model.objects.filter(pk=screen.kwargs["pk"]).first()
