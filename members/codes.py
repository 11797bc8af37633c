"""The Directory's code lists, with labels in the reader's language.

The codes are those of the Directory's `DirectoryOntologies` schema. One it adds later is shown in
its own letters until it has a label here.
"""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from pages.search.words import fold

ICD = "urn:miriam:icd:"
PLACES = 9  # powers of ten the Directory tells apart


class TraitKind(models.TextChoices):
    """What a code is about."""

    MATERIAL = "material", _("Sample type")
    TEMPERATURE = "temperature", _("Storage temperature")
    TYPE = "type", _("Collection type")
    DATA = "data", _("Data category")
    CATEGORY = "category", _("Field of medicine")
    SEX = "sex", _("Sex of donors")
    FEE = "fee", _("Fee for access to")
    JOINT_PROJECT = "joint-project", _("Joint project for access to")


class Material(models.TextChoices):
    DNA = "DNA", _("DNA")
    RNA = "RNA", _("RNA")
    CDNA = "CDNA", _("cDNA")
    MICRO_RNA = "MICRO_RNA", _("Micro-RNA")
    PLASMA = "PLASMA", _("Plasma")
    SERUM = "SERUM", _("Serum")
    WHOLE_BLOOD = "WHOLE_BLOOD", _("Whole blood")
    BUFFY_COAT = "BUFFY_COAT", _("Buffy coat (white blood cells)")
    PERIPHERAL_BLOOD_CELLS = "PERIPHERAL_BLOOD_CELLS", _("Peripheral blood cells")
    TISSUE_FROZEN = "TISSUE_FROZEN", _("Tissue, frozen")
    TISSUE_PARAFFIN_EMBEDDED = "TISSUE_PARAFFIN_EMBEDDED", _("Tissue, in paraffin")
    TISSUE_STAINED = "TISSUE_STAINED", _("Tissue, stained")
    CELL_LINES = "CELL_LINES", _("Cell lines")
    URINE = "URINE", _("Urine")
    SALIVA = "SALIVA", _("Saliva")
    FECES = "FECES", _("Stool")
    NASAL_SWAB = "NASAL_SWAB", _("Nose swab")
    THROAT_SWAB = "THROAT_SWAB", _("Throat swab")
    PATHOGEN = "PATHOGEN", _("Pathogen")
    OTHER = "OTHER", _("Other")
    NAV = "NAV", _("Not available")


class Temperature(models.TextChoices):
    ROOM = "temperatureRoom", _("Room temperature")
    FRIDGE = "temperature2to10", _("2 to 10 °C")
    FREEZER = "temperature-18to-35", _("-18 to -35 °C")
    DEEP_FREEZER = "temperature-60to-85", _("-60 to -85 °C")
    NITROGEN = "temperatureLN", _("Liquid nitrogen, -150 to -196 °C")
    OTHER = "temperatureOther", _("Another temperature")


class CollectionType(models.TextChoices):
    CASE_CONTROL = "CASE_CONTROL", _("Patients and controls")
    COHORT = "COHORT", _("Cohort")
    CROSS_SECTIONAL = "CROSS_SECTIONAL", _("Cross-sectional")
    LONGITUDINAL = "LONGITUDINAL", _("Longitudinal")
    TWIN_STUDY = "TWIN_STUDY", _("Twin study")
    POPULATION_BASED = "POPULATION_BASED", _("Population-based")
    DISEASE_SPECIFIC = "DISEASE_SPECIFIC", _("About one disease")
    HOSPITAL = "HOSPITAL", _("Hospital")
    BIRTH_COHORT = "BIRTH_COHORT", _("Birth cohort")
    RD = "RD", _("Rare diseases")
    PROSPECTIVE_COLLECTION = "PROSPECTIVE_COLLECTION", _("Prospective")
    SAMPLE = "SAMPLE", _("Sample collection")
    IMAGE = "IMAGE", _("Images")
    NON_HUMAN = "NON_HUMAN", _("Not human")
    QUALITY_CONTROL = "QUALITY_CONTROL", _("Quality control")
    OTHER = "OTHER", _("Other")


