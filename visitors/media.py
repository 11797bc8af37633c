"""Sizes made of pictures, for a site without a proxy; nginx serves them itself in production."""

from errno import ENAMETOOLONG
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

A_YEAR = 31_536_000  # seconds


def picture_size(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of `media/images/`. Another picture never takes a name that was used."""
    try:
        response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT, "images")))
    except OSError as error:
        if error.errno != ENAMETOOLONG:
            raise
        raise Http404 from error
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
