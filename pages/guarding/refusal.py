"""What somebody is told instead of an act."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise


def refuse(
    request: HttpRequest, sentence: str | Promise, status: int = HTTPStatus.FORBIDDEN
) -> HttpResponse:
    """With the sentence: a page for who looks at one, else the sentence alone."""
    if request.method in {"PUT", "DELETE"} or "/api/" in request.path:
        return HttpResponse(str(sentence), content_type="text/plain; charset=utf-8", status=status)
    told = {"refusal": sentence, "is_forbidden": status == HTTPStatus.FORBIDDEN}
    return render(request, "pages/admin/refused.html", told, status=status)
