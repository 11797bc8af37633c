"""Pages behind a signed link: for its bearer alone, kept nowhere, told to no other site."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from newsletter.tokens import InvalidTokenError, Purpose, is_of_trial
from visitors.errors import framed
from visitors.gate import same_site_posts

HEADERS = {"Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow"}
View = Callable[..., HttpResponse]


def for_bearer(purpose: Purpose, model: type[Model]) -> Callable[[View], View]:
    """Turn a view of a row into one of a token that is about the row. GET shows, POST acts.

    Whatever is wrong with the token, or if the row has been erased, the answer is the same.
    """

    def wrapper(view: View) -> View:
        @same_site_posts
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            rows: Any = model._default_manager
            try:
                return view(request, rows.get(**{purpose.by: purpose.read(token)}))
            except (InvalidTokenError, ObjectDoesNotExist):  # or erased while the view was at it
                return _no_link(request, is_trial=is_of_trial(token))

        @wraps(view)
        def private(request: HttpRequest, token: str) -> HttpResponse:
            request.is_private = True  # type: ignore[attr-defined]  # so that no visit is counted
            response = opened(request, token)
            add_never_cache_headers(response)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        private.csrf_exempt = True  # type: ignore[attr-defined]  # how Django marks a view that its check leaves alone
        return private

    return wrapper


def _no_link(request: HttpRequest, *, is_trial: bool) -> HttpResponse:
    about = framed(request, is_whole=False) | {"is_trial": is_trial}
    page = render_to_string("newsletter/no_link.html", about)
    return HttpResponse(page, status=HTTPStatus.OK if is_trial else HTTPStatus.NOT_FOUND)
