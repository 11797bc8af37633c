"""Lists in pages of a few rows."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

LONGEST_NUMBER = 6  # digits; longer page numbers are never ours


def page_of(rows: QuerySet | Sequence[Any], request: HttpRequest, per_page: int) -> Page:
    """The page of rows `?page=` asks for. A number that is none, or of no page, is not found."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Http404
    try:
        return Paginator(rows, per_page).page(int(number))
    except InvalidPage as error:
        raise Http404 from error
