"""Times of the finder's pages, in a process with the measured database's settings."""

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbmri_be.settings")
django.setup()

from django.core.cache import cache  # noqa: E402  the registry comes first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from members.models import Biobank  # noqa: E402
from tests import builders  # noqa: E402
from visitors.cache import generation  # noqa: E402

ROUNDS = 15
ADDRESS = "/en/biobanks/"
ASKED = {"page": "", "words": "?q=biobank+ghent", "slip": "?q=ghnet"}


def main(files: list[str]) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    builders.finder(builders.home())
    found = {}
    for file in files:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            call_command("import_directory", file=file, force=True, stdout=nowhere)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        found[Biobank.objects.shown().count()] = costs()
    json.dump(found, sys.stdout)


def costs() -> dict[str, float]:
    """Seconds, at best, of a process that has answered before, and of one that knows nothing of
    the biobanks; and the queries of one answer.
    """
    browser = Client(SERVER_NAME="127.0.0.1")
    once(browser, "")  # what is read once a process is not the biobanks' cost
    cold = [once(browser, "", knows=False) for _round in range(ROUNDS)]
    anew, queries_anew = min(seconds for seconds, _queries in cold), cold[0][1]
    found = {
        name: min(once(browser, query)[0] for _round in range(ROUNDS))
        for name, query in ASKED.items()
    }
    queries = once(browser, "")[1]
    return found | {"anew": anew, "queries": queries, "queries_anew": queries_anew}


def once(browser: Client, query: str, *, knows: bool = True) -> tuple[float, int]:
    cache.clear()
    if not knows:
        generation.forget()
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        answer = browser.get(f"{ADDRESS}{query}")
        taken = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"The finder answered {answer.status_code}.")
    return taken, len(queries)


if __name__ == "__main__":
    main(sys.argv[1:])
