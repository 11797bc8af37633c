"""A stand-in for Matomo, which is somebody else's and can't be run here: it notes who asks.

Its `matomo.js` does with `_paq` what Matomo's own does with what our page puts there: it
sends one picture request to `matomo.php`, with address, title and referrer as the browser knows
them unless told others, another for each link followed if told to track links, and sets `_pk_*`
cookies unless told to set none.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

SCRIPT = b"""
(() => {
  const said = new Map(window._paq.map(([name, value]) => [name, value]));
  const send = (about) => {
    const sent = new URLSearchParams({
      idsite: said.get("setSiteId"),
      url: said.get("setCustomUrl") ?? location.href,
      urlref: said.get("setReferrerUrl") ?? document.referrer,
      action_name: said.get("setDocumentTitle") ?? document.title,
      ...about,
    });
    new Image().src = `${said.get("setTrackerUrl")}?${sent}`;
  };
  if (!said.has("disableCookies")) document.cookie = "_pk_id.1=visitor; path=/";
  if (said.has("trackPageView")) send({});
  if (!said.has("enableLinkTracking")) return;
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) send({ download: link.href });
  });
})();
"""


@dataclass
class Matomo:
    """Where it answers, and what it was asked: path, parameters, the cookies that came along."""

    url: str
    asked: list[tuple[str, dict[str, str], str | None]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/m/")

    def paths(self) -> list[str]:
        return [path for path, _fields, _cookie in self.asked]


@contextmanager
def running_matomo() -> Iterator[Matomo]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            matomo.asked.append((parts.path, dict(parse_qsl(parts.query)), self.headers["Cookie"]))
            is_script = parts.path == "/m/matomo.js"
            self.send_response(200 if is_script else 204)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(SCRIPT if is_script else b"")

        def log_message(self, *_about: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        matomo = Matomo(f"http://127.0.0.1:{server.server_port}/m/")
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield matomo
        server.shutdown()
        thread.join()
