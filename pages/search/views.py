"""The page of search results."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pages.listing import page_of
from pages.search.queries import found, results
from pages.search.words import MAX_LETTERS, MAX_WORDS, question
from pages.tree.languages import offered

PER_PAGE = 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What `?q=` finds in the language of the address; the form alone where nothing is asked."""
    if get_language() not in offered():
        raise Http404
    asked = question(request.GET.get("q", ""))
    context = {"question": asked, "max_letters": MAX_LETTERS, "max_words": MAX_WORDS}
    if asked.text:
        rows = page_of(found(asked.words, get_language()), request, PER_PAGE)
        context |= {"rows": rows, "results": results(list(rows), asked.words, request)}
    response = render(request, "pages/search.html", context)
    response.headers["X-Robots-Tag"] = "noindex"  # lists of results are no content of their own
    return response
