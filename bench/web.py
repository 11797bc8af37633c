"""What the site's pages cost: to make, to send, to send again; Lighthouse; a newcomer's start."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

import brotli
from playwright.sync_api import sync_playwright

from bench.asking import rate
from bench.databases import Row, inside
from tests import parts
from tests.e2e.conftest import SWITCHES
from tests.e2e.site import RunningSite, running_site, serving

KB = 1024
BARE_APPLICATION = "django.core.wsgi:get_wsgi_application()"


@contextmanager
def a_site() -> Iterator[tuple[RunningSite, Path]]:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        yield site, Path(folder)


@contextmanager
def bare(site: RunningSite, log: Path, **more: str) -> Iterator[RunningSite]:
    """`bench.bare` beside a site. `more`: of its environment."""
    port = parts.free_port()
    own = {"DJANGO_SETTINGS_MODULE": "bench.bare", "PORT": str(port), **more}
    other = replace(site, url=f"http://127.0.0.1:{port}", environment=site.environment | own)
    with serving(other, log, BARE_APPLICATION):
        yield other


def pages() -> Iterator[Row]:
    with a_site() as (site, _folder):
        yield from inside("pages", site.environment)
        yield from _sizes(site)
        yield from _visit(site)


def _sizes(site: RunningSite) -> Iterator[Row]:
    with urlopen(f"{site.url}/en/") as answer:
        html, headers = answer.read(), str(answer.headers).encode()
    weight = len(brotli.compress(html)) + len(headers)
    yield "home, HTML by brotli with headers", f"{weight / KB:.1f} kB", "<= 14 kB"
    for what, path, most in (
        ("style sheet", "css/site.css", "9 kB"),
        ("script", "js/site.js", "2 kB"),
    ):
        packed = brotli.compress(Path("static", path).read_bytes())
        yield f"{what} by brotli", f"{len(packed) / KB:.1f} kB", f"<= {most}"


def _visit(site: RunningSite) -> Iterator[Row]:
    asked: list[str] = []
    with sync_playwright() as playwright:
        switches = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=parts.browser(), args=switches)
        context = browser.new_context(base_url=site.url)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        for path in ["", "networks/", "people/", "news/", "search/?q=biobank", "nowhere/"]:
            page.goto(f"/en/{path}")
        cookies = len(context.cookies())
        browser.close()
    others = [address for address in asked if not address.startswith(site.url)]
    yield "requests to other hosts, six pages", str(len(others)), "0"
    yield "cookies after six pages", str(cookies), "0"


# A kept page beside a Django that does nothing but answer the same bytes

ROUNDS = 5
SECONDS = 2.0  # a half of a round
ASKED = {"Accept-Encoding": "gzip, deflate, br, zstd", "User-Agent": "Mozilla/5.0 (X11; Linux)"}


def page_cache() -> Iterator[Row]:
    with a_site() as (site, folder):
        body = folder / "body"
        with urlopen(Request(f"{site.url}/en/", headers=ASKED)) as answer:
            body.write_bytes(answer.read())
        with bare(site, folder / "bare.log", BARE_BODY=str(body)) as plain_site:
            rates = [_pair(site, plain_site) for _round in range(ROUNDS)]
        calls = [(_call(site), _call(plain_site)) for _round in range(ROUNDS)]
    # Of each round by itself: its two halves met the same machine.
    ratio = median(kept / plain for kept, plain in rates)
    kept, plain = (median(each) for each in zip(*rates, strict=True))
    kept_call, plain_call = (median(each) for each in zip(*calls, strict=True))
    yield "kept page / bare Django view, requests a second", f"{ratio:.2f}", ">= 0.75"
    yield "kept page", f"{kept:.0f}/s", ""
    yield "bare Django view of the same bytes", f"{plain:.0f}/s", ""
    yield "kept page, processor time without gunicorn", f"{kept_call:.0f} us", ""
    yield "bare Django view, likewise", f"{plain_call:.0f} us", ""


def _call(site: RunningSite) -> float:
    """Microseconds of one answer in a process of its own."""
    command = [sys.executable, "-m", "bench.asking"]
    return float(
        subprocess.check_output(command, env=site.environment, cwd=parts.PROJECT, text=True)
    )


def _pair(site: RunningSite, bare: RunningSite) -> tuple[float, float]:
    return rate(f"{site.url}/en/", ASKED, SECONDS), rate(f"{bare.url}/en/", ASKED, SECONDS)


# Lighthouse's four scores of the home, as a phone gets it over a slow network

LIGHTHOUSE = "lighthouse@12.8.2"  # newer ones ask for a newer node than distributions have
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 3  # the median is told: one run depends on what else the machine does
FLAGS = ("--headless=new", "--no-first-run", "--disable-dev-shm-usage", *SWITCHES)
TARGET = "100"


def lighthouse() -> Iterator[Row]:
    npx = shutil.which("npx")
    if not npx or not shutil.which("node"):
        yield "Lighthouse, home", "not run: no npm", TARGET
        return
    with a_site() as (site, folder):
        runs = [_scores(npx, f"{site.url}/en/", folder) for _run in range(RUNS)]
    for category in CATEGORIES:
        score = median(scores[category] for scores in runs)
        yield f"Lighthouse, home, {category}", f"{score:.0f}", TARGET


def _scores(npx: str, address: str, folder: Path) -> dict[str, float]:
    """Each category's score, out of a hundred."""
    report = folder / "lighthouse.json"
    command = [
        *(npx, "--yes", LIGHTHOUSE, address),
        *("--quiet", "--no-enable-error-reporting", "--output=json", f"--output-path={report}"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    environment = os.environ | {"CHROME_PATH": str(parts.whole_browser())}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    categories = json.loads(report.read_text())["categories"]
    return {name: 100 * categories[name]["score"] for name in CATEGORIES}


# How long a newcomer waits: `make run` in a fresh clone, and again

PATIENCE = 300  # seconds
OURS = (
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "SECRET_KEY",
    "VIRTUAL_ENV",
    "MAKEFLAGS",
    "MAKELEVEL",
)


def start() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        git = shutil.which("git") or "git"
        subprocess.run([git, "clone", "--quiet", parts.PROJECT, clone], check=True)
        yield "make run in a fresh clone, warm package cache", f"{_seconds(clone):.0f} s", "< 180 s"
        yield "make run again", f"{_seconds(clone):.1f} s", "< 10 s"


def _seconds(clone: Path) -> float:
    """Until the home answers."""
    port = parts.free_port()
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    began = time.monotonic()
    make = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=environment | {"PORT": str(port)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/en/", make)
        return time.monotonic() - began
    finally:
        os.killpg(make.pid, signal.SIGTERM)
        make.wait(timeout=60)


def _wait_for(url: str, make: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and make.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("make run did not serve the site.")
