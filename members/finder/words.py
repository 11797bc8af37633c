"""From the words that are typed to what has them: names and facets first, then diseases, texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher, get_close_matches
from functools import cache

from members import codes
from members.diseases.ranges import RARE, Level
from members.diseases.reading import table
from members.diseases.table import CHAPTER, Row
from members.diseases.understanding import Match, understand
from members.diseases.words import LEFT_OUT, stem
from members.finder.diseases import by_level
from members.finder.entries import Catalogue
from members.finder.layout import Bits, any_of, bits_at
from members.finder.texts import SHORTEST_SAID, Texts, phrase, sought
from pages.search.synonyms import spread
from pages.search.words import Question, fold, words

SHORTEST_SLIP = 4  # letters: a shorter word that is nowhere is not guessed at
LIKENESS = 0.75  # of a slip to what was meant: "ghnet" to "ghent" has 0.8
MOST_MEANT = 3  # words that a slip may have stood for
# They count where they are found, and are not asked for: every biobank is one.
_BESIDE = """
    all any are at belgian belge belges belgique belgie belgisch belgische belgisches belgium
    belgien biobank biobanken biobanks biobanque biobanques bio bank banks
    biotheque biotheques collecte collectie collecties collection collections echantillon
    echantillons find from has have i les met mit patient patienten patients people personnes
    personen mensen menschen probe proben research sample samples staal stalen that who with avec
    aus bei pour chez
