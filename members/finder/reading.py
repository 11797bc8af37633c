"""How the catalogue is read: three queries, whatever the number of biobanks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Expression, F, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.text import slugify

from members import codes
from members.finder.entries import Catalogue, Entry, NetworkName, Networks
from members.finder.facets import FACETS, Facts
from members.models.biobanks import Biobank
from members.models.collections import Collection, Trait
from members.models.import_runs import ImportRun
from members.models.kept_with import Membership, OtherName, QualityMark
from members.models.networks import NetworkPage
from members.models.profiles import YES, BiobankFact, FactKind
from members.profiles.saying import LANGUAGES, Said
from pages.printable import plain_words
from pages.search.words import fold
from pages.tree.written import language_of_title

COPIED = (
    "pk", "slug", "name", "acronym", "description", "juridical_person", "city", "district",
    "latitude", "longitude",
)  # fmt: skip
OF_PROFILE = ("own_language", "name_language")
READ = {*COPIED, "services", "as_of", *(one for facet in FACETS for one in facet.columns)}
# By these facts a biobank is found, and lists show them.
LISTED = (
    FactKind.NAME, FactKind.HOST, FactKind.INTRODUCTION, FactKind.COMPANIES, FactKind.QUALITY,
)  # fmt: skip

Spoken = Expression | F


def read(day: date) -> Catalogue:
    runs = ImportRun.objects.done().order_by("-started", "-pk")
    latest = runs.values(time=Coalesce("written", "started"))[:1]
    shown = Biobank.objects.shown().annotate(data_from=Subquery(latest))
    of_profile = {name: Coalesce(F(f"profile__{name}"), Value("")) for name in OF_PROFILE}
    biobanks = list(shown.values(*READ, "data_from", **of_profile))
    data_from = biobanks[0]["data_from"] if biobanks else None
    slugs, networks = _networks()
    told = _told(day, slugs)
    words = {facet.name: facet.words(networks) for facet in FACETS}
    facts = [_facts(row, told[row["pk"]]) for row in biobanks]
    entries = sorted(
        (_entry(each, words) for each in facts), key=lambda entry: (fold(entry.name), entry.pk)
    )
    standards = {slugify(name): name for entry in entries for name in entry.standards}
    return Catalogue(
        entries=tuple(entries),
        networks=networks,
        standards=standards,
        data_date=timezone.localdate(data_from) if data_from else None,
        as_of=max((row["as_of"] for row in biobanks), default=None),
        known=_known(entries, networks),
        collection_names=_collection_names,
    )


def _facts(row: dict[str, Any], told: dict[str, list[str]]) -> Facts:
    """What an editor knows of its quality and of companies stands before what the row says."""
    marks = [mark for text in told["quality."] for mark in text.splitlines() if mark.strip()]
    told["mark"] = list(dict.fromkeys([*told["mark"], *map(str.strip, marks)]))
    for answer in told["companies."]:
        row["open_to_companies"] = answer == YES
    return Facts(row, told)


def _entry(facts: Facts, words: Mapping[str, Mapping[str, str]]) -> Entry:
    """`words`: by facet and value, what a visitor may call it."""
    row, told = facts.columns, facts.told
    introductions = {
        language: plain_words(text) for language, text in _spoken(told, FactKind.INTRODUCTION)
    }
    hosts = tuple(Said(text, language) for language, text in _spoken(told, FactKind.HOST))
    names = [row["name"], row["acronym"], *(host.text for host in hosts), row["juridical_person"]]
    names += [*told["name"], *(text for _language, text in _spoken(told, FactKind.NAME))]
    names += [*codes.city_names(row["city"]), row["district"]]
    held = {facet.name: frozenset(facet.held(facts)) for facet in FACETS}
    about = [row["description"], *introductions.values()]
    about += [service["name"] for service in row["services"]]
    about += [words[name].get(value, "") for name, values in held.items() for value in values]
    return Entry(
        **{name: row[name] for name in (*COPIED, *OF_PROFILE)},
        hosts=hosts,
        introductions=introductions,
        standards=tuple(dict.fromkeys(told["mark"])),
        collections=int(told["collections"][0]) if told["collections"] else 0,
        names=tuple(names),
        texts=tuple(about),
        held=held,
    )


def _spoken(told: Mapping[str, Sequence[str]], kind: FactKind) -> list[tuple[str, str]]:
    """By language, and what is of none."""
    return [
        (language, text) for language in ("", *LANGUAGES) for text in told[f"{kind}.{language}"]
    ]


def _networks() -> tuple[dict[UUID, str], dict[str, dict[str, NetworkName]]]:
    """The slug of each network's key, and the networks of each language."""
    slugs: dict[UUID, str] = {}
    named: dict[str, dict[str, NetworkName]] = defaultdict(dict)
    for page in NetworkPage.shown().select_related("locale"):
        slugs[page.translation_key] = page.slug
        named[page.locale.language_code][page.slug] = NetworkName(
            page.translation_key, page.slug, page.title, page.acronym, language_of_title(page)
        )
    return slugs, dict(named)


def _known(entries: Sequence[Entry], networks: Networks) -> dict[str, dict[str, str]]:
    """What a visitor's query may hold, however it is spelt."""
    return {
        facet.name: {
            fold(spelling): value
            for value in {*facet.always(networks)}.union(*(one.held[facet.name] for one in entries))
            for spelling in (value, *facet.spellings(value))
        }
        for facet in FACETS
    }


def _told(day: date, slugs: Mapping[UUID, str]) -> dict[int, dict[str, list[str]]]:
    """By biobank and by who tells it: what other tables say, read in one query."""
    told: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, teller, text in _rows_told(day):
        if teller != "network":
            told[pk][teller].append(text)
        elif slug := slugs.get(UUID(text)):
            told[pk][teller].append(slug)
    return told


def _rows_told(day: date) -> Iterable[tuple[int, str, str]]:
    def rows(of: QuerySet[Any], teller: Spoken, text: Spoken) -> QuerySet[Any]:
        each = of.order_by().values("biobank_id")
        return each.annotate(teller=teller, told=Cast(text, TextField())).values_list(
            "biobank_id", "teller", "told"
        )

    kinds = [facet.kind for facet in FACETS if facet.kind]
    traits = Trait.objects.shown().filter(kind__in=kinds)
    return rows(OtherName.objects.all(), Value("name"), F("name")).union(
        rows(QualityMark.objects.all(), Value("mark"), F("standard")),
        _rows_of_facts(),
        rows(Membership.objects.current(day), Value("network"), F("network")),
        rows(traits, F("kind"), F("code")).distinct(),
        rows(Collection.objects.shown().top_level(), Value("collections"), Count("pk")),
        all=True,
    )


def _rows_of_facts() -> QuerySet[Any]:
    facts = BiobankFact.objects.confirmed(*LISTED).order_by()
    teller = Concat("kind", Value("."), "language", output_field=TextField())
    return facts.values_list("profile__biobank_id", teller, Cast("value", TextField()))


def _collection_names() -> dict[int, list[str]]:
    """By biobank. They are many, and looked at by a search alone."""
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in Collection.objects.shown().order_by().values_list("biobank_id", "name"):
        names[pk].append(name)
    return names
