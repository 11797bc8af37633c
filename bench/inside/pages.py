"""Queries and processor time of a page."""

import time
from collections.abc import Iterator

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from bench.databases import Row
from pages.models import NodePage

ROUNDS = 7
REQUESTS = 20  # a round
PAGES = (
    *("goals/", "people/", "people/elke-smits/", "networks/", "networks/bwb/", "news/"),
    *("events/", "faq/", "privacy/"),
)


def measure() -> Iterator[Row]:
    browser = Client(SERVER_NAME="127.0.0.1")
    empty = Page(title="Empty", slug="empty-for-measure")
    NodePage.objects.get(locale__language_code="en").add_child(instance=empty)
    most = max(queries(browser, f"/en/{path}") for path in PAGES)
    yield "queries of the home, uncached", str(queries(browser, "/en/")), "<= 16"
    yield "queries of any other page, uncached", str(most), "<= 15"
    costs = ratio(browser, "/en/", empty.url)
    yield "processor time of the home / of an empty page", f"{costs:.1f}", "<= 5"
    empty.delete()


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(captured)


def ratio(browser: Client, address: str, other: str) -> float:
    """How many times as much an address costs as another: the best of rounds taken in turn."""
    rounds = [
        (processor_time(browser, address), processor_time(browser, other)) for _ in range(ROUNDS)
    ]
    return min(first for first, _ in rounds) / min(second for _, second in rounds)


def processor_time(browser: Client, address: str) -> float:
    """Seconds of one round."""
    began = time.process_time()
    for _request in range(REQUESTS):
        cache.clear()
        browser.get(address)
    return time.process_time() - began
