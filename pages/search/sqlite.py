"""Search on SQLite, with the FTS5 table Wagtail makes.

Its tokenizer folds accents but keeps letters like ß and œ: the words that have any are indexed once
more, folded, after the text as it was written.
"""

from typing import Any, ClassVar

from django.db.models import (
    BigIntegerField,
    Expression,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.functional import cached_property
from modelsearch.backends.database.sqlite import sqlite
from modelsearch.backends.database.sqlite.query import BM25, MatchExpression
from wagtail.search.models import IndexEntry, SQLiteFTSIndexEntry

from pages.search.matching import (
    SEPARATOR,
    MatchFirst,
    Quotable,
    RankedResults,
    ReadableText,
    row_of,
)
from pages.search.words import composed, fold, folded_differently


class Indexer(ReadableText, sqlite.ObjectIndexer):
    @cached_property
    def title(self) -> str:
        return fold(super().title)

    @cached_property
    def body(self) -> str:
        text = composed(super().body)
        return f"{text}{SEPARATOR}{' '.join(folded_differently(text))}"

    @cached_property
    def autocomplete(self) -> str:
        return fold(super().autocomplete)


# An entry's key as a value, so that SQLite tests each match for it and not the other way round.
ENTRY = ExpressionWrapper(F("index_entry_id") + Value(0), output_field=BigIntegerField())

# The index takes its indexer from this global and offers no other way to give it one.
sqlite.ObjectIndexer = Indexer


class Relevance(BM25):
    """The less the better. A word in a title counts as a million in a body: titles come first."""

    def as_sql(self, *args: Any, **options: Any) -> tuple[str, list[Any]]:
        table = SQLiteFTSIndexEntry._meta.db_table
        return f"bm25({table}, 1, 1, 1000000)", []  # for its columns: autocomplete, body, title


class TableMatch(MatchFirst[str]):
    FTS_TABLE_FIELDS: ClassVar[list[str]]

    def matches(self) -> QuerySet[SQLiteFTSIndexEntry]:
        condition = self.condition(self.query)
        if not condition:
            return SQLiteFTSIndexEntry.objects.none()
        match = MatchExpression(self.FTS_TABLE_FIELDS, Value(condition))
        return SQLiteFTSIndexEntry.objects.filter(match)

    def entries(self) -> QuerySet[SQLiteFTSIndexEntry]:
        return self.matches().annotate(row=row_of(self.queryset.model, "index_entry__"))

    @cached_property
    def ranked(self) -> list[int]:
        """The keys of entries: which rows they are of, a small index knows without their texts."""
        ours = IndexEntry.objects.annotate(row=row_of(self.queryset.model))
        ours = ours.filter(row__in=self.queryset.order_by().values("pk")).values("pk")
        found = self.matches().annotate(entry=ENTRY).filter(entry__in=ours)
        return list(found.order_by(self.best_first(), "-pk").values_list("pk", flat=True))

    def rows(self, keys: list[int]) -> dict[int, Model]:
        entries = IndexEntry.objects.annotate(row=row_of(self.queryset.model)).filter(pk__in=keys)
        entry = Subquery(entries.filter(row=OuterRef("pk")).values("pk"))
        rows = self.queryset.filter(pk__in=entries.values("row")).annotate(entry=entry)
        return {row.entry: row for row in rows}

    def word(self, word: str) -> str:
        return f'"{word}"*' if self.is_prefix(word) else f'"{word}"'

    def phrase(self, text: str) -> str:
        return f'"{text}"' if text else ""

    def joined(self, conditions: list[str], *, all_of_them: bool) -> str:
        operator = " AND " if all_of_them else " OR "
        return f"({operator.join(conditions)})" if conditions else ""

    def best_first(self) -> Expression:
        return Relevance().asc()


class WordsCompiler(TableMatch, sqlite.SQLiteSearchQueryCompiler):
    pass


class BeginningsCompiler(TableMatch, sqlite.SQLiteAutocompleteQueryCompiler):
    pass


class Results(RankedResults, sqlite.SQLiteSearchResults):
    pass


class SQLiteSearch(Quotable, sqlite.SQLiteSearchBackend):
    TEXT_COLUMN = "body"
    query_compiler_class = WordsCompiler
    autocomplete_query_compiler_class = BeginningsCompiler
    results_class = Results
