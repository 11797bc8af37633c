"""What a visitor chose is read once, before anything is asked of the site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from visitors.choices import CookieChoice, Display, Variant
from visitors.notice.notices import current_notice


def choice_of(request: HttpRequest) -> CookieChoice:
    """The answer as it counts today. Who gave none costs no look at the notice."""
    given = CookieChoice.of(request)
    return given.under(current_notice().version) if given.version else given


class MeetVisitor:
    """Says in `request.variant` which of the few looks of a page this visitor gets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.variant = Variant(Display.of(request), choice_of(request))  # type: ignore[attr-defined]  # we put it there
        return self.get_response(request)


def variant_of(request: HttpRequest | None) -> Variant:
    """Of a request that did not come past, as a preview's may not, that of a new visitor."""
    return getattr(request, "variant", None) or Variant(Display(), CookieChoice())
