"""How the catalogue is read: three queries, whatever the number of biobanks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Expression, F, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import override

from members import codes
from members.finder.entries import FACETS, OPEN, Catalogue, Entry, NetworkName
from members.models.biobanks import Biobank
from members.models.collections import Collection, Trait
from members.models.import_runs import ImportRun
from members.models.kept_with import BiobankText, Membership, OtherName, QualityMark
from members.models.networks import NetworkPage
from pages.search.words import fold
from pages.tree.published import published

KINDS = {codes.TraitKind.MATERIAL: "material", codes.TraitKind.TYPE: "type"}
COPIED = (
    "pk", "slug", "name", "acronym", "description", "host", "city", "district", "latitude",
    "longitude",
)  # fmt: skip
COLUMNS = (*COPIED, "juridical_person", "open_to_companies", "as_of")

Rows = dict[int, list[Any]]
Spoken = Expression | F


def read(day: date) -> Catalogue:
    runs = ImportRun.objects.done().order_by("-started", "-pk")
    latest = runs.values(time=Coalesce("written", "started"))[:1]
    shown = Biobank.objects.shown().annotate(data_from=Subquery(latest))
    biobanks = list(shown.values(*COLUMNS, "data_from"))
    data_from = biobanks[0]["data_from"] if biobanks else None
    slugs, networks = _networks()
    beside = _Beside(day, slugs, networks)
    entries = sorted(
        (beside.entry(row) for row in biobanks), key=lambda entry: (fold(entry.name), entry.pk)
    )
    standards = {slugify(name): name for entry in entries for name in entry.standards}
    return Catalogue(
        entries=tuple(entries),
        networks=networks,
        standards=standards,
        data_date=timezone.localdate(data_from) if data_from else None,
        as_of=max((row["as_of"] for row in biobanks), default=None),
        known=_known(entries, slugs.values()),
        collection_names=_collection_names,
    )


class _Beside:
    """What other tables say of the biobanks, read in one query."""

    def __init__(
        self, day: date, slugs: Mapping[Any, str], networks: Mapping[str, Mapping[str, NetworkName]]
    ) -> None:
        said: dict[str, Rows] = defaultdict(lambda: defaultdict(list))
        for pk, table, about, text in _told(day):
            said[table][pk].append((about, text))
        self.names, self.marks = said["name"], said["mark"]
        self.texts = said["text"]
        self.collections = {
            pk: int(number) for pk, [(_about, number)] in said["collections"].items()
        }
        self.traits = {facet: said[kind] for kind, facet in KINDS.items()}
        self.networks = {
            pk: [slugs[UUID(key)] for _about, key in keys if UUID(key) in slugs]
            for pk, keys in said["network"].items()
        }
        self.words = _words_of_codes() | _words_of_networks(networks)

    def entry(self, row: dict[str, Any]) -> Entry:
        pk = row["pk"]
        introductions = {language: _plain(text) for language, text in self.texts.get(pk, ())}
        standards = tuple(dict.fromkeys(_texts(self.marks, pk)))
        names = [row["name"], row["acronym"], row["host"], row["juridical_person"]]
        names += [*_texts(self.names, pk), *codes.city_names(row["city"]), row["district"]]
        about = [row["description"], *introductions.values()]
        held = self._held(row, standards)
        values = (value for values in held.values() for value in values)
        about += [self.words[value] for value in values if value in self.words]
        return Entry(
            **{name: row[name] for name in COPIED},
            introductions=introductions,
            standards=standards,
            collections=self.collections.get(pk, 0),
            names=tuple(names),
            texts=tuple(about),
            held=held,
        )

    def _held(self, row: dict[str, Any], standards: Iterable[str]) -> dict[str, frozenset[str]]:
        pk = row["pk"]
        return {
            "network": frozenset(self.networks.get(pk, ())),
            "city": frozenset({row["city"]} - {""}),
            "material": frozenset(_texts(self.traits["material"], pk)),
            "type": frozenset(_texts(self.traits["type"], pk)),
            "companies": frozenset({OPEN} if row["open_to_companies"] else ()),
            "quality": frozenset(map(slugify, standards)),
        }


def _networks() -> tuple[dict[Any, str], dict[str, dict[str, NetworkName]]]:
    """The slug of each network's key, and the networks of each language."""
    slugs: dict[Any, str] = {}
    named: dict[str, dict[str, NetworkName]] = defaultdict(dict)
    pages = published(NetworkPage).order_by("path")
    columns = ("translation_key", "locale__language_code", "slug", "title", "acronym")
    for key, language, slug, title, acronym in pages.values_list(*columns):
        slugs[key] = slug
        named[language][slug] = NetworkName(key, slug, title, acronym)
    return slugs, dict(named)


def _words_of_codes() -> dict[str, str]:
    """By code: what a visitor may call it, in every language."""
    words: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for kind in KINDS:
                for code, label in codes.LABELS[kind].items():
                    words[code] = f"{words.get(code, '')} {label}"
    return words


def _words_of_networks(networks: Mapping[str, Mapping[str, NetworkName]]) -> dict[str, str]:
    """By slug."""
    words: dict[str, str] = {}
    for names in networks.values():
        for slug, name in names.items():
            words[slug] = f"{words.get(slug, '')} {name.acronym} {name.title}"
    return words


def _known(entries: Sequence[Entry], networks: Iterable[str]) -> dict[str, dict[str, str]]:
    """What a visitor's query may hold, however it is spelt."""
    known: dict[str, dict[str, str]] = {facet: {} for facet in FACETS}
    known["network"] |= {fold(slug): slug for slug in networks}
    for facet in FACETS:
        values = set[str]().union(*(entry.held[facet] for entry in entries))
        known[facet] |= {fold(value): value for value in values}
    for city in list(known["city"].values()):
        known["city"] |= {fold(name): city for name in codes.city_names(city)}
    known["companies"] |= dict.fromkeys(("1", "yes", "true", "on"), OPEN)
    return known


def _told(day: date) -> Iterable[tuple[int, str, str, str]]:
    """A biobank's key, which table speaks, what of, and what it says."""

    def told(rows: QuerySet[Any], table: Spoken, about: Spoken, text: Spoken) -> QuerySet[Any]:
        columns = {"told_by": table, "told_of": about, "told": Cast(text, TextField())}
        each = rows.order_by().values("biobank_id").annotate(**columns)
        return each.values_list("biobank_id", *columns)

    none = Value("")
    traits = Trait.objects.shown().filter(kind__in=KINDS)
    return told(OtherName.objects.all(), Value("name"), none, F("name")).union(
        told(QualityMark.objects.all(), Value("mark"), none, F("standard")),
        told(BiobankText.objects.all(), Value("text"), F("language"), F("introduction")),
        told(Membership.objects.current(day), Value("network"), none, F("network")),
        told(traits, F("kind"), none, F("code")).distinct(),
        told(Collection.objects.shown().top_level(), Value("collections"), none, Count("pk")),
        all=True,
    )


def _collection_names() -> dict[int, list[str]]:
    """By biobank. They are many, and looked at by a search alone."""
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in Collection.objects.shown().order_by().values_list("biobank_id", "name"):
        names[pk].append(name)
    return names


def _texts(rows: Rows, pk: int) -> list[str]:
    return [text for _about, text in rows.get(pk, ())]


def _plain(markup: str) -> str:
    return " ".join(unescape(strip_tags(markup.replace("<", " <"))).split())
