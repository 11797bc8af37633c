"""Headers that would throw Django off course are taken out before it reads them."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIEnvironment

from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters


@lru_cache(maxsize=256)  # the same browsers say the same again and again
def _is_readable(media_type: str) -> bool:
    """Whether Django can read its parameters, which may come in pieces (RFC 2231)."""
    try:
        parse_header_parameters(media_type)
    except (TypeError, ValueError):
        return False
    return True


class WithoutUnreadableHeaders:
    """Stands before Django, which reads a request's content type before any middleware can refuse.

    What nobody can read counts as not sent: a form of such a type is an empty one.
    """

    def __init__(
        self, application: Callable[[WSGIEnvironment, StartResponse], HttpResponseBase]
    ) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> HttpResponseBase:
        _drop_unless_readable(environ, "CONTENT_TYPE", [environ.get("CONTENT_TYPE", "")])
        _drop_unless_readable(environ, "HTTP_ACCEPT", environ.get("HTTP_ACCEPT", "").split(","))
        return self.application(environ, start)


def _drop_unless_readable(environ: WSGIEnvironment, name: str, types: Iterable[str]) -> None:
    if not all(map(_is_readable, types)):
        del environ[name]
