"""A mail provider's HTTP interface for tests: Postmark's, as Anymail speaks to it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pytest_django.fixtures import Settings

DROP = 0  # no status at all: the connection ends once the request has been read
TOKEN = "a server token"  # noqa: S105  nobody's


@dataclass
class Provider:
    """`mails`: what it said yes to, or had read when it dropped the connection."""

    url: str
    mails: list[dict[str, Any]] = field(default_factory=list)
    fails: list[int] = field(default_factory=list)  # what the next answers are; then all is well

    def serve(self, settings: Settings) -> None:
        """Let the site send through it, as MAIL_PROVIDER=postmark does."""
        settings.MAIL_PROVIDER = "postmark"
        settings.MAIL_TRANSPORT = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {
            "POSTMARK_API_URL": self.url,
            "POSTMARK_SERVER_TOKEN": TOKEN,
            "REQUESTS_TIMEOUT": 5,
        }

    def answer(self, mail: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status = self.fails.pop(0) if self.fails else HTTPStatus.OK
        if status in {HTTPStatus.OK, DROP}:
            self.mails.append(mail)
        if status != HTTPStatus.OK:
            return status, {"ErrorCode": 300, "Message": f"Not now, {mail['To']}"}
        number = f"id-{len(self.mails)}"
        return status, {"ErrorCode": 0, "Message": "OK", "MessageID": number, "To": mail["To"]}


class _Handler(BaseHTTPRequestHandler):
    """Its methods' names are the library's."""

    protocol_version = "HTTP/1.1"
    provider: Provider

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        status, said = self.provider.answer(json.loads(content))
        if status == DROP:
            self.close_connection = True
            return
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: the tests' output is for the tests."""


@contextmanager
def provider() -> Iterator[Provider]:
    handler: type[_Handler] = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.provider = Provider(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield handler.provider
    finally:
        server.shutdown()
        server.server_close()