"""
BESIDE = frozenset(_BESIDE.split()) | LEFT_OUT

SAINTS = {"st": ("saint", "sint", "sankt"), "ste": ("sainte",)}


@dataclass(frozen=True)
class Hit:
    """Where words are found: in what a biobank is called, what a facet is, what is told."""

    named: Bits = 0
    called: Bits = 0
    told: Bits = 0

    @property
    def all(self) -> Bits:
        return self.named | self.called | self.told

    def and_(self, other: "Hit") -> "Hit":
        """Both, each wherever it is: it counts where the weaker one is."""
        both = self.all & other.all
        named = self.named & other.named
        called = (self.named | self.called) & (other.named | other.called)
        return Hit(named, called, both)

    def or_(self, other: "Hit") -> "Hit":
        named, called = self.named | other.named, self.called | other.called
        return Hit(named, called, self.told | other.told)


@dataclass(frozen=True)
class Group:
    """Words that belong together: a disease, or one word with what means the same.

    `rows`: the diseases; `levels`: how closely the codes of collections are about them. `meant`:
    what was looked for instead, where nothing is called so.
    """

    words: tuple[str, ...]
    hit: Hit
    rows: tuple[Row, ...] = ()
    levels: Mapping[Level, Bits] = field(default_factory=dict)
    meant: tuple[str, ...] = ()

    @property
    def exact(self) -> Bits:
        return self.levels.get(Level.EXACT, 0)

    @property
    def all(self) -> Bits:
        return self.exact | self.hit.all

    @property
    def is_asked(self) -> bool:
        """Or it only says what kind of thing is looked for."""
        return not BESIDE.issuperset(self.words)

    @property
    def is_sure(self) -> bool:
        """A number is not left out: ISO 20387 is not ISO 9001."""
        return any(sign.isdigit() for word in self.words for sign in word)


def groups_of(asked: Question, catalogue: Catalogue) -> list[Group]:
    if not asked.words:
        return []
    looking = _Looking(catalogue)
    understood = understand(asked.text)
    matches = [match for match in understood.matches if looking.is_believed(match)]
    found = [looking.disease(several) for several in _together(_typed(matches))]
    used = {word for group in found for one in group.words for word in words(one)}
    left = [word for word in asked.words if word not in used and not _is_of_code(word, asked, used)]
    found += [looking.words(same) for same in spread(left)]
    return [group for group in found if group.is_asked] or found


def _is_of_code(word: str, asked: Question, used: set[str]) -> bool:
    """ "icd10" before a code, "orpha" before a number."""
    has_code = any(sign.isdigit() for one in used for sign in one)
    return has_code and word in {"icd", "icd10", "10", "cm", "gm", "be", "who", RARE.lower()}


def _typed(matches: Sequence[Match]) -> list[Match]:
    """What the words themselves say: no ranges above; a chapter where no disease is called so."""
    exact = [match for match in matches if match.level == Level.EXACT]
    whole = {word for match in exact for word in match.matched}
    chapters = [
        match
        for match in matches
        if match.row.kind == CHAPTER and match.is_whole and whole.isdisjoint(match.matched)
    ]
    return [*exact, *chapters]


def _together(matches: Iterable[Match]) -> list[list[Match]]:
    """Those that share words."""
    groups: list[list[Match]] = []
    for match in matches:
        mine = set(match.matched)
        joined = [each for each in groups if any(mine & set(one.matched) for one in each)]
        groups = [each for each in groups if each not in joined]
        groups.append([one for each in joined for one in each] + [match])
    return groups


class _Looking:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue, self.holdings = catalogue, catalogue.holdings
        self.layout = catalogue.holdings.layout

    def is_believed(self, match: Match) -> bool:
        """A word that was stretched to a disease may be a name: "Malines" is no malignancy."""
        known = table().rows_by_stem
        stretched = [
            word
            for typed in match.matched
            for word in words(typed)
            if word.isalpha() and word not in LEFT_OUT and stem(word) not in known
        ]
        if not stretched:
            return True
        if any(self._named(f" {word}") or self._called(f" {word}") for word in stretched):
            return False
        return not match.meant or not any(map(self._is_rather_a_name, stretched))

    def _is_rather_a_name(self, word: str) -> bool:
        near = get_close_matches(word, self.catalogue.vocabulary, n=1, cutoff=LIKENESS)
        meant = get_close_matches(stem(word), table().rows_by_stem, n=1, cutoff=LIKENESS)
        likeness = [SequenceMatcher(None, word, one[0]).ratio() for one in (near, meant) if one]
        return bool(near) and (not meant or likeness[0] > likeness[1])

    def disease(self, matches: Sequence[Match]) -> Group:
        rows = tuple(match.row for match in matches)
        typed = tuple(dict.fromkeys(word for match in matches for word in match.matched))
        levels = by_level(rows, self.holdings)
        whole = (match for match in matches if match.is_whole or len(match.matched) > 1)
        spoken = {said for match in whole for said in match.row.spoken()}
        hit, plain = self._spoken(spoken), [word for one in typed for word in words(one)]
        if not any(match.meant for match in matches):
            typed_hit = self._all(plain, shortest=SHORTEST_SAID)
            # Where a whole name was typed, its words far apart say something else.
            hit = hit.or_(replace(typed_hit, told=0) if spoken and len(plain) > 1 else typed_hit)
        widened = {level: self.layout.widened(bits) for level, bits in levels.items()}
        meant = tuple(dict.fromkeys(one for match in matches for one in match.meant))
        return Group(tuple(plain), self._widened(hit), rows, widened, meant)

    def _spoken(self, names: Iterable[str]) -> Hit:
        """Any of these, as a phrase: it may be in a name, be a field of medicine, or be told."""
        hit = Hit()
        for said in {phrase(one) for one in names} - {""}:
            hit = hit.or_(Hit(self._named(said), self._called(said), self._told(said)))
        return hit

    def words(self, same: Sequence[str]) -> Group:
        """A word, or phrase, with what means the same; else the words that it is a slip for."""
        first = same[0].split()
        hit = self._all(first)
        others = (*same[1:], *SAINTS.get(same[0], ()), *_towns(same[0]))
        for other in others:
            if kept := [word for word in other.split() if word not in LEFT_OUT]:
                hit = hit.or_(self._all(kept))
        meant: tuple[str, ...] = ()
        if not hit.all and len(first) == 1 and not others and first[0] not in BESIDE:
            meant = tuple(self._like(first[0]))
            for other in meant:
                hit = hit.or_(self._all([other]))
        return Group(tuple(first), self._widened(hit), meant=meant)

    def _like(self, word: str) -> list[str]:
        if len(word) < SHORTEST_SLIP:
            return []
        known = self.catalogue.vocabulary
        near = (
            other
            for other in known
            if len(other) >= SHORTEST_SLIP
            and abs(len(other) - len(word)) < SHORTEST_SLIP
            and (len(other) > SHORTEST_SLIP or other not in BESIDE)
        )
        return get_close_matches(word, near, n=MOST_MEANT, cutoff=LIKENESS)

    def _all(self, said: Sequence[str], shortest: int = 0) -> Hit:
        """Each of the words, wherever it is; a short one only where things are named."""
        hits = [
            Hit(
                self._named(wanted),
                self._called(wanted),
                self._told(wanted) if len(word) >= shortest else 0,
            )
            for word in said
            for wanted in (f" {word} " if word in _known_towns() else sought(word),)
        ]
        found = hits[0] if hits else Hit()
        for other in hits[1:]:
            found = found.and_(other)
        return found

    def _named(self, wanted: str) -> Bits:
        own = self.layout.blocks(self.holdings.names.having(wanted))
        return own | _any(self.catalogue.namings, wanted)

    def _called(self, wanted: str) -> Bits:
        return _any(self.catalogue.callings, wanted) | _any(self.holdings.meanings, wanted)

    def _told(self, wanted: str) -> Bits:
        return bits_at(self.holdings.texts.having(wanted))

    def _widened(self, hit: Hit) -> Hit:
        return Hit(*map(self.layout.widened, (hit.named, hit.called, hit.told)))


_known_towns = cache(codes.towns)


@cache
def _towns(word: str) -> tuple[str, ...]:
    """What other languages call a town: "Namen" is Namur."""
    city = _known_towns().get(word, "")
    return tuple(fold(name) for name in codes.city_names(city) if fold(name) != word)


def _any(known: tuple[Sequence[Bits], Texts], wanted: str) -> Bits:
    return any_of(known[0][place] for place in known[1].having(wanted))
