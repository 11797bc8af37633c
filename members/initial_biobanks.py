"""The first biobanks, from `initial_content/_biobanks.toml`, into a site that has none."""

import tomllib
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import transaction

from members.codes import TraitKind
from members.models import (
    Biobank,
    BiobankText,
    Collection,
    Membership,
    NetworkPage,
    OtherName,
    QualityMark,
    Trait,
)

FILE = settings.BASE_DIR / "initial_content" / "_biobanks.toml"
# Keys of a biobank that are no fields of it: a row of another table each.
BESIDE = ("networks", "materials", "categories", "collections", "quality", "other_names", "texts")

Facts: TypeAlias = dict[str, Any]


@transaction.atomic
def load(**_signal: Any) -> int:
    """Fill a table that is empty; one that is not belongs to editors and import.

    Returns the biobanks made.
    """
    if Biobank.objects.exists():
        return 0
    file = tomllib.loads(FILE.read_text(encoding="utf-8"))
    networks = _keys_of_networks()
    for facts in file["biobank"]:
        _make(facts, file["as_of"], networks)
    return len(file["biobank"])


def _keys_of_networks() -> dict[str, UUID]:
    pages = NetworkPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return dict(pages.values_list("slug", "translation_key"))


def _make(facts: Facts, as_of: date, networks: dict[str, UUID]) -> None:
    beside = {key: facts.pop(key, []) for key in BESIDE}
    objection_url = facts.pop("objection_url", "")
    biobank = Biobank.objects.create(as_of=as_of, **facts)
    _make_texts(biobank, beside["texts"] or {}, objection_url)
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


def _make_texts(biobank: Biobank, words: dict[str, str], objection_url: str) -> None:
    for language, text in words.items():
        BiobankText.objects.create(
            biobank=biobank,
            language=language,
            introduction=f"<p>{text}</p>",
            objection_url=objection_url,
        )


def _make_traits(biobank: Biobank, beside: Facts) -> None:
    for kind, key in ((TraitKind.MATERIAL, "materials"), (TraitKind.CATEGORY, "categories")):
        for code in beside[key]:
            Trait.objects.create(biobank=biobank, kind=kind, code=code)
