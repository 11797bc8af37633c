"""`python -m bench.calls`: microseconds that a process of the site takes for one kept page.

It calls what gunicorn calls, so that neither gunicorn nor the asker counts. `BARE_BODY` as in
`bench.bare` says that the bare view is meant.
"""

import io
import os
import time
from importlib import import_module
from wsgiref.types import WSGIApplication

from django.core.wsgi import get_wsgi_application

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


def application() -> WSGIApplication:
    if "BARE_BODY" in os.environ:
        return get_wsgi_application()
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
