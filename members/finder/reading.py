"""How the biobanks are read: a few queries, whatever their number."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from sys import intern
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Count,
    Expression,
    F,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.text import slugify

from members import codes
from members.codes import AgeUnit
from members.finder.entries import Age, Entry, Holdings, Part
from members.finder.facets import FACETS, OF_KIND, Facts
from members.finder.layout import Bits, Layout, bits_at
from members.finder.places import region_names
from members.models.biobanks import Biobank
from members.models.collections import Collection, Trait
from members.models.import_runs import ImportRun
from members.models.kept_with import Membership, OtherName, QualityMark
from members.models.profiles import YES, BiobankFact, FactKind
from members.profiles.saying import LANGUAGES, Said
from pages.printable import plain_words
from pages.search.words import fold

COPIED = (
    "pk", "slug", "name", "acronym", "description", "juridical_person", "city", "district",
    "latitude", "longitude",
)  # fmt: skip
OF_PROFILE = ("own_language", "name_language")
READ = {*COPIED, "services", "as_of", *(one for facet in FACETS for one in facet.columns)}
# By these facts a biobank is found, and lists show them.
LISTED = (
    FactKind.NAME, FactKind.HOST, FactKind.INTRODUCTION, FactKind.COMPANIES, FactKind.QUALITY,
    FactKind.SITES,
)  # fmt: skip
OF_COLLECTION = (
    "pk", "biobank_id", "slug", "name", "directory_id", "age_low", "age_high", "age_unit",
    "diagnoses", "commercial_use", "quality", "acronym", "description",
)  # fmt: skip
IN_LISTS = ("network", "material", "type", "companies")  # the facets that lists show
A_YEAR = {AgeUnit.YEAR: 1, AgeUnit.MONTH: 12, AgeUnit.WEEK: 52, AgeUnit.DAY: 365}
AT_ONCE = 500  # rows in memory

Spoken = Expression | F
Told = Mapping[int, Mapping[str, Sequence[str]]]
Row = Mapping[str, Any]
Held = dict[str, dict[str, Bits]]


def read(day: date) -> Holdings:
    runs = ImportRun.objects.done().order_by("-started", "-pk")
    latest = runs.values(time=Coalesce("written", "started"))[:1]
    shown = Biobank.objects.shown().annotate(data_from=Subquery(latest))
    of_profile = {name: Coalesce(F(f"profile__{name}"), Value("")) for name in OF_PROFILE}
    biobanks = list(shown.values(*READ, "data_from", **of_profile))
    biobanks.sort(key=lambda row: (fold(row["name"]), row["pk"]))
    data_from = biobanks[0]["data_from"] if biobanks else None
    told, traits = _told(day)
    facts = [_facts(row, told[row["pk"]]) for row in biobanks]
    parts = _Parts(facts, traits)
    held = parts.held(facts)
    entries = tuple(_entry(each, place, parts, held) for place, each in enumerate(facts))
    return Holdings(
        entries=entries,
        layout=parts.layout,
        held=held,
        diseases=parts.diseases,
        labels=parts.labels,
        ages=parts.ages,
        standards=dict(parts.standards)
        | {slugify(name): name for entry in entries for name in entry.standards},
        data_date=timezone.localdate(data_from) if data_from else None,
        as_of=max((row["as_of"] for row in biobanks), default=None),
        told=parts.told,
    )


def _by_two() -> dict[str, dict[str, list[int]]]:
    return defaultdict(lambda: defaultdict(list))


@dataclass(frozen=True)
class Traits:
    """Who has a code: by facet and code, collections, and biobanks that say it themselves."""

    of_parts: dict[str, dict[str, list[int]]] = field(default_factory=_by_two)
    of_biobanks: dict[str, dict[str, list[int]]] = field(default_factory=_by_two)


class _Parts:
    """The collections, read a few hundred at a time: what they say is kept as who says it."""

    def __init__(self, facts: Sequence[Facts], traits: Traits) -> None:
        self.places = {one.columns["pk"]: place for place, one in enumerate(facts)}
        self.of: dict[int, list[Part]] = defaultdict(list)
        self.told: dict[int, str] = {}
        self.labels: dict[str, str] = {}
        self.standards: dict[str, str] = {}
        self._ages: list[tuple[int, float, float]] = []
        self._saying = traits.of_parts
        self._own = traits.of_biobanks
        self._speaking: dict[str, list[int]] = defaultdict(list)
        self._diseases: dict[str, list[int]] = defaultdict(list)
        for row in Collection.objects.shown().values(*OF_COLLECTION).iterator(AT_ONCE):
            if row["biobank_id"] in self.places:
                self._read(row)
        wide = {pk for told in self._own.values() for pks in told.values() for pk in pks}
        self.layout = Layout(
            [len(self.of[pk]) for pk in self.places],
            [self.places[pk] for pk in wide & self.places.keys()],
        )
        self.bit = {
            part.pk: self.layout.starts[self.places[biobank]] + number
            for biobank, parts in self.of.items()
            for number, part in enumerate(parts)
        }
        self.ages = tuple(Age(self.bit[pk], low, high) for pk, low, high in self._ages)
        self.diseases = {code: self._bits(pks) for code, pks in self._diseases.items()}

    def _read(self, row: Row) -> None:
        pk, one = row["pk"], Collection(name=row["name"], directory_id=row["directory_id"])
        self.of[row["biobank_id"]].append(Part(pk, row["slug"], one.label))
        end = row["directory_id"].rpartition(":")[2].replace("_", " ")
        self.told[pk] = " ".join((row["name"], row["acronym"], row["description"], end))
        for entry in row["diagnoses"]:
            if isinstance(entry, dict) and (code := entry.get("code")):
                code = intern(str(code))
                self._diseases[code].append(pk)
                if code not in self.labels and entry.get("label"):
                    self.labels[code] = str(entry["label"])
        for facet in FACETS:
            if (values := facet.of_part(row)) is not None:
                self._speaking[facet.name].append(pk)
                for value in values:
                    self._saying[facet.name][value].append(pk)
        for mark in row["quality"]:
            if name := mark.get("standard"):
                self.standards.setdefault(slugify(name), name)
        low, high, unit = row["age_low"], row["age_high"], row["age_unit"]
        if low is not None or high is not None:
            years = A_YEAR.get(unit, 1)
            self._ages.append((pk, (low or 0) / years, inf if high is None else high / years))

    def _bits(self, pks: Iterable[int]) -> Bits:
        return bits_at(self.bit[pk] for pk in pks if pk in self.bit)

    def held(self, facts: Sequence[Facts]) -> Held:
        """By facet and value."""
        held: Held = {facet.name: {} for facet in FACETS}
        for facet in FACETS:
            own = held[facet.name]
            self._add_biobanks_own(facet.name, own, facet.held, facts)
            for value, pks in self._saying[facet.name].items():
                own[value] = own.get(value, 0) | self._bits(pks)
            for value, pks in self._own[facet.name].items():
                places = (self.places[pk] for pk in pks if pk in self.places)
                own[value] = own.get(value, 0) | bits_at(map(self.layout.itself, places))
            held[facet.name] = {
                value: self.layout.widened(bits) for value, bits in own.items() if bits
            }
        return held

    def _add_biobanks_own(
        self,
        name: str,
        own: dict[str, Bits],
        held: Callable[[Facts], Iterable[str]],
        facts: Sequence[Facts],
    ) -> None:
        """What a biobank says is true of its collections, too, where these say nothing else."""
        silent = ~(self._bits(self._speaking[name]) if name != "quality" else 0)
        for place, each in enumerate(facts):
            for value in held(each):
                own[value] = own.get(value, 0) | (self.layout.block(place) & silent)


def _facts(row: dict[str, Any], told: dict[str, list[str]]) -> Facts:
    """What an editor knows of its quality and of companies stands before what the row says."""
    marks = [mark for text in told["quality."] for mark in text.splitlines() if mark.strip()]
    told["mark"] = list(dict.fromkeys([*told["mark"], *map(str.strip, marks)]))
    for answer in told["companies."]:
        row["open_to_companies"] = answer == YES
    return Facts(row, told)


def _entry(facts: Facts, place: int, parts: _Parts, held: Held) -> Entry:
    row, told = facts.columns, facts.told
    introductions = {
        language: plain_words(text) for language, text in _spoken(told, FactKind.INTRODUCTION)
    }
    hosts = tuple(Said(text, language) for language, text in _spoken(told, FactKind.HOST))
    names = [row["name"], row["acronym"], *(host.text for host in hosts), row["juridical_person"]]
    names += [*told["name"], *(text for _language, text in _spoken(told, FactKind.NAME))]
    names += [text for _language, text in _spoken(told, FactKind.SITES)]
    names += [*codes.city_names(row["city"]), row["district"], *region_names(row["city"])]
    about = [row["description"], *introductions.values()]
    about += [
        str(service.get(one) or "")
        for service in row["services"]
        for one in ("name", "description")
    ]
    block = parts.layout.block(place)
    return Entry(
        **{name: row[name] for name in (*COPIED, *OF_PROFILE)},
        hosts=hosts,
        introductions=introductions,
        standards=tuple(dict.fromkeys(told["mark"])),
        collections=int(told["collections"][0]) if told["collections"] else 0,
        parts=tuple(parts.of[row["pk"]]),
        names=tuple(names),
        texts=tuple(about),
        held={
            name: frozenset(value for value, bits in held[name].items() if bits & block)
            for name in IN_LISTS
        },
    )


def _spoken(told: Mapping[str, Sequence[str]], kind: FactKind) -> list[tuple[str, str]]:
    """By language, and what is of none."""
    return [
        (language, text) for language in ("", *LANGUAGES) for text in told[f"{kind}.{language}"]
    ]


def _told(day: date) -> tuple[dict[int, dict[str, list[str]]], Traits]:
    """By biobank and by who tells it: what other tables say, read in one query."""
    told: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    traits = Traits()
    for pk, teller, text, part in _rows_told(day):
        if facet := OF_KIND.get(teller):
            of = traits.of_biobanks if part is None else traits.of_parts
            of[facet][intern(text)].append(part or pk)
        else:
            told[pk][teller].append(str(UUID(text)) if teller == "network" else text)
    return told, traits


def _rows_told(day: date) -> Iterator[tuple[int, str, str, int | None]]:
    nobody = Cast(Value(None), BigIntegerField())

    def rows(
        of: QuerySet[Any], teller: Spoken, text: Spoken, part: Spoken = nobody
    ) -> QuerySet[Any]:
        each = of.order_by().values("biobank_id")
        return each.annotate(
            teller=Cast(teller, TextField()), told=Cast(text, TextField()), part=part
        ).values_list("biobank_id", "teller", "told", "part")

    traits = Trait.objects.shown().filter(kind__in=OF_KIND)
    union = rows(OtherName.objects.all(), Value("name"), F("name")).union(
        rows(QualityMark.objects.all(), Value("mark"), F("standard")),
        _rows_of_facts().annotate(part=nobody),
        rows(Membership.objects.current(day), Value("network"), F("network")),
        rows(traits, F("kind"), F("code"), F("collection_id")),
        rows(Collection.objects.shown().top_level(), Value("collections"), Count("pk")),
        all=True,
    )
    yield from union.iterator(AT_ONCE)


def _rows_of_facts() -> QuerySet[Any]:
    facts = BiobankFact.objects.confirmed(*LISTED).order_by()
    teller = Concat("kind", Value("."), "language", output_field=TextField())
    return facts.values_list("profile__biobank_id", teller, Cast("value", TextField()))
