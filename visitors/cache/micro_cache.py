"""A micro-cache: a question asked again gets the same answer, before Django is asked."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIEnvironment

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from visitors.cache import generation

MOST_ANSWERS = 256  # answers: some megabytes in each process
# All that is read of a request before and in the page cache. What it keeps depends on no more.
READ = (
    "REQUEST_METHOD",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "HTTP_COOKIE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
)


@dataclass(frozen=True)
class Answer:
    """A kept page as it left Django, until its time is over or the generation another."""

    generation: int
    until: float
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class MicroCache:
    """Stands before Django. Only what the page cache answered is ever given again.

    It asks no database: once a second, when the generation must be looked up, Django answers.
    """

    def __init__(
        self, application: Callable[[WSGIEnvironment, StartResponse], HttpResponseBase]
    ) -> None:
        self.application = application
        self.answers: dict[tuple[str | None, ...], Answer] = {}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        number = generation.known()
        question = tuple(map(environ.get, READ))
        answer = self.answers.get(question)
        if answer and answer.generation == number and time.time() < answer.until:
            start(answer.status, answer.headers.copy())
            return [answer.body]
        response = self.application(environ, start)
        if number is not None and isinstance(response, HttpResponse):
            self._remember(question, number, response)
        return response

    def _remember(
        self, question: tuple[str | None, ...], number: int, response: HttpResponse
    ) -> None:
        until = getattr(response, "kept_until", None)  # only of what the page cache gave
        if until is None:
            return
        if len(self.answers) >= MOST_ANSWERS:
            self.answers.clear()
        status = f"{response.status_code} {response.reason_phrase}"
        headers = list(response.items())
        self.answers[question] = Answer(number, until, status, headers, response.content)
