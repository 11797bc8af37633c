"""Every address of wagtail-localize, asked with what nobody means: refused, and nothing is kept."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail_localize.models import Translation

from pages.models import Funding, NodePage
from pages.translating.guard import LOCALIZE
from tests import builders
from tests.integration import four_languages as stage

NUMBERS = (0, 99_999, 2**31, 10**30)
WORDS = ("x" * 1000, "%1B", "javascript:alert(1)")
HOSTILE = (
    *WORDS,
    "data:text/html,<script>",
    "//evil.example",
    "a\0b",
    "a\x1b[1m",
    "-1",
    str(10**30),
    "x" * 100_000,
)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def begun(client: Client, home: NodePage, admin_of_all: User) -> Translation:
    stage.two_homes(home)
    client.force_login(admin_of_all)
    client.raise_request_exception = False
    return stage.begun(builders.text_page(home, "A freezer"), admin_of_all)


def routes(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """Those below /admin/localize/ that name something."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == LOCALIZE:
            yield from (str(one.pattern) for one in pattern.url_patterns)
        elif isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)


def foreign(route: str, known: int) -> Iterator[str]:
    """Addresses that name what there is not; of the first thing also what there is."""
    route = route.replace("<slug:app_label>/<slug:model_name>/<", "pages/funding/<")
    junk = NUMBERS if "<int:" in route else WORDS
    for one in junk:
        yield re.sub("<[^>]*>", str(one), route)
    if route.count("<") > 1:
        for one in NUMBERS if route.count("<int:") > 1 else WORDS:
            yield re.sub("<[^>]*>", str(one), re.sub("<[^>]*>", str(known), route, count=1))


def test_what_there_is_not_is_not_found(client: Client, begun: Translation) -> None:
    naming = [route for route in routes(get_resolver().url_patterns) if "<" in route]
    before = stage.stored()
    for path in (path for route in naming for path in foreign(route, begun.pk)):
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = client.generic(method, f"/admin/localize/{path}", "a=b", content_type=FORM)
            assert 400 <= answer.status_code < 500, (method, path, answer.status_code)
    assert naming
    assert stage.stored() == before


def test_hostile_words_are_given_nowhere(client: Client, begun: Translation) -> None:
    page, record = begun.source.get_source_instance(), Funding.objects.create(project="A")
    piece = begun.source.stringsegment_set.first().pk
    taking = {
        f"submit/page/{page.pk}/": "locales",
        f"submit/snippet/pages/funding/{record.pk}/": "locales",
        f"translate/{begun.pk}/strings/{piece}/edit/": "word",
        f"translate/{begun.pk}/pofile/upload/": "file",
        f"translate/{begun.pk}/machine_translate/": "next",
    }
    before = stage.stored()
    for path, field in taking.items():
        for value in HOSTILE:
            for method in ("POST", "PUT"):
                body = urlencode({field: value})
                answer = client.generic(method, f"/admin/localize/{path}", body, content_type=FORM)
                assert 400 <= answer.status_code < 500, (method, path, value[:20])
    assert stage.stored() == before
