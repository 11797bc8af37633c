"""Which language a chooser of pages offers: that of the page or snippet that is being edited.

Wagtail's screen of a page tells it which, where it browses. Else, and where it searches, the
browser names the screen that it is opened from; where it does not, all languages are offered.
Wagtail's own selector leads to the others.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from wagtail.admin.views.chooser import page_models_from_string
from wagtail.models import Locale, Page, TranslatableMixin

from pages.guarding.reach import seen_pages

if TYPE_CHECKING:
    from django.db.models import QuerySet

SEARCH = "wagtailadmin_choose_page_search"


def open_in_language(request: HttpRequest, _asked: object) -> HttpResponse | None:
    """At the lowest place that has all pages of the kind in it, as Wagtail does for one tree."""
    told = request.GET.get("locale", "")  # by the screen of a page, or chosen
    locale = Locale.objects.filter(language_code=told).first() if told else None
    locale = locale or _language_at_work(request)
    if locale is None:
        return None
    query = request.GET.copy()
    if place := _place_of(request, locale):
        at = reverse("wagtailadmin_choose_page_child", args=[place.pk])
        return redirect(f"{at}?{query.urlencode()}")
    query["locale"] = told or locale.language_code
    request.GET = query  # type: ignore[assignment]  # a QueryDict is what is there, only frozen
    return None


def _place_of(request: HttpRequest, locale: Locale) -> Page | None:
    try:
        kinds = page_models_from_string(request.GET.get("page_type") or "wagtailcore.page")
    except (ValueError, LookupError):  # which Wagtail answers
        return None
    pages = Page.objects.filter(locale=locale, depth__gt=1).type(*kinds)
    place = pages.first_common_ancestor(include_self=kinds == (Page,))
    return seen_pages(request.user).filter(pk=place.pk, depth__gt=1).first()


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
