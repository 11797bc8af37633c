"""Search on PostgreSQL, with the indexes Wagtail makes and no extension.

Each word is looked for in title or body: either has its index. The two joined, as the stock search
asks for them, have none, and are joined anew for each entry.
"""

from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection, transaction
from django.db.models import Case, Exists, Expression, F, Q, QuerySet, Value, When
from django.utils.functional import cached_property
from modelsearch.backends.database.postgres import postgres
from wagtail.search.models import IndexEntry

from pages.search.matching import (
    MatchFirst,
    Quotable,
    RankedResults,
    ReadableText,
    row_of,
    texts_asked,
)
from pages.search.words import fold, words

CONFIG = "simple"  # words as they are: to stem them is to know the language of text and question
MOST_RANKED = 1000  # entries by their bodies: a word on more says little of any, and it takes time
TITLE_WEIGHT = 1000  # a title always outranks a body, whose rank stays below 2


class Indexer(ReadableText, postgres.ObjectIndexer):
    """Folds what is searched; beside it stays the text as it was written."""

    def as_vector(self, texts: list[tuple[str, str]], **options: Any) -> SearchVector:
        return super().as_vector([(fold(text), weight) for text, weight in texts], **options)


# The index takes its indexer from this global and offers no other way to give it one.
postgres.ObjectIndexer = Indexer


class VectorMatch(MatchFirst[Q]):
    VECTORS: ClassVar[list[str]]
    sql_weights: str

    def entries(self) -> QuerySet[IndexEntry]:
        entries = IndexEntry.objects.annotate(row=row_of(self.queryset.model))
        condition = self.condition(self.query)
        return entries.filter(condition) if condition else entries.none()

    def word(self, word: str) -> Q:
        return self.held(f"{word}:*" if self.is_prefix(word) else word, "raw")

    def phrase(self, text: str) -> Q:
        return self.held(text, "phrase") if text else Q()

    def joined(self, conditions: list[Q], *, all_of_them: bool) -> Q:
        return reduce(and_ if all_of_them else or_, conditions, Q())

    def held(self, text: str, search_type: str) -> Q:
        query = SearchQuery(text, search_type=search_type, config=CONFIG)
        return reduce(or_, (Q(**{vector: query}) for vector in self.VECTORS))

    @cached_property
    def ranked(self) -> list[int]:
        with transaction.atomic(), connection.cursor() as cursor:
            # The planner thinks a vector as cheap to read as a number, and would read them all.
            cursor.execute("SET LOCAL enable_seqscan = off")
            return super().ranked

    def rank(self, vector: str) -> SearchRank:
        asked = words(" ".join(filter(None, texts_asked(self.query))))
        any_of_them = " | ".join(f"{word}:*" for word in asked)
        query = SearchQuery(any_of_them, search_type="raw", config=CONFIG)
        return SearchRank(F(vector), query, weights=self.sql_weights)


class WordsCompiler(VectorMatch, postgres.PostgresSearchQueryCompiler):
    VECTORS: ClassVar = ["title", "body"]

    def best_first(self) -> Expression:
        is_everywhere = Exists(self.entries()[MOST_RANKED : MOST_RANKED + 1])
        body = Case(When(is_everywhere, then=Value(0.0)), default=self.rank("body"))
        return (self.rank("title") * F("title_norm") * TITLE_WEIGHT + body).desc()


class BeginningsCompiler(VectorMatch, postgres.PostgresAutocompleteQueryCompiler):
    VECTORS: ClassVar = ["autocomplete"]

    def best_first(self) -> Expression:
        return (self.rank("autocomplete") * F("title_norm")).desc()


class Results(RankedResults, postgres.PostgresSearchResults):
    pass


class PostgresSearch(Quotable, postgres.PostgresSearchBackend):
    TEXT_COLUMN = "body_text"
    query_compiler_class = WordsCompiler
    autocomplete_query_compiler_class = BeginningsCompiler
    results_class = Results

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params | {"SEARCH_CONFIG": CONFIG})
