"""Asks a site: for one address as fast as it answers, by the sign-up form, and without a server.

`python -m bench.asking` prints the microseconds that a process of the site takes for one kept page:
it calls what gunicorn calls, so that neither gunicorn nor the asker counts. `BARE_BODY` as in
`bench.bare` says that the bare view is meant.
"""

import http.client
import io
import os
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from urllib.parse import urlencode, urlsplit
from wsgiref.types import WSGIApplication

CONNECTIONS = 8
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
    "Accept": "text/html",
}
NUMBERS = count()
CALLS = 3000
ASKED = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/en/",
    "QUERY_STRING": "",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux)",
    "wsgi.url_scheme": "http",
}


class Asker:
    """One connection. Each answer must be as long as the first: then none was an error."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        self.place = (parts.hostname, parts.port)
        fields = {"Host": parts.netloc, **headers}
        lines = [f"GET {parts.path} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items())]
        self.question = "\r\n".join([*lines, "", ""]).encode()
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(self.place, timeout=10)

    def fileno(self) -> int:
        return self.socket.fileno()

    def ask(self) -> None:
        self.missing, self.answer = -1, b""
        self.socket.sendall(self.question)

    def is_answered(self) -> bool:
        """Read what has come; False while there is more to come. A closed connection asks again."""
        piece = self.socket.recv(1 << 18)
        self.answer += piece
        head, end, body = self.answer.partition(b"\r\n\r\n")
        if not piece:
            raise ConnectionError
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"Not the page: {head.decode()}")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return len(body) >= length


def rate(url: str, headers: dict[str, str], seconds: float) -> float:
    """Answers a second."""
    with selectors.DefaultSelector() as waiting:
        for _connection in range(CONNECTIONS):
            _ask(waiting, Asker(url, headers))
        answers, began = 0, time.monotonic()
        while time.monotonic() < began + seconds:
            for key, _events in waiting.select(timeout=1):
                answers += _hear(waiting, key.fileobj)
        taken = time.monotonic() - began
        for key in list(waiting.get_map().values()):
            key.fileobj.socket.close()
    return answers / taken


def _ask(waiting: selectors.BaseSelector, asker: Asker) -> None:
    asker.ask()
    waiting.register(asker, selectors.EVENT_READ)


def _hear(waiting: selectors.BaseSelector, asker: Asker) -> bool:
    """Whether a whole answer came; then the next question is asked."""
    try:
        if answered := asker.is_answered():
            asker.ask()
    except ConnectionError:  # a worker closes what it kept open long enough
        waiting.unregister(asker)
        asker.socket.close()
        asker.connect()
        _ask(waiting, asker)
        return False
    return answered


@dataclass
class Poster:
    """One visitor who signs up again and again."""

    url: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(str(urlsplit(self.url).netloc), timeout=60)

    def sign_up(self, address: str = "") -> float:
        """Seconds until the answer is there."""
        address = address or f"visitor{next(NUMBERS)}@example.org"
        body = urlencode({"email": address, "consent": "on", "topics": "newsletter"})
        began = time.perf_counter()
        try:
            self.connection.request("POST", "/en/newsletter/", body, HEADERS)
            answer = self.connection.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError) as error:
            self.wrong.append(repr(error))
            self.connection.close()
        else:
            if answer.status != http.client.SEE_OTHER:
                self.wrong.append(str(answer.status))
        return time.perf_counter() - began


def crowd(url: str, size: int, seconds: float) -> tuple[int, list[str]]:
    """So many at once for so long: how often they signed up, and what went wrong."""
    posters, done = [Poster(url) for _one in range(size)], [0] * size
    until = time.monotonic() + seconds

    def post(number: int) -> None:
        while time.monotonic() < until:
            posters[number].sign_up()
            done[number] += 1

    threads = [threading.Thread(target=post, args=(number,)) for number in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done), [said for poster in posters for said in poster.wrong]


def application() -> WSGIApplication:
    if "BARE_BODY" in os.environ:
        return import_module("django.core.wsgi").get_wsgi_application()
    return import_module("bbmri_be.wsgi").application


def call(served: WSGIApplication) -> bytes:
    said = []
    answer = served(
        ASKED | {"wsgi.input": io.BytesIO()}, lambda status, headers: said.append(status)
    )
    body = b"".join(answer)
    getattr(answer, "close", int)()
    if said != ["200 OK"]:
        raise SystemExit(f"Not the page: {said}")
    return body


def main() -> None:
    served = application()
    for _warm in range(100):
        call(served)
    began = time.process_time()
    for _call in range(CALLS):
        call(served)
    print(f"{(time.process_time() - began) / CALLS * 1e6:.1f}")


if __name__ == "__main__":
    main()
