"""The facets of the finder, each one defined once: a new one is an entry of FACETS here.

One that counts another kind of the Directory's codes is one line, `_of_codes(name, kind)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from members import codes
from members.codes import TraitKind
from members.finder import diseases
from members.finder.entries import Catalogue, Networks
from members.finder.layout import Bits, any_of
from members.models.code_labels import label
from pages.search.words import fold

OPEN = "1"  # the one value of `companies`
OLDEST = 130  # years
# What people in the trade call a sample type, whatever their language.
SHORT = {"TISSUE_PARAFFIN_EMBEDDED": "FFPE", "PERIPHERAL_BLOOD_CELLS": "PBMC"}


@dataclass(frozen=True)
class Facts:
    """What the database says of one biobank: its own columns, and other tables by their name.

    Those are `network` (keys), and `mark` (standards).
    """

    columns: Mapping[str, Any]
    told: Mapping[str, Sequence[str]]


def _none(*_about: object) -> tuple[str, ...]:
    return ()


def _of_biobank(_row: Mapping[str, Any]) -> None:
    return None


def _held(name: str, value: str, catalogue: Catalogue) -> Bits:
    return catalogue.held[name].get(value, 0)


def _known(name: str, text: str, catalogue: Catalogue) -> str:
    return catalogue.known[name].get(fold(text), "")


@dataclass(frozen=True, eq=False)  # each is itself
class Facet:
    """What a visitor may narrow the list by.

    `name`: in addresses. `label_of`: a value in the reader's words. `kind`: of the codes that it
    counts. `held`: the values that a biobank has, for it and all its collections; `of_part`: those
    of a collection, where that speaks for itself (None: it does not). `columns`: what is read of
    the biobank for it. `always`: values that may be asked for though no biobank has them.
    `spellings`: what an address may write beside a value itself. `read`: the value that an address
    asks for, empty if none; `bits`: what has it. `is_listed`: its values are options with counts.
    """

    name: str
    label: str | Promise
    label_of: Callable[[str, Catalogue], str]
    kind: str = ""
    held: Callable[[Facts], Iterable[str]] = _none
    of_part: Callable[[Mapping[str, Any]], Iterable[str] | None] = _of_biobank
    columns: tuple[str, ...] = ()
    always: Callable[[Networks], Iterable[str]] = _none
    spellings: Callable[[str], Iterable[str]] = _none
    read: Callable[[str, str, Catalogue], str] = _known
    bits: Callable[[str, str, Catalogue], Bits] = _held
    is_listed: bool = True

    def of(self, values: Iterable[str], catalogue: Catalogue) -> Bits:
        """What has any of these values."""
        found = any_of(self.bits(self.name, value, catalogue) for value in values)
        return catalogue.holdings.layout.widened(found)


def _of_codes(name: str, kind: TraitKind) -> Facet:
    return Facet(name, kind.label, lambda code, _catalogue: label(kind, code), kind=kind)


@cache
def labels_in_every_language(kind: str) -> Mapping[str, str]:
    """And the code's own letters."""
    labels = {code: f"{code} {SHORT.get(code, '')}" for code in codes.LABELS[kind]}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, own in codes.LABELS[kind].items():
                labels[code] += f" {own}"
    return labels


def network_names(networks: Networks) -> dict[str, str]:
    """By slug: what any language calls it."""
    names: dict[str, str] = {}
    for of_language in networks.values():
        for slug, name in of_language.items():
            names[slug] = f"{names.get(slug, '')} {name.acronym} {name.title}"
    return names


def _network_title(slug: str, catalogue: Catalogue) -> str:
    network = catalogue.networks_here().get(slug)
    if network is None or network.language == get_language():
        return network.title if network else slug
    return format_html('<span lang="{}">{}</span>', network.language, network.title)


def _commercial(row: Mapping[str, Any]) -> Iterable[str] | None:
    use = row["commercial_use"]
    return None if use is None else (OPEN,) * use


def _standards(row: Mapping[str, Any]) -> Iterable[str] | None:
    marks = [slugify(mark["standard"]) for mark in row["quality"] if mark.get("standard")]
    return marks or None


def _age(_name: str, text: str, _catalogue: Catalogue) -> str:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(OLDEST))
    return str(int(text)) if is_number and int(text) <= OLDEST else ""


def _of_age(_name: str, value: str, catalogue: Catalogue) -> Bits:
    """Whose donors may be so old: a year lasts until the next."""
    year = int(value)
    return any_of(
        1 << age.place for age in catalogue.holdings.ages if age.low < year + 1 and age.high >= year
    )


# In the order of the page.
FACETS = (
    Facet(
        "disease",
        _("Disease"),
        diseases.label_of,
        read=lambda _name, text, catalogue: diseases.value_of(text, catalogue.holdings),
        bits=lambda _name, value, catalogue: diseases.about(value, catalogue.holdings),
    ),
    _of_codes("field", TraitKind.CATEGORY),
    Facet(
        "network",
        _("Network"),
        _network_title,
        held=lambda facts: facts.told["network"],
        always=network_names,
    ),
    Facet(
        "city",
        _("Town"),
        lambda city, _catalogue: codes.city_name(city),
        held=lambda facts: {facts.columns["city"]} - {""},
        columns=("city",),
        spellings=codes.city_names,
    ),
    _of_codes("material", TraitKind.MATERIAL),
    _of_codes("data", TraitKind.DATA),
    _of_codes("type", TraitKind.TYPE),
    _of_codes("sex", TraitKind.SEX),
    Facet(
        "age",
        _("Age of donors"),
        lambda value, _catalogue: str(_("Donors aged %(age)s") % {"age": value}),
        read=_age,
        bits=_of_age,
        is_listed=False,
    ),
    Facet(
        "companies",
        _("Companies"),
        lambda _value, _catalogue: str(_("Works with companies")),
        held=lambda facts: (OPEN,) if facts.columns["open_to_companies"] else (),
        of_part=_commercial,
        columns=("open_to_companies",),
        always=lambda _networks: (OPEN,),
        spellings=lambda _value: ("yes", "true", "on"),
    ),
    Facet(
        "quality",
        _("Quality mark"),
        lambda mark, catalogue: catalogue.standards.get(mark, mark),
        held=lambda facts: map(slugify, facts.told["mark"]),
        of_part=_standards,
    ),
)
BY_NAME = {facet.name: facet for facet in FACETS}
OF_KIND = {facet.kind: facet.name for facet in FACETS if facet.kind}
