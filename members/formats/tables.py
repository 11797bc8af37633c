"""Biobanks and collections as rows: what each column of a file holds, in the reader's words."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from members.codes import TraitKind, disease
from members.finder.entries import Catalogue, Entry
from members.models import Biobank, BiobanksPage, Collection, FactKind
from members.models.code_labels import label
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language

Row = dict[str, Any]

BESIDE = (
    "postcode", "website", "directory_id", "pid", "ror", "notification_number",
    "open_to_companies", "open_to_non_profit", "as_of",
)  # fmt: skip
BIOBANK_COLUMNS = (
    "name", "acronym", "page", "host", "city", "networks", "materials", "types", "quality",
    "collections", "latitude", "longitude", *BESIDE, "description",
)  # fmt: skip
OF_KIND: dict[str, str] = {
    "materials": TraitKind.MATERIAL,
    "temperatures": TraitKind.TEMPERATURE,
    "types": TraitKind.TYPE,
    "data": TraitKind.DATA,
    "fields": TraitKind.CATEGORY,
    "sex": TraitKind.SEX,
    "fee_for": TraitKind.FEE,
    "joint_project_for": TraitKind.JOINT_PROJECT,
}
OF_COLLECTION: dict[str, Callable[[Collection], Any]] = {
    "collection": lambda one: one.label,
    "acronym": lambda one: one.acronym,
    "directory_id": lambda one: one.directory_id,
    "directory_record": lambda one: one.directory_url,
    "part_of": lambda one: one.parent.directory_id if one.parent and one.parent.is_shown else "",
    "samples": lambda one: one.size,
    "samples_power_of_ten": lambda one: one.size_magnitude,
    "donors": lambda one: one.donors,
    "donors_power_of_ten": lambda one: one.donors_magnitude,
    "age_low": lambda one: one.age_low,
    "age_high": lambda one: one.age_high,
    "age_unit": lambda one: one.get_age_unit_display(),
    "diagnoses": lambda one: [_diagnosis(entry) for entry in one.diagnoses],
    "commercial_use": lambda one: one.commercial_use,
    "access_description": lambda one: one.access_description,
    "access_url": lambda one: one.access_url,
    "website": lambda one: one.website,
    "description": lambda one: one.description,
    "as_of": lambda one: one.as_of.isoformat(),
}
COLLECTION_COLUMNS = (
    "collection", "acronym", "directory_id", "directory_record", "biobank", "page", "part_of",
    "diagnoses", *OF_KIND, "samples", "samples_power_of_ten", "donors", "donors_power_of_ten",
    "age_low", "age_high", "age_unit", "commercial_use", "access_description", "access_url",
    "website", "description", "as_of",
)  # fmt: skip


def finder_address() -> str:
    page = in_offered_language(BiobanksPage).first()
    if page is None:
        raise Http404
    return full_url(page)


def biobank_rows(entries: Sequence[Entry], known: Catalogue) -> dict[int, Row]:
    """By biobank, in the order of the entries; none that was hidden a moment ago."""
    home = finder_address()
    rows = Biobank.objects.shown().select_related("profile").prefetch_related("profile__facts")
    more = {biobank.pk: biobank for biobank in rows}
    there = (one for one in entries if one.pk in more)
    return {one.pk: _of_biobank(one, more[one.pk], home, known) for one in there}


def _of_biobank(entry: Entry, biobank: Biobank, home: str, known: Catalogue) -> Row:
    number = biobank.told.first(FactKind.NOTIFICATION)
    about = {name: getattr(biobank, name) for name in BESIDE} | {
        "host": str(entry.host or ""),
        "website": biobank.own_website,
        "notification_number": number.text if number else "",
        "open_to_companies": biobank.works_with_companies,
        "page": f"{home}{entry.slug}/",
        "city": entry.city_name,
        "networks": [name.short for name in known.networks_of(entry)],
        "types": sorted(label(TraitKind.TYPE, code) for code in entry.held["type"]),
        "quality": list(entry.standards),
        "as_of": biobank.as_of.isoformat(),
    }
    return {
        name: about[name] if name in about else getattr(entry, name) for name in BIOBANK_COLUMNS
    }


def collections_of(entries: Sequence[Entry]) -> dict[int, list[Collection]]:
    """Those that visitors see, by biobank."""
    found: dict[int, list[Collection]] = {entry.pk: [] for entry in entries}
    for one in Collection.objects.shown().filter(biobank__in=found).with_traits():
        found[one.biobank_id].append(one)
    return found


def collection_row(collection: Collection, biobank: Biobank | Entry, home: str) -> Row:
    row = {name: of(collection) for name, of in OF_COLLECTION.items()}
    row |= {name: collection.labels(kind) for name, kind in OF_KIND.items()}
    row |= {"biobank": biobank.name, "page": f"{home}{biobank.slug}/{collection.slug}/"}
    return {name: row[name] for name in COLLECTION_COLUMNS}


def dataset_id(collection: Collection, address: str) -> str:
    """What machines know it by: its page's address, below that of its biobank."""
    return f"{address}{collection.slug}/#dataset"


def told_of(collection: Collection, biobank: Biobank) -> str:
    """Its description, or at least whose it is: machines skip a dataset that says nothing."""
    names = {"collection": collection.label, "biobank": biobank.name}
    return collection.description or _("%(collection)s: a collection of %(biobank)s.") % names


def diagnosis_of(entry: object) -> tuple[str, str]:
    """Code and label of one of a collection's list, whatever the Directory gave."""
    told = entry if isinstance(entry, dict) else {"label": entry}
    return str(told.get("code") or ""), str(told.get("label") or "")


def _diagnosis(entry: object) -> str:
    code, words = diagnosis_of(entry)
    return ": ".join(filter(None, (disease(code), words)))
