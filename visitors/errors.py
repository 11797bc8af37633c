"""Answers to what went wrong. None of them needs the database, a session or a token.

Where the site's home was found on the way, the database answers: what is not there, or not open,
is told within the frame of every page. All else has a frame that asks for nothing.
"""

import logging
import sys
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from visitors.choices import Display

RETRY_AFTER = 10  # seconds
WITHIN_THE_SITE = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
TAKES_NO_WRITES = "25006"  # what PostgreSQL says as a standby, or while it is made read-only


def _answer(status: int, request: HttpRequest, *_why: object, **_more: object) -> HttpResponse:
    is_whole = status in WITHIN_THE_SITE and hasattr(request, "node")
    page = render_to_string(f"errors/{status}.html", framed(request, is_whole=is_whole))
    return HttpResponse(page, status=status)


def framed(request: HttpRequest, *, is_whole: bool) -> dict[str, Any]:
    """What a page of errors is drawn with, in the frame of every page or in the bare one.

    As the request is no more than a value here, no context processor reads a session or user.
    """
    layout = "base.html" if is_whole else "errors/bare.html"
    return {"layout": layout, "request": request, "display": Display.of(request)}


bad_request = partial(_answer, 400)
permission_denied = csrf_failure = partial(_answer, 403)
page_not_found = partial(_answer, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database is busy or down, as the next try may succeed.

    409 where a form was right when it was read, and what others saved at that moment forbids it.
    Else 500.
    """
    error = sys.exc_info()[1]
    if may_pass(error):
        return unavailable(request)
    is_overtaken = isinstance(error, IntegrityError | ValidationError)
    return _answer(409 if request.method == "POST" and is_overtaken else 500, request)


def may_pass(error: BaseException | None) -> bool:
    """Whether the database is busy, away or takes no writes just now."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == TAKES_NO_WRITES
    return isinstance(error, OperationalError | InterfaceError)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _answer(503, request)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


class WithoutTokens(logging.Filter):
    """In Django's log of faults, a page behind a signed link goes by its pattern.

    Where a fault came before it was known which page was meant, only the address's first part is
    told: what follows may be such a link.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and (place := _place_to_tell(request)):
            record.msg, record.args = "Fault at %s", (place,)
        return True


def _place_to_tell(request: HttpRequest) -> str:
    """Where a request led, in place of its address; "" where the address is no secret."""
    match = request.resolver_match
    if match is None:
        return f"/{quote(request.path_info[1:].partition('/')[0])}/..."
    return match.route if "token" in match.kwargs else ""


class WithoutAddresses(logging.Filter):
    """In gunicorn's log, no request goes by its address, nor by that of who sent it."""

    ABOUT_REQUESTS = ("Error handling request", "Invalid request")

    def filter(self, record: logging.LogRecord) -> bool:
        for beginning in self.ABOUT_REQUESTS:
            if str(record.msg).startswith(beginning):
                record.msg, record.args = beginning, ()
        return True
