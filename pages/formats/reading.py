"""How views are asked that only show: programs also ask by HEAD and OPTIONS."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

METHODS = ("GET", "HEAD", "OPTIONS")


def read_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """GET and HEAD show, OPTIONS says so, all else is refused with what is allowed (RFC 9110)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(headers={"Allow": ", ".join(METHODS), "Content-Length": "0"})
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return view(request, *args, **kwargs)

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # else Django asks a POST for a token before it is refused
    return answer
