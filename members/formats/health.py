"""What HealthDCAT-AP adds to a dataset: said where it is known, and never made up to please it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from members.codes import AgeUnit, TraitKind
from members.formats.tables import diagnosis_of
from members.models import Collection
from members.models.code_labels import label
from pages.formats.structured_data import Thing, said

RESTRICTED = {"@id": "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"}
TERMS = {TraitKind.FEE, TraitKind.JOINT_PROJECT}
# What HealthDCAT-AP release 5 asks of every dataset that is not public, as read in November 2026.
# Nothing tells us the five at the end: the codes of health categories have no lasting address yet.
ASKED_OF_DATASETS = (
    "dct:title", "dct:description", "dct:identifier", "dct:publisher", "dcat:contactPoint",
    "dcat:theme", "keyword", "dct:accessRights", "healthdcatap:healthTheme",
    "healthdcatap:healthCategory", "healthdcatap:hdab", "dcatap:applicableLegislation",
    "dct:provenance", "dct:type", "dcat:distribution", "dct:license",
)  # fmt: skip


def for_health(collection: Collection) -> Thing:
    is_in_years = collection.age_unit == AgeUnit.YEAR
    return said(
        **{
            "dct:accessRights": RESTRICTED if _has_terms(collection) else None,
            "healthdcatap:healthTheme": list(_themes(collection)),
            "healthdcatap:hasCodeValues": list(_code_values(collection)),
            "healthdcatap:minTypicalAge": _number(collection.age_low if is_in_years else None),
            "healthdcatap:maxTypicalAge": _number(collection.age_high if is_in_years else None),
            "healthdcatap:numberOfUniqueIndividuals": _number(collection.donors),
        }
    )


def missing(biobanks: Iterable[Thing]) -> Iterator[tuple[str, int, int]]:
    """Each property that is asked for and absent somewhere: of how many datasets, of all."""
    told: Counter[str] = Counter()
    for biobank in biobanks:
        for dataset in biobank.get("dcat:dataset", ()):
            told.update(dataset.keys())
    everywhere = told["@id"]
    for name in ASKED_OF_DATASETS:
        if absent := everywhere - told[name]:
            yield name, absent, everywhere


def _has_terms(collection: Collection) -> bool:
    """Whoever names terms of access gives it under conditions."""
    kinds = {trait.kind for trait in collection.all_traits}
    return bool(collection.access_description or collection.access_url or kinds & TERMS)


def _themes(collection: Collection) -> Iterator[Thing]:
    for trait in collection.all_traits:
        if trait.kind == TraitKind.CATEGORY:
            words = {"@value": label(trait.kind, trait.code), "@language": "en"}
            yield {"@type": "skos:Concept", "skos:prefLabel": words, "skos:notation": trait.code}


def _code_values(collection: Collection) -> Iterator[Thing]:
    for code, _words in map(diagnosis_of, collection.diagnoses):
        if code.startswith("urn:"):
            yield {"coded": code}


def _number(value: int | None) -> Thing | None:
    return None if value is None else {"@value": str(value), "@type": "xsd:nonNegativeInteger"}
