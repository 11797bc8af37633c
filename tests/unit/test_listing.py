"""A list in pages: each row is on one of them, and a page that is not there is not found."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from pages.listing import page_of

ROWS = list(range(25))


@pytest.mark.parametrize(("number", "first"), [("1", 0), ("3", 20)])
def test_a_page_of_rows_begins_where_the_one_before_ended(number: str, first: int) -> None:
    request = RequestFactory().get("/", {"page": number})
    assert page_of(ROWS, request, 10).object_list[0] == first


@pytest.mark.parametrize(
    "number", ["0", "4", "-1", "1.0", "9" * 400, "x", "", "²", "٣", " 1", "1e3", "None"]
)
def test_a_page_that_is_not_there_is_not_found(number: str) -> None:
    request = RequestFactory().get("/", {"page": number})
    with pytest.raises(Http404):
        page_of(ROWS, request, 10)
