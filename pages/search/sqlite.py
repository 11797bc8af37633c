"""Search on SQLite, with the FTS5 table Wagtail makes.

Its tokenizer folds accents but keeps letters like ß and œ: the words that have any are indexed once
more, folded, after the text as it was written.
"""

from typing import Any, ClassVar

from django.db.models import Expression, QuerySet, Value
from django.utils.functional import cached_property
from modelsearch.backends.database.sqlite import sqlite
from modelsearch.backends.database.sqlite.query import BM25, MatchExpression
from wagtail.search.models import SQLiteFTSIndexEntry

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


# The index takes its indexer from this global and offers no other way to give it one.
sqlite.ObjectIndexer = Indexer


class Relevance(BM25):
    """The less the better. A word in a title counts as a million in a body: titles come first."""

    def as_sql(self, *args: Any, **options: Any) -> tuple[str, list[Any]]:
        table = SQLiteFTSIndexEntry._meta.db_table
        return f"bm25({table}, 1, 1, 1000000)", []  # for its columns: autocomplete, body, title


class TableMatch(MatchFirst[str]):
    FTS_TABLE_FIELDS: ClassVar[list[str]]

    def entries(self) -> QuerySet[SQLiteFTSIndexEntry]:
        row = row_of(self.queryset.model, "index_entry__")
        entries = SQLiteFTSIndexEntry.objects.annotate(row=row)
        condition = self.condition(self.query)
        if not condition:
            return entries.none()
        return entries.filter(MatchExpression(self.FTS_TABLE_FIELDS, Value(condition)))

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