class DataCategory(models.TextChoices):
    BIOLOGICAL_SAMPLES = "BIOLOGICAL_SAMPLES", _("Biological samples")
    SURVEY_DATA = "SURVEY_DATA", _("Survey data")
    IMAGING_DATA = "IMAGING_DATA", _("Imaging data")
    MEDICAL_RECORDS = "MEDICAL_RECORDS", _("Medical records")
    NATIONAL_REGISTRIES = "NATIONAL_REGISTRIES", _("National registries")
    GENEALOGICAL_RECORDS = "GENEALOGICAL_RECORDS", _("Genealogical records")
    MEASUREMENTS = (
        "PHYSIOLOGICAL_BIOCHEMICAL_MEASUREMENTS",
        _("Physiological and biochemical measurements"),
    )
    OTHER = "OTHER", _("Other")


class Category(models.TextChoices):
    ONCOLOGY = "oncology", _("Cancer")
    RARE_DISEASE = "rare_disease", _("Rare diseases")
    COVID19 = "covid19", _("COVID-19")
    PAEDIATRICS = "paediatrics", _("Children")
    INFECTIOUS = "infectious", _("Infectious diseases")
    POPULATION = "population", _("Population")
    METABOLIC = "metabolic", _("Metabolic diseases")
    CARDIOVASCULAR = "cardiovascular", _("Heart and vessels")
    NERVOUS_SYSTEM = "nervous_system", _("Nervous system")
    AUTOIMMUNE = "autoimmune", _("Autoimmune diseases")


class Sex(models.TextChoices):
    FEMALE = "FEMALE", _("Female")
    MALE = "MALE", _("Male")
    UNDIFFERENTIATED = "UNDIFFERENTIATED", _("Undifferentiated")
    UNKNOWN = "UNKNOWN", _("Unknown")
    NAV = "NAV", _("Not available")


class Access(models.TextChoices):
    SAMPLES = "samples", _("Samples")
    DATA = "data", _("Data")
    IMAGES = "images", _("Images")


class AgeUnit(models.TextChoices):
    YEAR = "YEAR", pgettext_lazy("unit of an age", "years")
    MONTH = "MONTH", pgettext_lazy("unit of an age", "months")
    WEEK = "WEEK", pgettext_lazy("unit of an age", "weeks")
    DAY = "DAY", pgettext_lazy("unit of an age", "days")


LISTS: dict[str, type[models.TextChoices]] = {
    TraitKind.MATERIAL: Material,
    TraitKind.TEMPERATURE: Temperature,
    TraitKind.TYPE: CollectionType,
    TraitKind.DATA: DataCategory,
    TraitKind.CATEGORY: Category,
    TraitKind.SEX: Sex,
    TraitKind.FEE: Access,
    TraitKind.JOINT_PROJECT: Access,
}
LABELS = {kind: dict(codes.choices) for kind, codes in LISTS.items()}

# Names of Belgian towns differ by language; any other is shown as it is written.
CITIES = {
    "Antwerp": _("Antwerp"),
    "Bruges": _("Bruges"),
    "Brussels": _("Brussels"),
    "Charleroi": _("Charleroi"),
    "Genk": _("Genk"),
    "Ghent": _("Ghent"),
    "Hasselt": _("Hasselt"),
    "Leuven": _("Leuven"),
    "Liège": _("Liège"),
    "Mechelen": _("Mechelen"),
    "Mol": _("Mol"),
    "Mons": _("Mons"),
    "Namur": _("Namur"),
    "Tournai": _("Tournai"),
    "Yvoir": _("Yvoir"),
}


def label(kind: str, code: str) -> str:
    """The code in the reader's words; one without a label, in its own letters."""
    known = LABELS.get(kind, {}).get(code)
    return str(known) if known else code.replace("_", " ").strip().capitalize()


def disease(code: str) -> str:
    """The code of a disease as people write it: the Directory writes ICD-10 as an address."""
    return f"ICD-10 {code.removeprefix(ICD)}" if code.startswith(ICD) else code


def city_name(city: str) -> str:
    """The town as the reader's language calls it."""
    return str(CITIES.get(city, city))


@lru_cache
def city_names(city: str) -> frozenset[str]:
    """Of the town, in every language."""
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(city_name(city))
    return frozenset(names - {""})


def towns() -> dict[str, str]:
    """The towns we know, by what any language calls them, folded."""
    return {fold(name): city for city in CITIES for name in city_names(city)}


def magnitude_bounds(magnitude: int) -> tuple[int, int | None]:
    """How many samples or donors a power of ten stands for: 0 is below 10, the last has no end."""
    lowest = 10**magnitude if magnitude else 0
    return lowest, None if magnitude >= PLACES - 1 else 10 ** (magnitude + 1)
