"""What a kept page costs beside a Django that does nothing but answer the same bytes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from bench.load import rate
from tests.e2e.site import RunningSite, running_site, serving
from tests.parts import PROJECT, free_port

Row = tuple[str, str, str]
ROUNDS = 5
SECONDS = 2.0  # a half of a round
BARE_APPLICATION = "django.core.wsgi:get_wsgi_application()"
ASKED = {"Accept-Encoding": "gzip, deflate, br, zstd", "User-Agent": "Mozilla/5.0 (X11; Linux)"}


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        body = Path(folder) / "body"
        with urlopen(Request(f"{site.url}/en/", headers=ASKED)) as answer:
            body.write_bytes(answer.read())
        bare = _bare(site, body)
        with serving(bare, Path(folder) / "bare.log", BARE_APPLICATION):
            rates = [_pair(site, bare) for _round in range(ROUNDS)]
        calls = [(_call(site), _call(bare)) for _round in range(ROUNDS)]
    # Of each round by itself: its two halves met the same machine.
    ratio = median(kept / plain for kept, plain in rates)
    kept, plain = (median(each) for each in zip(*rates, strict=True))
    kept_call, plain_call = (median(each) for each in zip(*calls, strict=True))
    yield "kept page / bare Django view, requests a second", f"{ratio:.2f}", ">= 0.75"
    yield "kept page", f"{kept:.0f}/s", ""
    yield "bare Django view of the same bytes", f"{plain:.0f}/s", ""
    yield "kept page, processor time without gunicorn", f"{kept_call:.0f} us", ""
    yield "bare Django view, likewise", f"{plain_call:.0f} us", ""


def _bare(site: RunningSite, body: Path) -> RunningSite:
    port = free_port()
    own = {"DJANGO_SETTINGS_MODULE": "bench.bare", "BARE_BODY": str(body), "PORT": str(port)}
    environment = os.environ | site.environment | own
    return replace(site, url=f"http://127.0.0.1:{port}", environment=environment)


def _call(site: RunningSite) -> float:
    """Microseconds of one answer in a process of its own."""
    command = [sys.executable, "-m", "bench.calls"]
    return float(subprocess.check_output(command, env=site.environment, cwd=PROJECT, text=True))


def _pair(site: RunningSite, bare: RunningSite) -> tuple[float, float]:
    return rate(f"{site.url}/en/", ASKED, SECONDS), rate(f"{bare.url}/en/", ASKED, SECONDS)
