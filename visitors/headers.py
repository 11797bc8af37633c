"""Security headers on every answer: pages, errors, redirects, static files, pictures."""

from collections.abc import Callable
from urllib.parse import urlsplit

from csp.constants import HEADER as CONTENT_POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "interest-cohort=(), browsing-topics=(), camera=(), microphone=(), geolocation=()"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
CORP = "Cross-Origin-Resource-Policy"


def has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def is_of_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}/")


def may_count(request: HttpRequest) -> bool:
    """Whether this page tells Matomo of a visit: only where a visitor said yes to it."""
    variant = getattr(request, "variant", None)  # an early refusal did not come past
    accepted = variant is not None and variant.choice.analytics is True
    uncounted = has_session(request) or getattr(request, "is_private", False)
    return accepted and bool(settings.MATOMO_URL) and not uncounted


class SafeHeaders:
    """Puts what an answer does not say itself. It stands outermost, so that none gets past.

    Two content policies (W3C Content Security Policy level 3), by what is asked for: the admin and
    its previews have Wagtail's, all else the strict one, whoever asks. For visitors who accepted,
    and nobody else, the strict one lets a configured Matomo in. They are written out once: putting
    together a policy takes longer than a kept page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.for_visitors = build_policy(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
        self.for_counted = build_policy(
            settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], update=_opened_to(settings.MATOMO_URL)
        )
        self.for_admin = build_policy(settings.ADMIN_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        if CORP in headers:  # of a kept page, which has them all
            return response
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        # Mails show pictures: any program that reads mail may fetch them.
        shared = request.path_info.startswith(settings.MEDIA_URL)
        headers.setdefault(CORP, "cross-origin" if shared else "same-origin")
        headers.setdefault(CONTENT_POLICY, self.policy_for(request))
        return response

    def policy_for(self, request: HttpRequest) -> str:
        is_preview = getattr(request, "is_dummy", False)  # of an address below the admin's
        if is_preview or is_of_admin(request):
            return self.for_admin
        return self.for_counted if may_count(request) else self.for_visitors


def _opened_to(address: str) -> dict[str, list[str]]:
    """What a script of another host needs, by directive; nothing where there is no address."""
    if not address:
        return {}
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    return {name: [origin] for name in ("script-src", "img-src", "connect-src")}
