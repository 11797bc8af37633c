"""The facets of the finder, each one defined once: a new one is an entry of FACETS here.

One that counts another kind of the Directory's codes is one line, `_of_codes(name, kind)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from members import codes
from members.codes import TraitKind
from members.finder.entries import Catalogue, Networks
from members.models.code_labels import label

OPEN = "1"  # the one value of `companies`


@dataclass(frozen=True)
class Facts:
    """What the database says of one biobank: its own columns, and other tables by their name.

    Those are `network` (slugs), `mark` (standards), and each kind of codes that a facet counts.
    """

    columns: Mapping[str, Any]
    told: Mapping[str, Sequence[str]]


def _none(*_about: object) -> tuple[str, ...]:
    return ()


def _no_words(_networks: Networks) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Facet:
    """What a visitor may narrow the list by.

    `name`: in addresses. `held`: the values a biobank has. `label_of`: a value in the reader's
    words. `columns` and `kind`: what is read of the biobank, and of the codes, to know `held`.
    `always`: values that may be asked for though no biobank has them. `spellings`: what an address
    may write beside a value itself. `words`: by value, what a search finds it by in any language.
    """

    name: str
    label: str | Promise
    held: Callable[[Facts], Iterable[str]]
    label_of: Callable[[str, Catalogue], str]
    columns: tuple[str, ...] = ()
    kind: str = ""
    always: Callable[[Networks], Iterable[str]] = _none
    spellings: Callable[[str], Iterable[str]] = _none
    words: Callable[[Networks], Mapping[str, str]] = _no_words


def _of_codes(name: str, kind: TraitKind) -> Facet:
    return Facet(
        name,
        kind.label,
        held=lambda facts: facts.told[kind],
        label_of=lambda code, _catalogue: label(kind, code),
        kind=kind,
        words=lambda _networks: _labels_in_every_language(kind),
    )


def _labels_in_every_language(kind: TraitKind) -> dict[str, str]:
    labels: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, label in codes.LABELS[kind].items():
                labels[code] = f"{labels.get(code, '')} {label}"
    return labels


def _network_title(slug: str, catalogue: Catalogue) -> str:
    network = catalogue.networks_here().get(slug)
    if network is None or network.language == get_language():
        return network.title if network else slug
    return format_html('<span lang="{}">{}</span>', network.language, network.title)


def _network_names(networks: Networks) -> dict[str, str]:
    names: dict[str, str] = {}
    for of_language in networks.values():
        for slug, name in of_language.items():
            names[slug] = f"{names.get(slug, '')} {name.acronym} {name.title}"
    return names


# In the order of the page.
FACETS = (
    Facet(
        "network",
        _("Network"),
        held=lambda facts: facts.told["network"],
        label_of=_network_title,
        always=_network_names,
        words=_network_names,
    ),
    Facet(
        "city",
        _("Town"),
        held=lambda facts: {facts.columns["city"]} - {""},
        label_of=lambda city, _catalogue: codes.city_name(city),
        columns=("city",),
        spellings=codes.city_names,
    ),
    _of_codes("material", TraitKind.MATERIAL),
    _of_codes("type", TraitKind.TYPE),
    Facet(
        "companies",
        _("Companies"),
        held=lambda facts: (OPEN,) if facts.columns["open_to_companies"] else (),
        label_of=lambda _value, _catalogue: str(_("Works with companies")),
        columns=("open_to_companies",),
        always=lambda _networks: (OPEN,),
        spellings=lambda _value: ("yes", "true", "on"),
    ),
    Facet(
        "quality",
        _("Quality mark"),
        held=lambda facts: map(slugify, facts.told["mark"]),
        label_of=lambda mark, catalogue: catalogue.standards.get(mark, mark),
    ),
)
