"""The first biobanks, from `initial_content/_biobanks.toml`, into a site that has none.

What the site says of them is in `_profiles.toml`, in pieces: by biobank, kind and language, as in
`uz-gent/host/nl`. A piece is words; what is not confirmed says so in its last line.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.html import escape

from members.codes import TraitKind
from members.models import (
    Biobank,
    BiobankFact,
    BiobankProfile,
    Collection,
    Confidence,
    FactKind,
    Membership,
    NetworkPage,
    OtherName,
    QualityMark,
    Trait,
)
from pages.releases import rows

FOLDER = settings.BASE_DIR / "initial_content"
# Keys of a biobank that are no fields of it: a row of another table each.
BESIDE = ("networks", "materials", "categories", "collections", "quality", "other_names")
OF_PROFILE = ("own_language", "name_language")
IN_ALL = "all"  # the key of what has no language
UNSURE = {f"({one})": one for one in (Confidence.REPORTED, Confidence.SUGGESTED)}

Facts: TypeAlias = dict[str, Any]


@transaction.atomic
def load(**_signal: Any) -> int:
    """Fill a table that is empty; one that is not belongs to editors and import.

    Returns the biobanks made.
    """
    if Biobank.objects.exists():
        return 0
    file = _read("_biobanks")
    networks = _keys_of_networks()
    for facts in file["biobank"]:
        _make(facts, file["as_of"], networks)
    return len(file["biobank"])


def _read(name: str) -> Facts:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _keys_of_networks() -> dict[str, UUID]:
    pages = NetworkPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return dict(pages.values_list("slug", "translation_key"))


def _make(facts: Facts, as_of: date, networks: dict[str, UUID]) -> None:
    beside = {key: facts.pop(key, []) for key in BESIDE}
    biobank = Biobank.objects.create(as_of=as_of, **facts)
    _make_traits(biobank, beside)
    for name in beside["other_names"]:
        OtherName.objects.create(biobank=biobank, **name)
    for slug in beside["networks"]:
        if slug in networks:
            Membership.objects.create(biobank=biobank, network=networks[slug])
    for standard in beside["quality"]:
        QualityMark.objects.create(biobank=biobank, standard=standard)
    for name in beside["collections"]:
        directory_id = f"{biobank.directory_id}:collection:{name}"
        Collection.objects.create(biobank=biobank, directory_id=directory_id, as_of=as_of)
    _make_profile(biobank)


def _make_traits(biobank: Biobank, beside: Facts) -> None:
    for kind, key in ((TraitKind.MATERIAL, "materials"), (TraitKind.CATEGORY, "categories")):
        for code in beside[key]:
            Trait.objects.create(biobank=biobank, kind=kind, code=code)


def _make_profile(biobank: Biobank) -> None:
    profile, about = biobank.profile, _profiles().get(biobank.slug, {})
    for name in OF_PROFILE:
        setattr(profile, name, about.get(name, ""))
    profile.save(update_fields=OF_PROFILE)
    facts = [fact for _key, fact in _said_of(biobank.slug)]
    for fact in facts:
        fact.profile = profile
    BiobankFact.objects.bulk_create(facts)


# What is said of them, piece by piece


@cache
def _profiles() -> Facts:
    return _read("_profiles")


def pieces_of(slug: str) -> dict[str, str]:
    """What this release says of one biobank: `host/nl`, `notification`, `own_language`."""
    about = _profiles().get(slug, {})
    facts = {key: in_words(fact) for key, fact in _said_of(slug)}
    return facts | {name: about[name] for name in OF_PROFILE if name in about}


def _said_of(slug: str) -> Iterator[tuple[str, BiobankFact]]:
    about = _profiles().get(slug, {})
    for kind in FactKind:
        for language, said in about.get(kind, {}).items():
            place = "" if language == IN_ALL else language
            yield _key(kind, place), _fact(kind, place, said)


def _fact(kind: FactKind, language: str, said: str | Mapping[str, str]) -> BiobankFact:
    """A bare text is our own sentence: nobody has to check it."""
    if isinstance(said, str):
        return BiobankFact(kind=kind, language=language, value=_stored(kind, said))
    about = {**said, "value": _stored(kind, said["value"])}
    return BiobankFact(kind=kind, language=language, checked=_profiles()["checked"], **about)


def _stored(kind: FactKind, words: str) -> str:
    return f"<p>{escape(words)}</p>" if kind == FactKind.INTRODUCTION else words


def _key(kind: str, language: str) -> str:
    return f"{kind}/{language}" if language else kind


def in_words(fact: BiobankFact) -> str:
    sure = fact.confidence == Confidence.CONFIRMED
    return fact.value if sure else f"{fact.value}\n({fact.confidence})"


def stands_at(profile: BiobankProfile) -> dict[str, str]:
    """What a site says now, in the same form."""
    facts = {_key(fact.kind, fact.language): in_words(fact) for fact in profile.facts.all()}
    return facts | {name: getattr(profile, name) for name in OF_PROFILE if getattr(profile, name)}


def apply_piece(profile: BiobankProfile, key: str, words: str) -> None:
    """Say it, with the source and date that the release gives for these words."""
    if key in OF_PROFILE:
        setattr(profile, key, words)
        profile.save(update_fields=[key])
        return
    kind, _slash, language = key.partition("/")
    value, _line, last = words.rpartition("\n")
    confidence = UNSURE.get(last, Confidence.CONFIRMED)
    fact = dict(_said_of(profile.biobank.slug)).get(key)
    if fact is None or in_words(fact) != words:
        fact = BiobankFact(value=value if last in UNSURE else words, confidence=confidence)
    told = ("value", "confidence", "source", "said_by", "checked")
    BiobankFact.objects.update_or_create(
        profile=profile,
        kind=kind,
        language=language,
        defaults={name: getattr(fact, name) for name in told},
    )


# For a release that comes to a site which runs: `<slug>/<piece>`, ending in its language


def release() -> dict[str, str]:
    slugs = [name for name, about in _profiles().items() if isinstance(about, dict)]
    return {f"{slug}/{key}": words for slug in slugs for key, words in pieces_of(slug).items()}


def now() -> dict[str, str]:
    profiles = BiobankProfile.objects.select_related("biobank").prefetch_related("facts")
    return {
        f"{profile.biobank.slug}/{key}": words
        for profile in profiles
        for key, words in stands_at(profile).items()
    }


def write(key: str, words: str) -> None:
    """Of a biobank that is no longer here, nothing is said."""
    slug, _slash, piece = key.partition("/")
    profile = BiobankProfile.objects.filter(biobank__slug=slug).select_related("biobank").first()
    if profile:
        apply_piece(profile, piece, words)


def earlier() -> dict[str, str]:
    """What releases before profiles said where this one says something else."""
    return _read("_profiles_before")


KINDS = {
    "members.profiles": rows.Kind(
        BiobankProfile,
        "members.change_biobankprofile",
        "wagtailsnippets_members_biobankprofile:list",
        release,
        now,
        write,
        earlier,
    )
}
