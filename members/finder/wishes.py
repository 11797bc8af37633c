"""What a visitor asks of the finder. Whatever else an address holds is ignored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members.finder.entries import Catalogue
from members.finder.facets import FACETS
from pages.search.words import Question, fold, question

BEST, NAME, CITY, COLLECTIONS = "best", "name", "city", "collections"
SORTS = {
    BEST: _("Best match"),
    NAME: _("Name"),
    CITY: _("Town"),
    COLLECTIONS: _("Most collections"),
}
MOST_VALUES = 40  # of one facet


@dataclass(frozen=True)
class Wish:
    """Words, the values chosen of each facet, the order."""

    question: Question = field(default_factory=lambda: question(""))
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = NAME

    @property
    def is_open(self) -> bool:
        """Nothing is asked for: all biobanks are meant."""
        return not self.question.words and not any(self.chosen.values())

    @property
    def number_chosen(self) -> int:
        return sum(map(len, self.chosen.values()))

    @property
    def sorts(self) -> dict[str, str]:
        """The orders to choose from: without words nothing matches best."""
        return {
            name: str(label) for name, label in SORTS.items() if name != BEST or self.question.words
        }

    def query(self) -> str:
        """The address's query that asks for this, the page aside."""
        query = QueryDict(mutable=True)
        if self.question.text:
            query["q"] = self.question.text
        for facet, values in self.chosen.items():
            query.setlist(facet, sorted(values))
        if self.sort != usual_sort(self.question):
            query["sort"] = self.sort
        return query.urlencode()


def usual_sort(asked: Question) -> str:
    return BEST if asked.words else NAME


def wish_of(query: QueryDict, catalogue: Catalogue) -> Wish:
    asked = question(query.get("q", ""))
    chosen = {
        facet.name: frozenset(
            catalogue.known[facet.name][key]
            for key in map(fold, query.getlist(facet.name)[:MOST_VALUES])
            if key in catalogue.known[facet.name]
        )
        for facet in FACETS
    }
    usual = usual_sort(asked)
    sort = query.get("sort", usual)
    wish = Wish(asked, {facet: values for facet, values in chosen.items() if values}, usual)
    return Wish(wish.question, wish.chosen, sort) if sort in wish.sorts else wish
