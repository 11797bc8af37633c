"""Pages for visitors without a session are made once, and kept as they go over the wire.

The key holds the generation, so that a change anywhere makes all kept pages unreachable at once.
"""

import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path

import brotli
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.utils.cache import get_conditional_response, patch_vary_headers

from visitors.cache import generation
from visitors.headers import has_session, is_of_admin

ALLOWED_QUERY = {"page"}  # what chooses between a few pages; words of a search never come back
KEPT_FOR = 300  # seconds, where nothing changes: lists of events go by the clock
# Browsers ask each time whether theirs is still right; a proxy may answer for a second.
CACHE_CONTROL = "public, max-age=0, s-maxage=1"
FOR_ONE_PERSON = "private, no-store"
NOT_KEPT = "private, no-cache"
ENCODINGS = ("br", "gzip")  # the best first
VARY = ("Cookie", "Accept-Encoding")
COMPRESSIBLE = re.compile(r"text/|application/(json|ld\+json|(atom|rss|xhtml)?\+?xml)\b")
ROOT = Path(__file__).resolve().parents[2]
BESIDE_THE_APPS = ("requirements", "templates")
SUFFIXES = {".html", ".mo", ".py", ".txt"}
NEVER_KEPT = (f"/{settings.ADMIN_PATH}/", "/health/", "/documents/", "/media/", "/static/")


@dataclass(frozen=True)
class Kept:
    """An answer in one encoding, with its headers as Django writes them out."""

    headers: ResponseHeaders
    body: bytes
    until: float  # of the clock that all processes share

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Fresh from the cache, which gives each who asks a copy."""
        response = HttpResponse(b"" if request.method == "HEAD" else self.body)
        response.headers = self.headers
        if "HTTP_IF_NONE_MATCH" in request.META:
            tag = self.headers["ETag"]
            response = get_conditional_response(request, tag, response=response) or response
        response.kept_until = self.until  # type: ignore[attr-defined]  # for `visitors.cache.micro_cache`
        return response


class PageCache:
    """Answers with what is kept, or keeps what is answered. It comes after `MeetVisitor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request) or not hasattr(request, "variant"):
            return _for_one_person(request, self.get_response(request))
        if not may_be_kept(request):
            return _unkept(request, self.get_response(request))
        key = key_of(request)
        encoding = encoding_of(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if isinstance(held := cache.get(key + encoding), Kept):
            return held.answer(request)
        response = self.get_response(request)
        if not is_for_everyone(response):
            return _unkept(request, response)
        kept = in_each_encoding(response)
        if request.method == "GET":
            cache.set_many({key + name: each for name, each in kept.items()}, KEPT_FOR)
        return kept[encoding].answer(request)


def may_be_kept(request: HttpRequest) -> bool:
    """Whether the answer can be the same for all who chose the same look."""
    return (
        request.method in {"GET", "HEAD"}
        and not request.path_info.startswith(NEVER_KEPT)
        and not getattr(request, "is_dummy", False)  # Wagtail's preview of a draft
        and ALLOWED_QUERY.issuperset(request.GET)
        # Forms lead back to the address as it was asked for: `/en/?&` is not `/en/`.
        and request.GET.urlencode() == request.META.get("QUERY_STRING", "")
    )


def is_for_everyone(response: HttpResponse) -> bool:
    """Whether an answer is a page, complete, and not meant for one person or moment."""
    control = _words(response.headers.get("Cache-Control", ""))
    vary = _words(response.headers.get("Vary", ""))
    return (
        response.status_code == 200  # noqa: PLR2004  the number says it best
        and not response.streaming
        and not response.cookies
        and control.isdisjoint({"private", "no-store", "no-cache"})
        and vary <= {"cookie", "accept-encoding"}
        and not response.has_header("Content-Encoding")
    )


def _words(header: str) -> set[str]:
    return set(re.findall(r"[^\s,]+", header.lower()))


def key_of(request: HttpRequest) -> str:
    """Everything that makes one answer another. Raises DisallowedHost for a host not ours."""
    parts = (
        _version(),
        str(generation.current()),
        request.scheme or "",
        request.get_host(),
        request.path_info,
        request.GET.urlencode() if request.GET else "",
        request.variant.key,  # type: ignore[attr-defined]  # MeetVisitor put it there
    )
    # Short, as Django looks at each character of a key.
    digest = blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16)
    return f"page:{digest.hexdigest()}:"


@lru_cache(maxsize=1)
def _version() -> str:
    """Of the program and its settings: another one's pages are wrong, wherever they are kept."""
    said = (settings.SITE_URL, settings.MATOMO_URL, str(settings.MATOMO_SITE_ID))
    static = getattr(staticfiles_storage, "manifest_hash", "")
    return "\0".join((static, *said, _digest_of_program(settings.BASE_DIR)))


def _digest_of_program(folder: Path) -> str:
    """Of all that makes a page: our apps and templates; libraries by the list of what is locked."""
    files = (path for part in _parts() for path in (folder / part).rglob("*"))
    digest = blake2b(digest_size=16)
    for path in sorted(path for path in files if path.suffix in SUFFIXES):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _parts() -> list[str]:
    """Folders of the project: each installed app that stands beside this one, and two more."""
    paths = [Path(app.path) for app in apps.get_app_configs()]
    return [*(path.name for path in paths if path.parent == ROOT), *BESIDE_THE_APPS]


@lru_cache(maxsize=256)
def encoding_of(accepted: str) -> str:
    """The best encoding a browser takes; "" for none (RFC 9110 section 12.5.3)."""
    weights = {}
    for offer in accepted.lower().split(","):
        name, _, weight = offer.partition(";")
        refused = weight.replace(" ", "").rstrip("0").rstrip(".") in {"q=", "q=0"}
        weights[name.strip()] = not refused
    return next((name for name in ENCODINGS if weights.get(name)), "")


def in_each_encoding(response: HttpResponse) -> dict[str, Kept]:
    """The answer by encoding; plain in each that does not make it shorter."""
    response.headers["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, VARY)
    packed = {"": response.content}
    if COMPRESSIBLE.match(response.headers.get("Content-Type", "")):
        packed["gzip"] = gzip.compress(response.content, compresslevel=6, mtime=0)
        packed["br"] = brotli.compress(response.content, quality=5)
    return {name: _kept(response, name, packed.get(name, b"")) for name in ("", *ENCODINGS)}


def _kept(response: HttpResponse, encoding: str, packed: bytes) -> Kept:
    is_shorter = 0 < len(packed) < len(response.content)
    body = packed if is_shorter else response.content
    headers = ResponseHeaders(dict(response.headers))
    headers["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    headers["Content-Length"] = str(len(body))
    if is_shorter:
        headers["Content-Encoding"] = encoding
    return Kept(headers, body, time.time() + KEPT_FOR)


def _for_one_person(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if has_session(request) and not is_of_admin(request):
        response.headers["Cache-Control"] = FOR_ONE_PERSON
    return response


def _unkept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What is not kept here is kept nowhere else, unless it says otherwise."""
    if not request.path_info.startswith(NEVER_KEPT):
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        patch_vary_headers(response, ["Cookie"])
    return response
