"""One question to another machine over HTTP, bounded in time and size, led to no other host."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

SILENCE_SECONDS = 15  # of a server that says nothing at all
LARGEST_SHARED = 3  # names of one object of an answer
PIECE = 64 * 1024  # bytes
JSON_TYPES = {"application/json", "application/graphql-response+json"}
REFUSALS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
TIDINGS = (OSError, HTTPException, ValueError)  # what a broken connection or answer raises


class FetchError(Exception):
    """Nothing usable came; the message says why, in one sentence for the log."""


@dataclass(frozen=True)
class Limits:
    """How much of an answer is taken, and how long it may take to come."""

    size: int  # bytes
    seconds: float  # for all the questions of an import
    began: float = field(default_factory=monotonic)

    @property
    def left(self) -> float:
        """Seconds. Raises FetchError where there are none."""
        left = self.began + self.seconds - monotonic()
        if left <= 0:
            raise FetchError(_late(self))
        return left

    @property
    def are_over(self) -> bool:
        return monotonic() >= self.began + self.seconds


@dataclass
class _Watch:
    """Cuts the connection when the time is over: a slow drip resets every other time-out."""

    seconds: float
    sockets: list[socket.socket] = field(default_factory=list)
    is_over: bool = False

    def connect(self, *where: Any) -> socket.socket:
        """As `socket.create_connection`: before a proxy's greeting and an encryption's, which may
        drip too. A copy is kept: the encryption takes the socket itself over.
        """
        made = socket.create_connection(*where)
        self.sockets.append(made.dup())
        if self.is_over:  # this one came too late to be cut
            made.close()
            raise TimeoutError
        return made

    def cut(self) -> None:
        self.is_over = True
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already

    @contextmanager
    def running(self) -> Iterator[None]:
        timer = Timer(self.seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for one in self.sockets:
                one.close()


def ask(url: str, query: str, limits: Limits, agent: str) -> dict[str, Any]:
    """The answer to a GraphQL query, as JSON says it. Raises FetchError."""
    return post(url, {"query": query}, limits, agent)


def post(url: str, question: Mapping[str, Any], limits: Limits, agent: str) -> dict[str, Any]:
    """The answer to a question in JSON, a refusal in JSON included. Raises FetchError."""
    watch = _Watch(limits.left)
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": agent,
    }
    request = Request(url, json.dumps(question).encode(), headers)  # noqa: S310  checked
    if request.type not in {"http", "https"} or not request.host:
        raise FetchError("The address must begin with https:// or http://.")
    with watch.running():
        try:
            body = _body(_opener(watch), request, limits)
        except (FetchError, *TIDINGS) as error:
            # A connection that was cut looks like many other things; so does one that said nothing.
            if watch.is_over or limits.are_over:
                raise FetchError(_late(limits)) from error
            if isinstance(error, FetchError):
                raise
            raise FetchError(f"No answer: {error}") from error
    if watch.is_over:
        raise FetchError(_late(limits))
    return read(body)


def from_file(path: Path, limits: Limits) -> dict[str, Any]:
    """A kept answer. Raises FetchError."""
    try:
        with path.open("rb") as file:
            body = file.read(limits.size + 1)
    except OSError as error:
        raise FetchError(f"The file can't be read: {error}") from error
    _refuse_larger(len(body), limits)
    return read(body)


def read(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer. Raises FetchError."""
    try:
        answer = json.loads(body, object_pairs_hook=_sharing())
    except (ValueError, RecursionError) as error:
        raise FetchError("The answer is no JSON.") from error
    if not isinstance(answer, dict):
        raise FetchError("The answer is no JSON object.")
    return answer


def _sharing() -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    """Makes one object of those that are small and equal: an answer has few codes, each often."""
    known: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(pairs) > LARGEST_SHARED or not all(isinstance(value, str) for _name, value in pairs):
            return dict(pairs)
        return known.setdefault(tuple(pairs), dict(pairs))

    return made


def _body(opener: OpenerDirector, request: Request, limits: Limits) -> bytes:
    try:
        response = opener.open(request, timeout=min(SILENCE_SECONDS, limits.left))
    except HTTPError as error:
        raise FetchError(f"The answer's status is {error.code}.") from error
    except URLError as error:
        raise OSError(error.reason) from error
    with response:
        return _taken(response, limits)


def _taken(response: HTTPResponse, limits: Limits) -> bytes:
    kind = response.headers.get_content_type()
    if kind not in JSON_TYPES and response.status != HTTPStatus.OK:
        raise FetchError(f"The answer's status is {response.status}.")
    if kind not in JSON_TYPES:
        raise FetchError(f"The answer is {kind}, not JSON.")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchError("The answer is compressed, which was not asked for.")
    body = bytearray()
    while piece := response.read1(PIECE):
        body += piece
        _refuse_larger(len(body), limits)
    declared = response.headers.get("Content-Length")
    if declared and declared.isdecimal() and int(declared) != len(body):
        raise OSError("it broke off")
    return bytes(body)


def _refuse_larger(size: int, limits: Limits) -> None:
    if size > limits.size:
        raise FetchError(f"The answer is larger than {limits.size} bytes.")


def _late(limits: Limits) -> str:
    return f"No whole answer in {limits.seconds:g} seconds."


class _WithRefusals(HTTPErrorProcessor):
    """Lets a refused question through: its JSON says what was wrong with it."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        if response.status in REFUSALS:
            return response
        return super().http_response(request, response)

    https_response = http_response


class _SameHostOnly(HTTPRedirectHandler):
    """Follows a redirect within the host, with the question; refuses any other."""

    max_redirections = 3

    def redirect_request(  # noqa: PLR0913, PLR0917  urllib's own signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.netloc != old.netloc or new.scheme not in {old.scheme, "https"}:
            raise FetchError(f"It leads to another host, {new.netloc or newurl}: refused.")
        fp.close()  # urllib would read its body, however long
        return Request(newurl, req.data, dict(req.header_items()))  # noqa: S310  the same host


def _opener(watch: _Watch) -> OpenerDirector:
    """Of urllib, which knows the machine's proxies, with its sockets under watch."""

    def watched(kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        def made(*args: Any, **kwargs: Any) -> HTTPConnection:
            connection = kind(*args, **kwargs)
            vars(connection)["_create_connection"] = watch.connect  # as http.client invites to
            return connection

        return made

    class OpenPlain(HTTPHandler):
        def http_open(self, req: Request) -> HTTPResponse:
            return self.do_open(watched(HTTPConnection), req)

    class OpenEncrypted(HTTPSHandler):
        def https_open(self, req: Request) -> HTTPResponse:
            context = ssl.create_default_context()
            return self.do_open(watched(HTTPSConnection), req, context=context)

    return build_opener(OpenPlain(), OpenEncrypted(), _SameHostOnly(), _WithRefusals())
