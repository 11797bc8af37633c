"""The door for forms that anybody may send: from this site's own pages, back to this site.

It guards against cross-site request forgery (CSRF) by asking for the same origin. No form for
visitors carries a token: it would need a cookie and make every page another.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from visitors import errors
from visitors.requests import LONGEST_ADDRESS

log = logging.getLogger(__name__)
LONGEST_NEXT = LONGEST_ADDRESS  # characters, as they stand in the Location header
View = Callable[..., HttpResponse]


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent it (W3C Fetch Metadata; RFC 6454 where that is absent)."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {own, *settings.CSRF_TRUSTED_ORIGINS}


def same_site_only(view: View) -> View:
    """A view for POST that only this site's own pages may call. No answer of it is kept."""

    @csrf_exempt
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            response: HttpResponse = HttpResponseNotAllowed(["POST"])
        elif comes_from_here(request):
            response = view(request, *args, **kwargs)
        else:
            # By the name of the address: the address itself may be a secret link of a mail.
            name = getattr(request.resolver_match, "view_name", "")
            log.warning("Refused a form that came from elsewhere: %s", name)
            response = errors.permission_denied(request, PermissionDenied())
        add_never_cache_headers(response)
        return response

    return gated


def same_site_posts(view: View) -> View:
    """A view that GET shows to anybody, and that takes POST from this site's own pages alone."""
    taking = same_site_only(view)

    @csrf_exempt
    @wraps(view)
    def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return taking(request, *args, **kwargs)

    return either


def safe_next(request: HttpRequest) -> str:
    """Where to go after a form: a path of this site, whatever was asked for."""
    asked = _own_path(request.POST.get("next", ""), request)
    return asked or came_from(request) or f"/{get_language()}/"


def came_from(request: HttpRequest) -> str:
    """Path and query of this site's page that sent a form; "" where the browser does not say."""
    return _own_path(_referring_path(request), request)


def _own_path(address: str, request: HttpRequest) -> str:
    """Path and query of an address within this site; "" of any other."""
    if address[:1] != "/" or address[1:2] in {"/", "\\"}:
        return ""
    if not address.isprintable() or any(sign.isspace() or sign == "\\" for sign in address):
        return ""
    if not url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    path = iri_to_uri(urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl())
    return path if len(path) <= LONGEST_NEXT else ""


def _referring_path(request: HttpRequest) -> str:
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.get_host():
        return ""
    return parts._replace(scheme="", netloc="", fragment="").geturl()
