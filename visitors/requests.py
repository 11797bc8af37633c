"""The first thing a request meets: what no part of this site can read is refused in plain words."""

from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.request import RawPostDataException

LONGEST_ADDRESS = 7500  # characters of path and query: fifty ids of the Directory have room
# What a form comes to whose parts have senseless headers (RFC 2231), or that breaks off.
UNREADABLE = (TypeError, ValueError, UnreadablePostError)


def _is_utf8(raw: str) -> bool:
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeError:
        return False
    return True


def _sent_words(request: HttpRequest) -> Iterable[str]:
    """Every name and value of the path, query and form, as the views would see them."""
    yield request.path_info
    yield from _words_of(request.GET)
    if request.method != "POST":  # no other has a form, and to look for one takes its time
        return
    yield from _words_of(request.POST)
    for name, files in request.FILES.lists():
        yield name
        yield from (file.name or "" for file in files)


def _words_of(fields: QueryDict) -> Iterable[str]:
    for name, values in fields.lists():
        yield name
        yield from values


def _drop_cookies_with_nul(request: HttpRequest) -> None:
    """What cannot be read counts as no choice, and a cookie may be another program's."""
    for name in [name for name, value in request.COOKIES.items() if "\0" in name + value]:
        del request.COOKIES[name]


def _refused(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")


class RefuseHostileInput:
    """Answers 400 to NUL, to text that is not UTF-8 and to broken forms, 414 to endless addresses.

    It stands before whatever reads them: no session, form or database meets what it can't store.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _drop_cookies_with_nul(request)
        refusal = self.refusal_of(request)
        if refusal is None:
            return self.get_response(request)
        return _refused(*refusal)

    def refusal_of(self, request: HttpRequest) -> tuple[int, str] | None:
        query = request.META.get("QUERY_STRING", "")
        if len(request.path) + len(query) > LONGEST_ADDRESS:
            return 414, "This address is too long."
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"} or not _is_utf8(query):
            return 400, "This site reads UTF-8 only."
        try:
            has_nul = any("\0" in words for words in _sent_words(request))
        except UNREADABLE:
            return 400, "This request can't be read."
        return (400, "This request holds a character that no text has.") if has_nul else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view that reads a body itself is the first to see that it broke off, or was a form."""
        if isinstance(exception, UnreadablePostError | RawPostDataException):
            return _refused(400, "This request can't be read.")
        return None
