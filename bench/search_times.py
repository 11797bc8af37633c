"""Times of a search among many pages, in a process with the measured database's settings."""

import json
import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbmri_be.settings")
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402  the registry comes first
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from wagtail.models import Page  # noqa: E402
from wagtail.search.backends import get_search_backend  # noqa: E402

from pages.listing import page_of  # noqa: E402
from pages.models import NodePage, StandardPage  # noqa: E402
from pages.search.queries import Result, found, results  # noqa: E402
from pages.search.views import PER_PAGE  # noqa: E402
from tests import builders  # noqa: E402

PAGES = 10_000
WORDS = 200  # on either side of those searched
BATCH = 1_000
ROUNDS = 11
# Each of these is on one page in so many.
FREQUENCIES = {"zeldzaam": PAGES // 5, "vaak": 2, "overal": 1}
SYLLABLES = ("ba", "den", "gen", "ka", "li", "mo", "pro", "re", "su", "tis", "un", "ze")
DICE = random.Random(4)  # noqa: S311  makes texts, no secrets
VOCABULARY = ["".join(DICE.choices(SYLLABLES, k=DICE.randint(2, 5))) for _ in range(8_000)]
LIKELY = [1 / (rank + 1) for rank in range(len(VOCABULARY))]  # as in real texts: Zipf's law


def main() -> None:
    with transaction.atomic():
        index(rows_of(pages_below(builders.home())))
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself in time, and an operator may on SQLite.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    json.dump({word: time_of(word) for word in FREQUENCIES}, sys.stdout)


def text(length: int) -> str:
    return " ".join(DICE.choices(VOCABULARY, LIKELY, k=length))


def pages_below(node: NodePage) -> list[Page]:
    """The pages' common rows, without their texts."""
    titles = [f"{number} {text(number % 5 + 1)}" for number in range(PAGES)]
    kind = ContentType.objects.get_for_model(StandardPage)
    pages = [
        Page(
            title=titles[number],
            draft_title=titles[number],
            slug=f"page-{number}",
            path=Page._get_path(node.path, node.depth + 1, number + 1),
            depth=node.depth + 1,
            url_path=f"{node.url_path}page-{number}/",
            content_type=kind,
            locale=node.locale,
        )
        for number in range(PAGES)
    ]
    Page.objects.bulk_create(pages, batch_size=BATCH)
    NodePage.objects.filter(pk=node.pk).update(numchild=PAGES)
    return list(Page.objects.filter(depth=node.depth + 1).order_by("path"))


def rows_of(pages: list[Page]) -> list[StandardPage]:
    """The same pages with their texts."""
    rows = []
    for number, page in enumerate(pages):
        asked = " ".join(word for word, every in FREQUENCIES.items() if number % every == 0)
        body = [{"type": "paragraph", "value": f"<p>{text(WORDS)} {asked} {text(WORDS)}</p>"}]
        row = StandardPage(page_ptr_id=page.pk, summary=text(20), body=body)
        row.__dict__ |= {name: value for name, value in page.__dict__.items() if name != "_state"}
        row.save_base(raw=True, force_insert=True)
        rows.append(row)
    return rows


def index(rows: list[StandardPage]) -> None:
    for first in range(0, len(rows), BATCH):
        get_search_backend().add_bulk(StandardPage, rows[first : first + BATCH])


def time_of(word: str) -> float:
    """Milliseconds to count what is found and to make the first page of results, at best."""
    return min(one_search(word) for _ in range(ROUNDS))


def one_search(word: str) -> float:
    request = RequestFactory().get("/en/search/", {"q": word})
    began = time.perf_counter()
    rows = page_of(found([word], "en"), request, PER_PAGE)
    shown = results(list(rows), [word], request)
    ended = time.perf_counter()
    if rows.paginator.count != PAGES // FREQUENCIES[word] or not all(map(has_word, shown)):
        raise SystemExit(f"The search for {word} went wrong: {rows.paginator.count} found.")
    return (ended - began) * 1000


def has_word(result: Result) -> bool:
    return any(fragment.is_found for fragment in result.excerpt)


if __name__ == "__main__":
    main()
