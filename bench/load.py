"""Asks a site for one address as fast as it answers, over connections that stay open."""

import selectors
import socket
import time
from urllib.parse import urlsplit

CONNECTIONS = 8


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
