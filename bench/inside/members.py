"""What an import of many biobanks costs, and what the finder costs with many of them beside few."""

import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.databases import Row, resident, sized
from members.diseases import first_rows
from tests import builders
from tests.directory import large_reply
from visitors.cache import generation

FEW, MANY = 20, sized(1_000, least=40)
COLLECTIONS_EACH = 5
ROWS = tuple(
    f"members_{name}"
    for name in ("biobank", "collection", "trait", "qualitymark", "membership", "codelabel")
)
NAMES = {"published": "right after a page was published"}
WRITES = ("INSERT", "UPDATE", "DELETE")
ROUNDS = 15
ASKED = {
    "page": "",
    "words": "?q=biobank+ghent",
    "slip": "?q=ghnet",
    "disease in words": "?q=borstkanker",
    "disease chosen": "?disease=C20&material=DNA",
    "collections of a disease": "?q=breast+cancer&show=collections",
}


def seconds_of_import(biobanks: int, *, force: bool = False) -> float:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        # Written by another process, whose memory does not count.
        writer = get_context("fork").Process(target=write_reply, args=(file.name, biobanks))
        writer.start()
        writer.join()
        began = time.monotonic()
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            call_command("import_directory", file=file.name, force=force, stdout=nowhere)
        return time.monotonic() - began


def write_reply(file: str, biobanks: int) -> None:
    reply = json.dumps(large_reply(biobanks, COLLECTIONS_EACH))
    Path(file).write_text(reply, encoding="utf-8")


def directory() -> Iterator[Row]:
    first = seconds_of_import(MANY)
    with CaptureQueriesContext(connection) as queries:
        again = seconds_of_import(MANY)
    said = [query["sql"] for query in queries]
    writes = [sql for sql in said if sql.startswith(WRITES) and any(name in sql for name in ROWS)]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"import of {MANY} biobanks, {MANY * COLLECTIONS_EACH} collections"
    what = f"{what}, {connection.display_name}"
    yield what, f"{first:.1f} s", "<= 40 s"
    yield f"{what}, memory", f"{megabytes:.0f} MB", "<= 300 MB"
    yield f"{what}, again", f"{again:.1f} s", "<= 40 s"
    yield f"{what}, again: writes to rows", str(len(writes)), "0"


def finder() -> Iterator[Row]:
    call_command("collectstatic", interactive=False, verbosity=0)
    builders.finder(builders.home())
    first_rows.load()
    few, many = costs_with(FEW), costs_with(MANY)
    ratios = {name: f"{many[name] / few[name]:.1f}" for name in (*ASKED, "published")}
    yield (
        f"finder's first page, {MANY} biobanks and {MANY * COLLECTIONS_EACH} collections"
        f" / {FEW} biobanks, {connection.display_name}",
        ratios["page"],
        "<= 3",
    )
    for name in (*ASKED, "published"):
        if name != "page":
            yield f"the same, {NAMES.get(name, name)}", ratios[name], "<= 3"
    yield f"finder's first page, {MANY} biobanks", f"{many['page'] * 1000:.0f} ms", ""
    yield (
        "the same, the biobanks read anew (once a process after an import)",
        f"{many['anew'] * 1000:.0f} ms",
        "<= 3,000 ms",
    )
    most = max(few["queries"], many["queries"], many["queries_published"])
    yield "queries of the finder, at most", f"{most:.0f}", "<= 20"
    yield "the same, read anew", f"{few['queries_anew']:.0f}, {many['queries_anew']:.0f}", ""
    yield "memory of the process with both", f"{resident():.0f} MB", "<= 250 MB"


def costs_with(biobanks: int) -> dict[str, float]:
    """Seconds of processor time, at best, of a process that has answered before, of one that has
    not since a page was published, and of one that knows nothing of the biobanks; and the queries
    of one answer.
    """
    seconds_of_import(biobanks, force=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    browser = Client(SERVER_NAME="127.0.0.1")
    once(browser, "")  # what is read once a process is not the biobanks' cost
    found = {
        name: min(once(browser, query)[0] for _round in range(ROUNDS))
        for name, query in ASKED.items()
    }
    published = [once(browser, "", after=publish) for _round in range(ROUNDS)]
    cold = [once(browser, "", after=generation.forget) for _round in range(3)]
    return found | {
        "published": min(taken for taken, _queries in published),
        "anew": min(taken for taken, _queries in cold),
        "queries": max(once(browser, query)[1] for query in ASKED.values()),
        "queries_published": published[-1][1],
        "queries_anew": cold[0][1],
    }


def publish() -> None:
    """Any page."""
    builders.home().save_revision().publish()


def once(
    browser: Client, query: str, *, after: Callable[[], object] = cache.clear
) -> tuple[float, int]:
    cache.clear()
    after()
    with CaptureQueriesContext(connection) as queries:
        began = time.process_time()
        answer = browser.get(f"/en/biobanks/{query}")
        taken = time.process_time() - began
    if answer.status_code != 200:
        raise SystemExit(f"The finder answered {answer.status_code}.")
    return taken, len(queries)
