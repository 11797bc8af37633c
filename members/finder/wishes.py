"""What a visitor asks of the finder. Whatever else an address holds is ignored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members.finder.entries import Catalogue
from members.finder.facets import FACETS, Facet
from pages.search.words import Question, question

BEST, NAME, CITY, COLLECTIONS = "best", "name", "city", "collections"
SORTS = {
    BEST: _("Best match"),
    NAME: _("Name"),
    CITY: _("Town"),
    COLLECTIONS: _("Most collections"),
}
SHOWN = "collections"  # the one value of `show` beside the usual
MOST_VALUES = 40  # of one facet


@dataclass(frozen=True)
class Wish:
    """Words, the values chosen of each facet, the order; whether collections are listed."""

    question: Question = field(default_factory=lambda: question(""))
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = NAME
    of_collections: bool = False

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

    def each(self) -> Iterator[tuple[Facet, str]]:
        """What is chosen, in the order of the page."""
        for facet in FACETS:
            yield from ((facet, value) for value in sorted(self.chosen.get(facet.name, ())))

    def query(self) -> str:
        """The address's query that asks for this, the page aside."""
        query = QueryDict(mutable=True)
        if self.question.text:
            query["q"] = self.question.text
        for facet, values in self.chosen.items():
            query.setlist(facet, sorted(values))
        if self.sort != usual_sort(self.question):
            query["sort"] = self.sort
        if self.of_collections:
            query["show"] = SHOWN
        return query.urlencode()

    def without(self, facet: str, value: str) -> "Wish":
        chosen = {**self.chosen, facet: self.chosen[facet] - {value}}
        return replace(self, chosen={name: values for name, values in chosen.items() if values})

    def without_words(self) -> "Wish":
        sort = NAME if self.sort == BEST else self.sort
        return replace(self, question=question(""), sort=sort)

    def showing(self, *, collections: bool) -> "Wish":
        return replace(self, of_collections=collections)


def usual_sort(asked: Question) -> str:
    return BEST if asked.words else NAME


def wish_of(query: QueryDict, catalogue: Catalogue) -> Wish:
    asked = question(query.get("q", ""))
    chosen = {
        facet.name: frozenset(
            value
            for text in query.getlist(facet.name)[:MOST_VALUES]
            if (value := facet.read(facet.name, text, catalogue))
        )
        for facet in FACETS
    }
    usual = usual_sort(asked)
    sort = query.get("sort", usual)
    of_collections = query.get("show") == SHOWN
    chosen = {facet: values for facet, values in chosen.items() if values}
    wish = Wish(asked, chosen, usual, of_collections)
    return replace(wish, sort=sort) if sort in wish.sorts else wish
