"""Views that are no page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from pages.models import NodePage
from pages.published import published


def to_home(request: HttpRequest) -> HttpResponse:
    """From `/` to the home in the first language the visitor's browser asks for that has one."""
    offered = set(published(NodePage).values_list("locale__language_code", flat=True))
    response = HttpResponseRedirect(f"/{_wished_language(request, offered)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _wished_language(request: HttpRequest, offered: set[str]) -> str:
    for wish, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            language = get_supported_language_variant(wish)
        except LookupError:
            continue
        if language in offered:
            return language
    return settings.LANGUAGE_CODE
