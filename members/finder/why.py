"""What readers are told beside what is found: why it is, what was asked, and what is near."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import ngettext

from members.diseases.ranges import Level
from members.diseases.table import covers
from members.finder import diseases
from members.finder.entries import Entry, Part
from members.finder.facets import BY_NAME
from members.finder.finding import Found, Listed, find
from members.finder.layout import Bits, any_of
from members.models.collections import Collection

NAMED = 3  # collections of a reason; the others are counted
MOST_REASONS = 3
MOST_WIDER = 10  # biobanks about more than what is asked
MOST_WAYS = 5
OF_COLLECTIONS = {facet.name for facet in BY_NAME.values() if facet.kind} | {"age"}


@dataclass(frozen=True)
class Reason:
    """The collections of a biobank that were found, and what they are about, if that was asked."""

    parts: Sequence[Part]
    about: str = ""

    @property
    def named(self) -> Sequence[Part]:
        return self.parts[:NAMED]

    @property
    def number(self) -> int:
        return len(self.parts)

    @property
    def others(self) -> int:
        return len(self.parts) - NAMED


@dataclass(frozen=True)
class Result:
    """A biobank as the list shows it; or a collection, where these are listed."""

    entry: Entry
    reasons: Sequence[Reason]
    part: Part | None = None
    collection: Collection | None = None


@dataclass(frozen=True)
class Way:
    """A link to another question: what it says, its query, and how many it finds."""

    label: str
    query: str
    number: int = 0
    facet: str = ""


class Told:
    """About what was found."""

    def __init__(self, found: Found) -> None:
        self.found, self.wish, self.catalogue = found, found.wish, found.catalogue

    def results(self, listed: Sequence[Listed]) -> list[Result]:
        """Of a page; collections with their rows, but for those that were just hidden."""
        pks = [part.pk for _entry, part in listed if part]
        shown = Collection.objects.shown().with_traits().select_related("biobank")
        rows = shown.in_bulk(pks) if pks else {}
        return [
            self._result(entry, part, rows[part.pk] if part else None)
            for entry, part in listed
            if part is None or part.pk in rows
        ]

    def _result(self, entry: Entry, part: Part | None, row: Collection | None) -> Result:
        reasons = self.reasons(entry, self.found.bits)
        own = [one for one in reasons if part is None or part in one.parts]
        return Result(entry, own, part, row)

    def reasons(self, entry: Entry, bits: Bits) -> list[Reason]:
        """By disease, and then what else of it was found."""
        place = self._places[entry.pk]
        block = self.catalogue.holdings.layout.block(place) & bits
        reasons = [
            Reason(parts, about)
            for about, exact in self._exact.items()
            if exact & block and (parts := self.found.parts_of(place, exact & block))
        ]
        reasons.sort(key=lambda reason: -reason.number)
        said = {part for reason in reasons for part in reason.parts}
        others = [
            one for one in self.found.parts_of(place, block & self._of_parts) if one not in said
        ]
        return [*reasons[:MOST_REASONS], *([Reason(others)] if others else [])]

    @cached_property
    def _exact(self) -> dict[str, Bits]:
        """By what each disease that is asked for is called."""
        holdings = self.catalogue.holdings
        rows = dict.fromkeys(row for one in self.found.asked for row in one.rows)
        return {diseases.called(row, holdings): diseases.exactly(row, holdings) for row in rows}

    @cached_property
    def _places(self) -> dict[int, int]:
        return {entry.pk: place for place, entry in enumerate(self.catalogue.entries)}

    @cached_property
    def _of_parts(self) -> Bits:
        """What was found for what a collection is, not only for whose it is."""
        if self.wish.chosen.keys() & OF_COLLECTIONS:
            return self.catalogue.holdings.layout.everything
        return any_of(group.hit.called | group.hit.told for group in self.found.groups)

    @property
    def applied(self) -> list[Way]:
        """What is chosen, each with the question that leaves it out."""
        return [
            Way(
                facet.label_of(value, self.catalogue),
                self.wish.without(facet.name, value).query(),
                facet=str(facet.label),
            )
            for facet, value in self.wish.each()
        ]

    @property
    def without_words(self) -> str:
        return self.wish.without_words().query()

    @property
    def as_biobanks(self) -> str:
        return self.wish.showing(collections=False).query()

    @property
    def as_collections(self) -> str:
        return self.wish.showing(collections=True).query()

    @property
    def counted(self) -> str:
        """How many are found, in words."""
        number = self.found.number
        if self.wish.of_collections:
            words = ngettext("%(number)s collection", "%(number)s collections", number)
        else:
            words = ngettext("%(number)s biobank", "%(number)s biobanks", number)
        return words % {"number": number}

    @property
    def title(self) -> str:
        """Of what is asked, in words."""
        labels = [facet.label_of(value, self.catalogue) for facet, value in self.wish.each()]
        words = [self.wish.question.text] if self.wish.question.text else []
        return ", ".join([*words, *labels[:MOST_REASONS]])

    @property
    def understood(self) -> list[str]:
        """What the words were taken for, where these are diseases."""
        rows = (row for group in self.found.groups for row in group.rows)
        holdings = self.catalogue.holdings
        return list(dict.fromkeys(diseases.called(row, holdings) for row in rows))[:MOST_WAYS]

    @property
    def corrected(self) -> dict[str, list[str]]:
        """Words that were taken for slips: for what disease, or what names."""
        holdings = self.catalogue.holdings
        return {
            " ".join(group.words): [diseases.called(row, holdings) for row in group.rows]
            or list(group.meant)
            for group in self.found.groups
            if group.meant
        }

    @cached_property
    def wider(self) -> list[Result]:
        """The nearest of those that are about more than what is asked, with what that is."""
        results = (one for level in self.found.wider for one in self._wider(level))
        return [result for result, _n in zip(results, range(MOST_WIDER), strict=False)]

    @property
    def wider_number(self) -> int:
        bits = any_of(self.found.wider.values())
        return len(self.catalogue.holdings.layout.places(bits))

    def _wider(self, level: Level) -> Iterator[Result]:
        holdings, bits = self.catalogue.holdings, self.found.wider[level]
        nearer = any_of(more for one, more in self.found.wider.items() if one < level)
        told = set(holdings.layout.places(nearer))
        for place in holdings.layout.places(bits):
            if place not in told:
                yield Result(self.catalogue.entries[place], list(self._wider_of(place, bits)))

    def _wider_of(self, place: int, bits: Bits) -> Iterator[Reason]:
        holdings = self.catalogue.holdings
        block = holdings.layout.block(place) & bits
        rows = [row for one in self.found.asked for row in one.rows]
        about = {
            diseases.name_of(code, holdings): own & block
            for code, own in holdings.diseases.items()
            if own & block and any(covers(row, code) is not None for row in rows)
        }
        for name, own in list(about.items())[:MOST_REASONS]:
            yield Reason(self.found.parts_of(place, own), name)

    @property
    def ways(self) -> list[Way]:
        """Questions with less in them that find something, the last filter left out first."""
        wishes = [
            (facet.label_of(value, self.catalogue), self.wish.without(facet.name, value))
            for facet, value in reversed(list(self.wish.each()))
        ]
        if self.wish.question.words and self.wish.chosen:
            wishes.append((self.wish.question.text, self.wish.without_words()))
        found = ((label, wish, find(wish, self.catalogue)) for label, wish in wishes)
        ways = [
            Way(label, wish.query(), one.number)
            for label, wish, one in found
            if one.number and not one.is_partial
        ]
        return ways[:MOST_WAYS]

    def matched(self, entry: Entry) -> dict[int, list[str]]:
        """By collection that was found: the diseases asked for that it is about."""
        found: dict[int, list[str]] = {}
        for reason in self.reasons(entry, self.found.bits):
            for part in reason.parts:
                found.setdefault(part.pk, []).extend([str(reason.about)] if reason.about else [])
        return found
