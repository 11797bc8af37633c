"""Security headers. Visitors get the strict content policy, the admin and any session Wagtail's."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class ContentPolicy(CSPMiddleware):
    """Chooses between the two policies by who asks (W3C Content Security Policy level 3)."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        is_admin = request.path_info.startswith(f"/{settings.ADMIN_PATH}/")
        if not report_only and (is_admin or has_session(request)):
            parts.config = settings.SESSION_POLICY
        return parts
