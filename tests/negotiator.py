"""A Negotiator for tests: takes requests as its RequestController does, at a local HTTP server."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.directory import send

Request = dict[str, Any]
Answer = Callable[[BaseHTTPRequestHandler, Request], None]
CREATED, BAD_REQUEST, NOT_FOUND, UNSUPPORTED = 201, 400, 404, 415
# Of a RequestCreateDTO, with what is said where one is missing.
ASKED_FOR = {
    "url": "The URL of the Discovery Service must be present",
    "humanReadable": "A human readable description of the request must be present",
    "resources": "At least one resource must be present",
}


@dataclass
class NegotiatorServer:
    """Answers at `url`; `requests` are those it got, taken or not.

    `discovery_services`: the hosts it knows; all where empty. `unknown`: ids it has no resource of.
    """

    url: str = ""
    discovery_services: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    answer: Answer | None = None

    def usual(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        why = self.why_not(request)
        if handler.path != "/api/v3/requests":
            _refuse(handler, NOT_FOUND, "Not found")
        elif handler.headers.get_content_type() != "application/json":
            _refuse(handler, UNSUPPORTED, "Unsupported Media Type")
        elif why:
            _refuse(handler, BAD_REQUEST, why)
        else:
            key = str(uuid4())
            made = {"id": key, **request, "redirectUrl": f"{self.url}requests/{key}"}
            send(handler, made, status=CREATED)

    def why_not(self, request: Request) -> str:
        for name, words in ASKED_FOR.items():
            if not request.get(name):
                return words
        for resource in request["resources"]:
            if resource["id"] in self.unknown:
                return f"Resource with external ID: {resource['id']} was not found."
        services = self.discovery_services
        if services and urlsplit(request["url"]).hostname not in services:
            return "The Discovery Service from which this HTTP request originated is not registered"
        return ""


def _refuse(handler: BaseHTTPRequestHandler, status: int, why: str) -> None:
    send(handler, {"title": "Bad request.", "detail": why, "status": status}, status=status)


@contextmanager
def negotiator_server() -> Iterator[NegotiatorServer]:
    negotiator = NegotiatorServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            negotiator.requests.append(request)
            (negotiator.answer or negotiator.usual)(self, request)

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002  its own name
            """Tests' output is for tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    negotiator.url = f"http://127.0.0.1:{server.server_port}/"
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield negotiator
    finally:
        server.shutdown()
        server.server_close()
