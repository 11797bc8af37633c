"""From a wish to the biobanks found: words first, then facets, with their counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from members.finder.entries import Catalogue, Entry
from members.finder.facets import FACETS, Facet
from members.finder.wishes import CITY, COLLECTIONS, NAME, Wish
from pages.search.words import fold, is_beginning

IN_NAME, IN_TEXT = 2, 1  # what a word counts where it is found
SHORTEST_SLIP = 4  # letters: a shorter word that is nowhere is not guessed at
LIKENESS = 0.75  # of a slip to what was meant: "ghnet" to "ghent" has 0.8
MOST_MEANT = 3  # words that a slip may have stood for
LISTED = 8  # options of a facet before "more"

Options = Mapping[str, Counter[str]]


@dataclass(frozen=True)
class Option:
    """A value of a facet. `count`: what is found with it beside all else that is asked."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    """What of a facet is found. `more` are the options that few have."""

    name: str
    label: str
    options: Sequence[Option]
    more: Sequence[Option] = ()


@dataclass(frozen=True)
class Found:
    """`corrected`: the words that were taken for slips, with what is shown in their place."""

    entries: Sequence[Entry]
    facets: Sequence[ShownFacet]
    corrected: Mapping[str, Sequence[str]]
    is_partial: bool  # none has all the words: these have some of them


def find(wish: Wish, catalogue: Catalogue) -> Found:
    words = meant(wish.question.words, catalogue)
    scores, is_partial = scored(words.values(), catalogue)
    entries = [entry for entry in catalogue.entries if entry.pk in scores]
    matching, counts = counted(entries, wish.chosen)
    return Found(
        in_order(matching, wish.sort, scores),
        list(_shown(counts, wish.chosen, catalogue)),
        {word: found for word, found in words.items() if found and list(found) != [word]},
        is_partial,
    )


def meant(words: Iterable[str], catalogue: Catalogue) -> dict[str, Sequence[str]]:
    """Each word with what to look for: itself where it is anywhere, else words of names like it."""
    known: dict[str, Sequence[str]] = {}
    for word in words:
        if any(_weight([word], entry, catalogue) for entry in catalogue.entries):
            known[word] = [word]
        else:
            known[word] = _like(word, catalogue.vocabulary)
    return known


def _like(word: str, vocabulary: Iterable[str]) -> list[str]:
    if len(word) < SHORTEST_SLIP:
        return []
    near = (other for other in vocabulary if abs(len(other) - len(word)) < SHORTEST_SLIP)
    return get_close_matches(word, near, n=MOST_MEANT, cutoff=LIKENESS)


def scored(words: Iterable[Sequence[str]], catalogue: Catalogue) -> tuple[dict[int, int], bool]:
    """The entries with all the words, else those with the most of them, with their weights."""
    words = list(words)
    weights = {
        entry.pk: [_weight(each, entry, catalogue) for each in words] for entry in catalogue.entries
    }
    numbers = {pk: sum(map(bool, found)) for pk, found in weights.items()}
    most = max(numbers.values(), default=0)
    if words and not most:
        return {}, False
    best = {pk: sum(weights[pk]) for pk, number in numbers.items() if number == most}
    return best, most < len(words)


def _weight(words: Iterable[str], entry: Entry, catalogue: Catalogue) -> int:
    """Of a word in any of its spellings; 0 where it is not found."""
    asked = [f" {word}" if is_beginning(word) else f" {word} " for word in words]
    if any(word in entry.named for word in asked):
        return IN_NAME
    return IN_TEXT if any(word in catalogue.about[entry.pk] for word in asked) else 0


def counted(
    entries: Iterable[Entry], chosen: Mapping[str, frozenset[str]]
) -> tuple[list[Entry], Options]:
    """What has a chosen value of every facet; and of each facet, what the others would leave."""
    matching: list[Entry] = []
    counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in FACETS}
    for entry in entries:
        missed = [facet for facet, values in chosen.items() if not values & entry.held[facet]]
        if not missed:
            matching.append(entry)
        if len(missed) > 1:
            continue
        for facet in missed or counts:
            counts[facet].update(entry.held[facet])
    return matching, counts


def in_order(entries: Iterable[Entry], sort: str, scores: Mapping[int, int]) -> list[Entry]:
    """They come by name, and stay so among equals."""
    keys = {
        CITY: lambda entry: (not entry.city, fold(entry.city_name)),
        COLLECTIONS: lambda entry: -entry.collections,
        NAME: lambda entry: 0,
    }
    return sorted(entries, key=keys.get(sort, lambda entry: -scores[entry.pk]))


def _shown(
    counts: Options, chosen: Mapping[str, frozenset[str]], catalogue: Catalogue
) -> Iterator[ShownFacet]:
    for facet in FACETS:
        picked = chosen.get(facet.name, frozenset())
        if options := _options(facet, counts[facet.name], picked, catalogue):
            listed = max(LISTED, len(picked))
            yield ShownFacet(facet.name, str(facet.label), options[:listed], options[listed:])


def _options(
    facet: Facet, counts: Counter[str], picked: frozenset[str], catalogue: Catalogue
) -> list[Option]:
    """What is chosen comes first, then what most have."""
    options = [
        Option(value, facet.label_of(value, catalogue), counts[value], value in picked)
        for value in counts.keys() | picked
    ]
    return sorted(options, key=lambda option: (not option.is_chosen, -option.count, option.label))
