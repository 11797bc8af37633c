"""Answers to what went wrong. None of them needs the database, a session or a token."""

import logging
import sys

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from visitors.choices import Display

RETRY_AFTER = 10  # seconds
TAKES_NO_WRITES = "25006"  # what PostgreSQL says as a standby, or while it is made read-only


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    # Without the request no context processor runs, and with it no session or user is read.
    page = render_to_string(f"errors/{status}.html", {"display": Display.of(request)})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database is busy or down, as the next try may succeed.

    409 where a form was right when it was read, and what others saved at that moment forbids it.
    Else 500.
    """
    error = sys.exc_info()[1]
    if may_pass(error):
        return unavailable(request)
    return _answer(request, 409 if request.method == "POST" and _is_overtaken(error) else 500)


def may_pass(error: BaseException | None) -> bool:
    """Whether the database is busy, away or takes no writes just now."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == TAKES_NO_WRITES
    return isinstance(error, OperationalError | InterfaceError)


def _is_overtaken(error: BaseException | None) -> bool:
    return isinstance(error, IntegrityError | ValidationError)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _answer(request, 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


class WithoutTokens(logging.Filter):
    """In Django's log of faults, a page behind a signed link goes by its pattern."""

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match and "token" in match.kwargs:
            record.msg, record.args = "Fault at %s", (match.route,)
        return True
