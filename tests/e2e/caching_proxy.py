"""A small real caching proxy: what RFC 9111 asks of a shared cache, for what this site sends.

Freshness by `s-maxage` and `max-age` (section 5.2.2), nothing that is `private` or `no-store` or
sets a cookie (sections 3 and 7.3), stored answers by what `Vary` names (section 4.1), and asking
again by `ETag` (section 4.3).
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import urlsplit

PASSED_ON = ("Cookie", "Accept-Encoding", "If-None-Match")
NOT_PASSED_ON = {"connection", "date", "server", "transfer-encoding"}


@dataclass
class Stored:
    """An answer, the request's fields that chose it, and when it must be asked for again."""

    chosen_by: dict[str, str]
    headers: Message
    body: bytes
    fresh_until: float

    def fits(self, asked: Message) -> bool:
        return all(asked.get(name, "") == value for name, value in self.chosen_by.items())


@dataclass
class Proxy:
    """What is stored, and what came of each question."""

    origin: str
    heeds_vary: bool = True
    stored: dict[str, list[Stored]] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=lambda: {"hit": 0, "held": 0, "miss": 0})
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, asked: Message) -> tuple[int, Message, bytes]:
        with self.lock:
            held = next((one for one in self.stored.get(path, []) if one.fits(asked)), None)
            if held and monotonic() < held.fresh_until:
                return self._tell("hit", held)
            status, headers, body = self._ask(path, asked, held)
            if held and status == 304:
                held.fresh_until = monotonic() + lifetime(headers)
                return self._tell("held", held)
            self.told["miss"] += 1
            if status == 200 and may_store(headers):
                self._store(path, asked, headers, body)
            return status, headers, body

    def _tell(self, what: str, held: Stored) -> tuple[int, Message, bytes]:
        self.told[what] += 1
        return 200, held.headers, held.body

    def _store(self, path: str, asked: Message, headers: Message, body: bytes) -> None:
        names = re.findall(r"[\w-]+", headers.get("Vary", "")) if self.heeds_vary else []
        chosen_by = {name: asked.get(name, "") for name in names}
        others = [one for one in self.stored.get(path, []) if one.chosen_by != chosen_by]
        entry = Stored(chosen_by, headers, body, monotonic() + lifetime(headers))
        self.stored[path] = [*others, entry]

    def _ask(self, path: str, asked: Message, held: Stored | None) -> tuple[int, Message, bytes]:
        fields = {name: asked[name] for name in PASSED_ON if name in asked}
        if held:
            fields["If-None-Match"] = held.headers["ETag"]
        connection = HTTPConnection(urlsplit(self.origin).netloc, timeout=20)
        connection.request("GET", path, headers=fields | {"Host": urlsplit(self.origin).netloc})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body


def directives(headers: Message) -> dict[str, str]:
    return dict(re.findall(r"([a-z-]+)(?:=(\d+))?", headers.get("Cache-Control", "").lower()))


def lifetime(headers: Message) -> float:
    """Seconds an answer is fresh in a shared cache."""
    said = directives(headers)
    return float(said.get("s-maxage") or said.get("max-age") or 0)


def may_store(headers: Message) -> bool:
    unfit = {"private", "no-store", "no-cache"} & set(directives(headers))
    return not unfit and "Set-Cookie" not in headers and headers.get("Vary") != "*"


@contextmanager
def running(proxy: Proxy) -> Iterator[str]:
    """The address the proxy listens at, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = proxy.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in NOT_PASSED_ON:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_about: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
