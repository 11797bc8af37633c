"""Where visitors say how they want to see the site, and whether they may be counted."""

import logging
import re

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from visitors.choices import (
    CHOICE_COOKIE,
    CHOICE_LASTS,
    DISPLAY_COOKIE,
    DISPLAY_LASTS,
    TEXTS,
    THEMES,
    CookieChoice,
    Display,
)
from visitors.errors import may_pass
from visitors.gate import safe_next, same_site_only
from visitors.notice.notices import ChoiceCount, current_notice

SEE_OTHER = 303
MATOMO_COOKIE = re.compile(r"_pk_[A-Za-z0-9_.]{1,60}", re.ASCII)

log = logging.getLogger(__name__)


def display_settings(request: HttpRequest) -> HttpResponse:
    """All sizes and themes, and the way back to none."""
    return render(request, "visitors/display_settings.html")


@same_site_only
def save_display(request: HttpRequest) -> HttpResponse:
    """Keeps the text size or theme asked for, or forgets both. What is unknown changes nothing."""
    display = _display_asked_for(request)
    response = _done(request, safe_next(request), "display")
    if display.is_default:
        response.delete_cookie(DISPLAY_COOKIE, samesite="Lax")
    else:
        _set_cookie(response, DISPLAY_COOKIE, str(display), DISPLAY_LASTS.total_seconds())
    return response


def _display_asked_for(request: HttpRequest) -> Display:
    if "reset" in request.POST:
        return Display()
    now, text, theme = Display.of(request), request.POST.get("text"), request.POST.get("theme")
    return Display(
        text if text in TEXTS else now.text,
        theme if theme in THEMES else now.theme,
    )


@same_site_only
def save_choice(request: HttpRequest) -> HttpResponse:
    """Keeps a yes or a no to analytics and counts it. Any other answer is none."""
    address, answer = safe_next(request), request.POST.get("analytics")
    if answer not in {"0", "1"}:
        return _done(request, address, "")
    choice = CookieChoice(current_notice().version, analytics=answer == "1")
    kind = ChoiceCount.Choice.ACCEPTED if choice.analytics else ChoiceCount.Choice.REJECTED
    response = _done(request, address, f"cookies-{kind}")
    _set_cookie(response, CHOICE_COOKIE, str(choice), CHOICE_LASTS.total_seconds())
    if not choice.analytics:
        _expire_analytics_cookies(request, response)
    language = translation.get_language_from_path(address) or settings.LANGUAGE_CODE
    _count(choice.version, language, kind, _surface(request))
    return response


def _count(version: int, language: str, choice: str, surface: str) -> None:
    """An answer stands, and above all a no, whether or not it can be counted just now."""
    try:
        ChoiceCount.add(version, language, choice, surface)
    except DatabaseError as error:
        if not may_pass(error):
            raise
        log.warning("A choice on cookies was not counted: %s", error)


def _done(request: HttpRequest, address: str, told: str) -> HttpResponse:
    """Back to the page, at what tells that it is done; a script only wants to know that it is."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return HttpResponse(status=204)
    return HttpResponseRedirect(f"{address}#{told}" if told else address, status=SEE_OTHER)


def _set_cookie(response: HttpResponse, name: str, value: str, seconds: float) -> None:
    # A script of ours reads them after a step back in the browser's history: not HttpOnly.
    response.set_cookie(name, value, max_age=int(seconds), secure=settings.IS_HTTPS, samesite="Lax")


def _expire_analytics_cookies(request: HttpRequest, response: HttpResponse) -> None:
    for name in filter(MATOMO_COOKIE.fullmatch, request.COOKIES):
        response.delete_cookie(name, samesite="Lax")


def _surface(request: HttpRequest) -> str:
    """The notice is on every page, the form with `surface` on one."""
    asked = request.POST.get("surface")
    return asked if asked in ChoiceCount.Surface.values else ChoiceCount.Surface.BANNER
