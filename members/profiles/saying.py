"""What is known of a biobank, as a reader of a language gets it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import get_language

from members.models.profiles import (
    ADDRESSES,
    YES,
    BiobankFact,
    BiobankProfile,
    Confidence,
    FactKind,
)

LANGUAGES = [language for language, _name in settings.LANGUAGES]
EACH_ITS_OWN = (*ADDRESSES, FactKind.NAME)  # one in another language does not say the same


@dataclass(frozen=True)
class Said:
    """One fact as pages show it. No language: the same in all. `reported_by`: if only reported."""

    text: str
    language: str = ""
    reported_by: str = ""
    checked: date | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @property
    def is_of_reader(self) -> bool:
        return self.language in {"", get_language()}


def nearest(said: Iterable[Said], own_language: str) -> list[Said]:
    """What a reader has most of first: their language, then the biobank's own."""
    order = [get_language() or "", own_language, "", *LANGUAGES]
    return sorted(said, key=lambda one: order.index(one.language))


@dataclass(frozen=True)
class Told:
    """`confirmed` and `reported`: by kind. A suggestion is in neither."""

    confirmed: Mapping[str, Sequence[Said]]
    reported: Mapping[str, Sequence[Said]]
    own_language: str = ""
    name_language: str = ""
    juridical_person: str = ""  # of the Directory, where nobody wrote a host

    @classmethod
    def of(cls, profile: BiobankProfile | None, juridical_person: str = "") -> "Told":
        facts = list(profile.facts.all()) if profile else []
        return cls(
            _by_kind(facts, Confidence.CONFIRMED),
            _by_kind(facts, Confidence.REPORTED),
            profile.own_language if profile else "",
            profile.name_language if profile else "",
            juridical_person,
        )

    def first(self, kind: str) -> Said | None:
        """For lists, which have no room to say who reports it: what is confirmed."""
        return next(iter(nearest(self.confirmed.get(kind, ()), self.own_language)), None)

    @property
    def hosted_by(self) -> Said | None:
        """For lists."""
        fallback = Said(self.juridical_person) if self.juridical_person else None
        return self.first(FactKind.HOST) or fallback

    @property
    def hosts(self) -> list[Said]:
        """Of the page. Where nobody wrote one, the Directory's juridical person stands in."""
        fallback = [Said(self.juridical_person)] if self.juridical_person else []
        return self.on_page(FactKind.HOST) or fallback

    @property
    def checked(self) -> date | None:
        """When somebody last looked at what the page says."""
        days = [one.checked for kind in FactKind for one in self.on_page(kind) if one.checked]
        return max(days, default=None)

    def on_page(self, kind: str) -> list[Said]:
        """What the biobank's own page says: one thing, where it is in the reader's language.

        Otherwise the nearest, of links and names all; and what is reported in the reader's
        language, or at all where nothing is confirmed.
        """
        confirmed = nearest(self.confirmed.get(kind, ()), self.own_language)
        reported = nearest(self.reported.get(kind, ()), self.own_language)
        if confirmed and confirmed[0].is_of_reader:
            return confirmed[:1]
        beside = [one for one in reported if one.is_of_reader or not confirmed]
        if kind in EACH_ITS_OWN:
            return [*confirmed, *beside]
        return [*confirmed[:1], *beside[:1]]

    def __getitem__(self, kind: str) -> list[Said]:
        """So that templates may write `told.website`."""
        return self.on_page(FactKind(kind))

    @property
    def works_with_companies(self) -> bool | None:
        found = self.first(FactKind.COMPANIES)
        return None if found is None else found.text == YES


def _by_kind(facts: Iterable[BiobankFact], confidence: str) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for fact in facts:
        if fact.confidence == confidence:
            teller = fact.teller if confidence == Confidence.REPORTED else ""
            said = Said(fact.value, fact.language, teller, fact.checked)
            found.setdefault(fact.kind, []).append(said)
    return found
