"""Queries and processor time of a page, in a process with the measured site's settings."""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbmri_be.settings")
django.setup()

from django.core.cache import cache  # noqa: E402  the registry comes first
from django.db import connection  # noqa: E402  the registry comes first
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import Page  # noqa: E402

from pages.models import NodePage  # noqa: E402

ROUNDS = 7
REQUESTS = 20  # a round
PAGES = [
    "goals/",
    "people/",
    "people/elke-smits/",
    "networks/",
    "networks/bwb/",
    "news/",
    "events/",
    "faq/",
    "privacy/",
]


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(captured)


def processor_time(browser: Client, address: str) -> float:
    """Seconds of one round."""
    began = time.process_time()
    for _request in range(REQUESTS):
        cache.clear()
        browser.get(address)
    return time.process_time() - began


def ratio(browser: Client, address: str, other: str) -> float:
    """How many times as much an address costs as another: the best of rounds taken in turn."""
    rounds = [
        (processor_time(browser, address), processor_time(browser, other)) for _ in range(ROUNDS)
    ]
    return min(first for first, _ in rounds) / min(second for _, second in rounds)


def main() -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    empty = Page(title="Empty", slug="empty-for-measure")
    NodePage.objects.get(locale__language_code="en").add_child(instance=empty)
    most = max(queries(browser, f"/en/{path}") for path in PAGES)
    rows = [
        ("queries of the home, uncached", str(queries(browser, "/en/")), "<= 16"),
        ("queries of any other page, uncached", str(most), "<= 15"),
        (
            "processor time of the home / of an empty page",
            f"{ratio(browser, '/en/', empty.url):.1f}",
            "<= 5",
        ),
    ]
    empty.delete()
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()
