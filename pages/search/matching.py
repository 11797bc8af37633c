"""What both databases' searches share: the index is asked first and once, then rows are read.

The stock compilers join the index to all rows first (PostgreSQL) or repeat the match for each row
(SQLite), so that a common word costs seconds among some thousand pages. The admin gains as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    Expression,
    Model,
    OuterRef,
    QuerySet,
    When,
)
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from modelsearch.query import And, Or, Phrase, PlainText, SearchQuery
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from pages.search.words import MAX_WORDS, fold, is_beginning, words

# In an indexed text: after it come those of its words that the database itself would not fold.
SEPARATOR = "\x1f"

Condition = TypeVar("Condition")


class ReadableText:
    """An object's text for the index, fit to be quoted: a line a paragraph, nothing for nothing."""

    def prepare_value(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, list):
            return "\n".join(filter(None, map(self.prepare_value, value)))
        return super().prepare_value(value)  # type: ignore[misc]  # a mixin; its base has it


class MatchFirst(Generic[Condition]):
    """A query compiler for plain words and phrases; anything else is left to the stock one.

    `word`, `phrase` and `joined` make the condition an entry must meet; a falsy one is none.
    """

    LAST_TERM_IS_PREFIX: bool
    fields: list[str] | None
    query: SearchQuery
    queryset: QuerySet[Any]
    order_by_relevance: bool

    def entries(self) -> QuerySet[Any]:
        """The entries of the index that match, with the key of each one's row as `row`."""
        raise NotImplementedError

    def best_first(self) -> Expression:
        """The order of the entries, by relevance."""
        raise NotImplementedError

    def word(self, word: str) -> Condition:
        raise NotImplementedError

    def phrase(self, text: str) -> Condition:
        raise NotImplementedError

    def joined(self, conditions: list[Condition], *, all_of_them: bool) -> Condition:
        raise NotImplementedError

    @property
    def asks_index(self) -> bool:
        return self.fields is None and all(leaf is not None for leaf in texts_asked(self.query))

    def check(self) -> None:
        """Any filter and order will do, since the database itself applies them to the rows."""
        if not self.asks_index:
            super().check()  # type: ignore[misc]  # a mixin; its base has it

    @cached_property
    def ranked(self) -> list[int]:
        """The keys of all that is found, best first: one query gives order and count."""
        found = Exists(self.queryset.filter(pk=OuterRef("row")))
        entries = self.entries().filter(found).order_by(self.best_first(), "-row")
        return list(entries.values_list("row", flat=True))

    def rows(self, keys: list[int]) -> Mapping[int, Model]:
        """By keys that `ranked` gave."""
        return self.queryset.in_bulk(keys)

    def search(self, config: object, start: int, stop: int | None, **options: Any) -> QuerySet[Any]:
        """The rows found in the queryset's order: relevance is the matter of `RankedResults`."""
        if not self.asks_index or options.get("score_field"):
            return super().search(config, start, stop, **options)  # type: ignore[misc]  # a mixin; its base has it
        queryset = self.queryset.filter(pk__in=self.entries().values("row"))
        if not queryset.query.order_by:
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]

    def condition(self, query: SearchQuery) -> Condition:
        if isinstance(query, Phrase):
            return self.phrase(fold(query.query_string))
        if isinstance(query, PlainText):
            asked = list(dict.fromkeys(words(query.query_string)))[:MAX_WORDS]
            return self.joined(list(map(self.word, asked)), all_of_them=query.operator == "and")
        parts = [self.condition(part) for part in query.subqueries]
        return self.joined([part for part in parts if part], all_of_them=isinstance(query, And))

    def is_prefix(self, word: str) -> bool:
        return self.LAST_TERM_IS_PREFIX or is_beginning(word)


class RankedResults:
    """Results that read only the rows of the part asked for of a ranked list."""

    query_compiler: Any
    start: int
    stop: int | None
    _score_field: str | None

    @property
    def is_ranked(self) -> bool:
        compiler = self.query_compiler
        asks_rows = compiler.queryset._fields is None  # not values: acts on many want keys alone
        by_rank = compiler.order_by_relevance and compiler.asks_index and not self._score_field
        return asks_rows and by_rank

    def _do_search(self) -> list[Model]:
        if not self.is_ranked:
            return super()._do_search()  # type: ignore[misc]  # a mixin; its base has it
        keys = self.query_compiler.ranked[self.start : self.stop]
        rows = self.query_compiler.rows(keys)
        return [rows[key] for key in keys if key in rows]

    def _do_count(self) -> int:
        if not self.is_ranked:
            return super()._do_count()  # type: ignore[misc]  # a mixin; its base has it
        return len(self.query_compiler.ranked[self.start : self.stop])


class Quotable:
    """A search backend that gives back the text it indexed."""

    TEXT_COLUMN: ClassVar[str]

    def texts(self, model: type[Model], keys: Iterable[int]) -> dict[int, str]:
        """What was indexed beside the titles of these rows of the model, as it was written."""
        entries = IndexEntry.objects.filter(
            content_type__in=get_descendants_content_types_pks(model),
            object_id__in=[str(key) for key in keys],
        )
        texts = entries.values_list("object_id", self.TEXT_COLUMN)
        return {int(key): text.partition(SEPARATOR)[0] for key, text in texts}


def texts_asked(query: SearchQuery) -> Iterator[str | None]:
    """The plain words and phrases of a query; None stands for a part of any other kind."""
    if isinstance(query, PlainText | Phrase):
        yield query.query_string
    elif isinstance(query, And | Or):
        for part in query.subqueries:
            yield from texts_asked(part)
    else:
        yield None


def row_of(model: type[Model], entry: str = "") -> Case:
    """The key of an entry's row; NULL for other models', whose keys need not be numbers.

    Being an expression, it keeps SQLite from walking a type's entries instead of the matches.
    """
    ours = {f"{entry}content_type__in": get_descendants_content_types_pks(model)}
    return Case(When(**ours, then=Cast(f"{entry}object_id", BigIntegerField())))
