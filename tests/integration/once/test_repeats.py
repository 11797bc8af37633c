"""What is asked again is answered without Django: the same answer, and never an old one."""

import io
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pages.models import NodePage
from visitors.cache import generation, micro_cache, page_cache
from visitors.cache.micro_cache import READ, MicroCache
from visitors.choices import CHOICE_COOKIE, DISPLAY_COOKIE

pytestmark = pytest.mark.usefixtures("home", "keeping", "one_connection")
Seen = tuple[str, list[tuple[str, str]], bytes]
OTHERS = {
    "REQUEST_METHOD": "HEAD",
    "wsgi.url_scheme": "https",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_HOST": "localhost",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "81",
    "SCRIPT_NAME": "/elsewhere",
    "PATH_INFO": "/en/nowhere/",
    "QUERY_STRING": "page=2",
    "CONTENT_TYPE": "text/html; charset=utf-16",
    "HTTP_COOKIE": f"{DISPLAY_COOKIE}=t150.dark",
    "HTTP_ACCEPT_ENCODING": "gzip",
    "HTTP_IF_MATCH": '"another"',
    "HTTP_IF_NONE_MATCH": '"another"',
    "HTTP_IF_MODIFIED_SINCE": "Sun, 22 Nov 2026 10:00:00 GMT",
    "HTTP_IF_UNMODIFIED_SINCE": "Sun, 22 Nov 2026 10:00:00 GMT",
}
# The body, which a page is not asked by, and what only another kind of server tells.
NEUTRAL = {"wsgi.input", "CONTENT_LENGTH", "SCRIPT_URL", "REDIRECT_URL"}


class Desk:
    """The site as gunicorn calls it, and how often Django was asked."""

    def __init__(self) -> None:
        self.django, self.asked = WSGIHandler(), 0
        self.micro_cache = MicroCache(self._ask)

    @property
    def told(self) -> dict[str, Any]:
        """What gunicorn tells of a new visitor who asks for the home."""
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/en/",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }

    def _ask(self, environ: WSGIEnvironment, start: StartResponse) -> HttpResponseBase:
        self.asked += 1
        return self.django(environ, start)

    def get(self, **other: str) -> Seen:
        said: list[Any] = []
        environ = self.told | other

        def start(*told: object) -> Any:  # noqa: ANN401  WSGI's way to write, which nobody uses
            said.extend(told)

        body = self.micro_cache(environ, start)
        return said[0], said[1], b"".join(body)


@pytest.fixture
def desk() -> Desk:
    """One that has answered for the home."""
    generation.current()
    desk = Desk()
    desk.get()
    assert desk.asked == 1
    return desk


def test_the_same_question_gets_the_same_answer_without_django(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        first, second = desk.get(), desk.get(HTTP_USER_AGENT="another browser")
    assert desk.asked == 1
    assert first == second == Desk().get()
    assert first[0] == "200 OK"


@pytest.mark.parametrize("name", READ)
def test_whatever_django_reads_makes_it_another_question(desk: Desk, name: str) -> None:
    answer = desk.get(**{name: OTHERS[name]})
    assert desk.asked == 2
    assert desk.get(**{name: OTHERS[name]}) == answer == Desk().get(**{name: OTHERS[name]})


class Watched(dict[str, Any]):
    """What a server tells of a request; notes what is read of it."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  anything is told
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  as above
        self.read.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def items(self) -> Any:  # noqa: ANN401  as above
        self.read.add("all of it")
        return super().items()


def test_django_reads_nothing_that_makes_no_other_question(desk: Desk) -> None:
    """Else somebody would be given what another was answered."""
    told = Watched(desk.told | {"HTTP_IF_NONE_MATCH": '"another"', "HTTP_COOKIE": "a=b"})
    assert b"".join(desk.django(told, lambda *_told: None))  # type: ignore[arg-type]  # the writer that WSGI has of old is not used
    assert told.read <= {*READ, *NEUTRAL}


def test_each_visitor_sees_the_own_look(desk: Desk) -> None:
    asked = [f"{DISPLAY_COOKIE}=t150.hc", f"{DISPLAY_COOKIE}=t100.dark", f"{CHOICE_COOKIE}=1.a0"]
    looks = [desk.get(HTTP_COOKIE=cookie)[2] for cookie in asked]
    assert len({*looks, desk.get()[2]}) == 4
    assert [desk.get(HTTP_COOKIE=cookie)[2] for cookie in asked] == looks
    assert desk.asked == 4


def test_who_has_the_page_is_told_so_again(desk: Desk) -> None:
    tag = dict(desk.get()[1])["ETag"]
    first, second = desk.get(HTTP_IF_NONE_MATCH=tag), desk.get(HTTP_IF_NONE_MATCH=tag)
    assert first == second
    assert (first[0], first[2]) == ("304 Not Modified", b"")
    assert desk.asked == 2


def test_after_a_change_django_is_asked(desk: Desk, home: NodePage) -> None:
    home.hero_title = home.title = "A title of today"
    home.save_revision().publish()
    assert b"A title of today" in desk.get()[2]
    assert desk.asked == 2


def test_where_the_generation_is_due_django_is_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation._Known, "look_again_at", 0.0)
    desk.get()
    assert desk.asked == 2


def test_an_answer_lives_no_longer_than_the_kept_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = micro_cache.time.time()
    monkeypatch.setattr(micro_cache.time, "time", lambda: now + page_cache.KEPT_FOR + 1)
    desk.get()
    assert desk.asked == 2


@pytest.mark.parametrize(
    "question",
    [
        {"PATH_INFO": "/en/nowhere/"},
        {"PATH_INFO": "/en/\0"},
        {"QUERY_STRING": "q=%ff"},
        {"QUERY_STRING": "q=word"},
        {"HTTP_HOST": "evil.example"},
        {"REQUEST_METHOD": "POST"},
        {"PATH_INFO": "/health/live"},
    ],
)
def test_what_is_not_kept_goes_to_django_each_time(desk: Desk, question: dict[str, str]) -> None:
    assert desk.get(**question)[0] == desk.get(**question)[0] == Desk().get(**question)[0]
    assert desk.asked == 3


def test_a_session_is_never_answered_from_what_is_kept(desk: Desk, publishing: Client) -> None:
    cookie = f"sessionid={publishing.cookies['sessionid'].value}"
    own = [dict(desk.get(HTTP_COOKIE=cookie)[1]) for _time in range(2)]
    assert {headers["Cache-Control"] for headers in own} == {"private, no-store"}
    assert desk.asked == 3


def test_nobodys_session_gets_what_is_kept(desk: Desk) -> None:
    for _time in range(2):
        assert desk.get(HTTP_COOKIE="sessionid=a-cookie-of-nobody") == desk.get()
    assert desk.asked == 2


def test_many_questions_take_little_memory(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(micro_cache, "MOST_ANSWERS", 5)
    for number in range(12):
        desk.get(HTTP_COOKIE=f"foreign={number}")
    assert len(desk.micro_cache.answers) <= 5
