"""Files that people uploaded, as visitors get them."""

from errno import ENAMETOOLONG
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve
from wagtail.documents.views.serve import serve as serve_document

A_YEAR = 31_536_000  # seconds
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"


def picture_size(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of `media/images/`, for a site without a proxy: nginx serves them in production.

    Another picture never takes a name that was used.
    """
    try:
        response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT, "images")))
    except OSError as error:
        if error.errno != ENAMETOOLONG:
            raise
        raise Http404 from error
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def document(request: HttpRequest, document_id: str, filename: str) -> HttpResponseBase:
    """A document as Wagtail serves it, but in nobody's frame."""
    response = serve_document(request, int(document_id), filename)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    if response.headers.get("Content-Encoding") == "None":  # Wagtail's word where there is none
        del response.headers["Content-Encoding"]
    return response
