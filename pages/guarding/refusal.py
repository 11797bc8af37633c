"""What somebody is told instead of an act."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme


def refuse(
    request: HttpRequest, sentence: str | Promise, status: int = HTTPStatus.FORBIDDEN
) -> HttpResponse:
    """With the sentence: a page for who looks at one, else the sentence alone."""
    if request.method in {"PUT", "DELETE"} or "/api/" in request.path:
        return HttpResponse(str(sentence), content_type="text/plain; charset=utf-8", status=status)
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = ""
    told = {"refusal": sentence, "is_forbidden": status == HTTPStatus.FORBIDDEN, "back": back}
    return render(request, "pages/admin/refused.html", told, status=status)
