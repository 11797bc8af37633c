"""What a search among many pages costs, with words rare and common."""

import random
import time
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import RequestFactory
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from bench.databases import Row, sized
from pages.listing import page_of
from pages.models import NodePage, StandardPage
from pages.search.queries import Result, found, results
from pages.search.views import PER_PAGE
from tests import builders

PAGES = sized(10_000, least=100)
WORDS = 200  # on either side of those searched
BATCH = 1_000
ROUNDS = 11
# Each of these is on one page in so many.
FREQUENCIES = {"zeldzaam": PAGES // 5, "vaak": 2, "overal": 1}
SYLLABLES = ("ba", "den", "gen", "ka", "li", "mo", "pro", "re", "su", "tis", "un", "ze")
MEANINGS = {
    "zeldzaam": "a rare word (on 5)",
    "vaak": "a common word (on half of them)",
    "overal": "a word on all of them",
}
TARGETS = {  # milliseconds
    "sqlite": {"zeldzaam": 50, "vaak": 50, "overal": 50},
    "postgresql": {"zeldzaam": 15, "vaak": 70, "overal": 70},
}
DICE = random.Random(4)  # noqa: S311  makes texts, no secrets
VOCABULARY = ["".join(DICE.choices(SYLLABLES, k=DICE.randint(2, 5))) for _ in range(8_000)]
LIKELY = [1 / (rank + 1) for rank in range(len(VOCABULARY))]  # as in real texts: Zipf's law


def measure() -> Iterator[Row]:
    with transaction.atomic():
        index(rows_of(pages_below(builders.home())))
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself in time, and an operator may on SQLite.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    for word, meaning in MEANINGS.items():
        what = f"search of {PAGES:,} pages on {connection.display_name}, {meaning}"
        target = TARGETS[connection.vendor][word]
        yield what, f"{time_of(word):.0f} ms", f"<= {target} ms"


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
