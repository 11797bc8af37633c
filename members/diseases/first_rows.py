"""The table's first rows, from `initial_content/_diseases.toml`, into a site that has none.

A row is a few pieces, each under a key of its own ("breast-cancer.nl.name"): so a later release can
bring those that nobody has changed since.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction

from members.diseases.compounds import Parts
from members.models.concepts import Concept, ConceptName
from pages.releases import rows
from visitors.cache import generation

FILE = settings.BASE_DIR / "initial_content" / "_diseases.toml"
FIELDS = ("kind", "codes", "orpha", "other_words", "note")
NAMED = ("name", "others")
LANGUAGES = [language for language, _name in settings.LANGUAGES]

Pieces = dict[str, str]


@lru_cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@lru_cache
def parts() -> Parts:
    """What names of diseases are made of."""
    return Parts(**_file()["parts"])


def shipped() -> Pieces:
    """What this release says, in the rows' order."""
    file = _file()
    pieces: Pieces = {}
    for kind in Concept.Kind.values:
        for row in file[kind]:
            said = {"kind": kind, "other_words": row.get("other", ""), **row}
            pieces |= {f"{row['key']}.{field}": said.get(field, "") for field in FIELDS}
            for language in filter(row.__contains__, LANGUAGES):
                name, _stroke, others = row[language].partition(" / ")
                pieces |= {
                    f"{row['key']}.{language}.name": name,
                    f"{row['key']}.{language}.others": others,
                }
    return pieces


def stored() -> Pieces:
    """What the rows say now, under the same keys."""
    pieces: Pieces = {}
    for row in Concept.objects.with_names():
        pieces |= {f"{row.key}.{field}": getattr(row, field) for field in FIELDS}
        for name in row.names.all():
            pieces |= {
                f"{row.key}.{name.language}.{field}": getattr(name, field) for field in NAMED
            }
    return pieces


@transaction.atomic
def apply(pieces: Mapping[str, str]) -> None:
    """Write these pieces and no other; a row or a name that is not there is made.

    So what an editor deleted, whose pieces `stored` has no more, is not to be handed in again.
    """
    of_rows: dict[str, dict[str, str]] = defaultdict(dict)
    of_names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for piece, said in pieces.items():
        key, *language, field = piece.split(".")
        row = of_rows[key]  # also where a name of it is all that is said
        (of_names[key, language[0]] if language else row)[field] = said
    rows = {row.key: row for row in Concept.objects.filter(key__in=of_rows)}
    checked = _file()["checked"]
    _write(Concept, rows, of_rows, FIELDS, lambda key: Concept(key=key, checked=checked))
    rows = {row.key: row for row in Concept.objects.filter(key__in=of_rows)}
    names = {
        (name.concept.key, name.language): name
        for name in ConceptName.objects.filter(concept__in=rows.values()).select_related("concept")
    }
    _write(
        ConceptName,
        names,
        of_names,
        NAMED,
        lambda place: ConceptName(concept=rows[place[0]], language=place[1]),
    )
    generation.raise_it(apart=False)  # what is written in bulk sends no signal


def _write(
    model: type[Any],
    there: Mapping[Any, Any],
    said: Mapping[Any, Mapping[str, str]],
    fields: Sequence[str],
    new: Callable[[Any], Any],
) -> None:
    made = {place: new(place) for place in said if place not in there}
    for place, values in said.items():
        for field, value in values.items():
            setattr(there.get(place) or made[place], field, value)
    model.objects.bulk_create(made.values())
    model.objects.bulk_update([there[place] for place in said if place in there], fields)


def load(**_signal: Any) -> int:
    """Fill a table that is empty; one that is not belongs to its editors. Returns the rows made."""
    if Concept.objects.exists():
        return 0
    apply(shipped())
    return Concept.objects.count()


# For a release that comes to a site which runs: `breast-cancer/name/nl`, ending in its language


def _addressed(pieces: Pieces) -> Pieces:
    """The same with the language last."""
    found = {}
    for piece, words in pieces.items():
        key, *language, field = piece.split(".")
        found["/".join((key, field, *language))] = words
    return found


def write(address: str, words: str) -> None:
    key, field, *language = address.split("/")
    apply({".".join((key, *language, field)): words})


KINDS = {
    "members.diseases": rows.Kind(
        Concept,
        "members.change_concept",
        "wagtailsnippets_members_concept:list",
        lambda: _addressed(shipped()),
        lambda: _addressed(stored()),
        write,
    )
}
