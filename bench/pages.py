"""What a page costs: queries, processor time, bytes, other hosts, cookies."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import brotli
from playwright.sync_api import sync_playwright

from tests import parts
from tests.e2e.site import RunningSite, running_site

Row = tuple[str, str, str]
KB = 1024


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        yield from _costs(site)
        yield from _sizes(site)
        yield from _visit(site)


def _costs(site: RunningSite) -> Iterator[Row]:
    """Measured in a process of its own, which has the site's settings."""
    command = [sys.executable, "-m", "bench.page_costs"]
    found = subprocess.run(
        command, env=site.environment, check=True, capture_output=True, text=True
    )
    yield from (tuple(row) for row in json.loads(found.stdout))


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
