"""Search hangs on names of modelsearch that are not in its documented API.

When an upgrade moves one, nothing fails by itself: the stock search answers instead, which folds
nothing and is slow. So here each name is looked up where the library has it and where it uses it.
"""

import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType

import pytest
from modelsearch.backends.base import BaseSearchBackend
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from pages.models import NodePage, StandardPage
from pages.search.matching import MatchFirst, RankedResults
from tests import builders

pytestmark = pytest.mark.django_db
COMPILER = ("check", "search", "fields", "query", "queryset", "order_by_relevance")
RESULTS = ("_do_search", "_do_count", "_score_field", "start", "stop", "query_compiler")
INDEXER = ("prepare_value", "title", "body", "autocomplete")


@pytest.fixture
def backend() -> BaseSearchBackend:
    return get_search_backend()


@pytest.fixture
def place(home: NodePage) -> StandardPage:
    return builders.text_page(home, "Liège", body=builders.body("Sœur.", "Straße."))


def test_what_is_saved_is_indexed_by_our_indexer(
    backend: BaseSearchBackend, place: StandardPage
) -> None:
    entry = IndexEntry.objects.get(object_id=str(place.pk), content_type=place.content_type)
    assert "liege" in str(entry.title)  # folded
    text = backend.texts(StandardPage, [place.pk])[place.pk]
    assert text.strip() == "Sœur.\nStraße."  # a line each


def test_the_library_makes_its_index_by_the_name_we_replace(backend: BaseSearchBackend) -> None:
    library, ours = _library(backend), _ours(backend)
    assert library.ObjectIndexer is ours.Indexer
    assert "ObjectIndexer" in _names_in(backend.index_class.add_items.__code__)


@pytest.mark.parametrize("name", INDEXER)
def test_what_our_indexer_says_anew_is_asked_of_it(backend: BaseSearchBackend, name: str) -> None:
    stock = _ours(backend).Indexer.__mro__[2]
    assert stock.__name__ == "ObjectIndexer"
    assert hasattr(stock, name)
    asked = [*_codes_of(stock), *_codes_of(backend.index_class)]
    assert any(name in _names_in(code) for code in asked)


@pytest.mark.parametrize("name", COMPILER)
def test_what_our_compilers_say_anew_or_read_is_the_librarys(
    backend: BaseSearchBackend, name: str
) -> None:
    for compiler in (backend.query_compiler_class, backend.autocomplete_query_compiler_class):
        assert issubclass(compiler, MatchFirst)
    assert name in _used_in(*_bases(backend))


@pytest.mark.parametrize("name", RESULTS)
def test_what_our_results_say_anew_or_read_is_the_librarys(
    backend: BaseSearchBackend, name: str
) -> None:
    assert issubclass(backend.results_class, RankedResults)
    assert name in _used_in(*_bases(backend))


def test_a_search_ends_in_our_compilers(backend: BaseSearchBackend, place: StandardPage) -> None:
    """Through Wagtail's own door: `ranked` is read where the results are asked for."""
    results = backend.search("liege", StandardPage)
    assert list(results) == [place]
    compiler = results.query_compiler
    assert [*compiler.rows(compiler.__dict__["ranked"]).values()] == [place]


def _ours(backend: BaseSearchBackend) -> ModuleType:
    return sys.modules[type(backend).__module__]


def _library(backend: BaseSearchBackend) -> ModuleType:
    return sys.modules[backend.index_class.__module__]


def _bases(backend: BaseSearchBackend) -> list[ModuleType]:
    """The library's modules in which compilers and results are defined."""
    made_of = (*backend.query_compiler_class.__mro__, *backend.results_class.__mro__)
    names = {one.__module__ for one in made_of if one.__module__.startswith("modelsearch.")}
    return [sys.modules[name] for name in sorted(names)]


def _used_in(*modules: ModuleType) -> set[str]:
    return {
        name
        for module in modules
        for thing in vars(module).values()
        if getattr(thing, "__module__", "") == module.__name__
        for code in _codes_of(thing)
        for name in _names_in(code)
    }


def _codes_of(thing: object) -> Iterator[CodeType]:
    parts = [thing, *vars(thing).values()] if isinstance(thing, type) else [thing]
    for part in parts:
        function = getattr(part, "func", getattr(part, "fget", part))
        if isinstance(function, FunctionType):
            yield function.__code__


def _names_in(code: CodeType) -> set[str]:
    """What it reads, the functions in it included."""
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*map(_names_in, inner))
