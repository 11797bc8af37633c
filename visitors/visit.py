"""Who visits, and what they chose, is read once, before anything is asked of the site."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from visitors.choices import CookieChoice, Display, Variant
from visitors.headers import is_of_admin
from visitors.notice.notices import current_notice


def choice_of(request: HttpRequest) -> CookieChoice:
    """The answer as it counts today. Who gave none costs no look at the notice."""
    given = CookieChoice.of(request)
    return given.under(current_notice().version) if given.version else given


THE_SAME_FOR_ALL = ("/health/", "/media/", "/static/")


def forget_nobodys_session(request: HttpRequest) -> None:
    """A cookie that is no account's session is no session: it changes no page and keeps none out.

    What was looked up stays at the request, for `KeepSession`.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if key is None or is_of_admin(request):
        return
    if not request.path_info.startswith(THE_SAME_FOR_ALL):
        session = SessionStore(key)
        if SESSION_KEY in session:
            request.session = session
            return
    del request.COOKIES[settings.SESSION_COOKIE_NAME]


class KeepSession(SessionMiddleware):
    """Django's own, which looks up no session twice."""

    def process_request(self, request: HttpRequest) -> None:
        if not hasattr(request, "session"):
            super().process_request(request)


class MeetVisitor:
    """Says in `request.variant` which of the few looks of a page this visitor gets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forget_nobodys_session(request)
        request.variant = Variant(Display.of(request), choice_of(request))  # type: ignore[attr-defined]  # kept with the request, for whoever comes after
        return self.get_response(request)


def variant_of(request: HttpRequest | None) -> Variant:
    """Of a request that did not come past, as a preview's may not, that of a new visitor."""
    return getattr(request, "variant", None) or Variant(Display(), CookieChoice())
