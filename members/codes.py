"""The Directory's code lists, with labels in the reader's language.

The codes are those of the Directory's `DirectoryOntologies` schema. One that has no label here is
shown as the Directory calls it: `members.models.code_labels`.
"""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from pages.search.words import fold

ICD = "urn:miriam:icd:"
PLACES = 9  # powers of ten the Directory tells apart
ANY = "*"  # of every list: any of its codes
# Lists that are told of services and counts; those of traits are the kinds below.
DISEASE, SERVICE, AGE_RANGE = "disease", "service", "age-range"


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
    DATA_USE = "data-use", _("Conditions of use")
    LEVEL = "level", _("Quality assessed by")


# What a collection has; under which terms it is given.
HELD = (
    TraitKind.MATERIAL, TraitKind.TEMPERATURE, TraitKind.DATA, TraitKind.TYPE, TraitKind.CATEGORY,
    TraitKind.SEX,
)  # fmt: skip
TERMS = (TraitKind.FEE, TraitKind.JOINT_PROJECT, TraitKind.DATA_USE)


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
    ANY = ANY, _("Any sample type")


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
    ANTIBODIES = "ANTIBODIES", _("Antibody levels (IgM and IgG)")
    BLOOD = "BLOOD", _("Blood count and other lab results")
    CLINICAL_SYMPTOMS = "CLINICAL_SYMPTOMS", _("Symptoms")
    CT = "CT", _("CT scans or X-rays of the lungs")
    DISEASE_DURATION = "DiseaseDuration", _("Length and outcome of the disease")
    TREATMENT_PROTOCOL = "TREATMENT_PROTOCOL", _("Treatment (medicines used)")
    OTHER = "OTHER", _("Other")
    NAV = "NAV", _("Not available")


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
    UNDIFFERENTIAL = "UNDIFFERENTIAL", _("Neither clearly female nor male")
    UNKNOWN = "UNKNOWN", _("Unknown")
    NASK = "NASK", _("Not asked")
    NAV = "NAV", _("Not available")
    NEUTERED_FEMALE = "NEUTERED_FEMALE", _("Neutered female (animal)")
    NEUTERED_MALE = "NEUTERED_MALE", _("Neutered male (animal)")
    ANY = ANY, _("Any sex")


class Access(models.TextChoices):
    SAMPLES = "samples", _("Samples")
    DATA = "data", _("Data")
    IMAGES = "images", _("Images")


class DataUse(models.TextChoices):
    """The Data Use Ontology, https://obofoundry.org/ontology/duo.html."""

    NO_RESTRICTION = "DUO_0000004", _("No restriction")
    GENERAL_AND_CARE = "DUO_0000005", _("Any research, and care")
    HEALTH = "DUO_0000006", _("Health and medical research")
    DISEASE = "DUO_0000007", _("Research on a stated disease")
    ANCESTRY = "DUO_0000011", _("Research on origins or ancestry")
    SPECIFIC = "DUO_0000012", _("Only certain kinds of research")
    RESEARCH_ONLY = "DUO_0000014", _("Research only")
    NO_METHODS = "DUO_0000015", _("No research on methods alone")
    GENETIC_ONLY = "DUO_0000016", _("Genetic studies only")
    NOT_FOR_PROFIT = "DUO_0000018", _("Not for profit")
    PUBLICATION = "DUO_0000019", _("Results must be published")
    COLLABORATION = "DUO_0000020", _("Together with the biobank")
    ETHICS = "DUO_0000021", _("Approval by an ethics committee")
    GEOGRAPHICAL = "DUO_0000022", _("Only in certain regions")
    MORATORIUM = "DUO_0000024", _("No publication before an agreed date")
    TIME_LIMIT = "DUO_0000025", _("For a limited time")
    USERS = "DUO_0000026", _("Only for certain users")
    PROJECT = "DUO_0000027", _("Only for the approved project")
    INSTITUTION = "DUO_0000028", _("Only for certain institutions")
    RETURN = "DUO_0000029", _("Results come back to the biobank")
    GENERAL = "DUO_0000042", _("Any research")


class Level(models.TextChoices):
    """Who looked at the quality."""

    ERIC = "eric", "BBMRI-ERIC"
    ACCREDITED = "accredited", _("An accredited body")


class ServiceType(models.TextChoices):
    PROCESSING = "dataSampleProcessing", _("Processing of samples and data")
    DOMAINS = "researchDomains", _("Fields of research")
    ANALYSIS = "technologiesBioanalytics", _("Technologies and analyses")
    EXPERTISE = "expertiseOrganisation", _("Expertise and organisation")


class AgeRange(models.TextChoices):
    NEWBORN = "Newborn", _("Newborns (0 to 1 month)")
    INFANT = "Infant", _("Infants (2 to 23 months)")
    CHILD = "Child", _("Children (2 to 12 years)")
    ADOLESCENT = "Adolescent", _("Teenagers (13 to 17 years)")
    YOUNG_ADULT = "Young Adult", _("Young adults (18 to 24 years)")
    ADULT = "Adult", _("Adults (25 to 44 years)")
    MIDDLE_AGED = "Middle-aged", _("Adults (45 to 64 years)")
    AGED = "Aged (65-79 years)", _("Older people (65 to 79 years)")
    OLDEST = "Aged (>80 years)", _("Older people (80 years and over)")
    UNKNOWN = "Unknown", _("Unknown")
    UNDEFINED = "Undefined", _("Unknown")
    ANY = ANY, _("Any age")


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
    TraitKind.DATA_USE: DataUse,
    TraitKind.LEVEL: Level,
    SERVICE: ServiceType,
    AGE_RANGE: AgeRange,
}
LABELS = {kind: dict(codes.choices) for kind, codes in LISTS.items()}

# Names of Belgian towns differ by language; any other is shown as it is written.
CITIES = {
    "Aalst": _("Aalst"),
    "Antwerp": _("Antwerp"),
    "Arlon": _("Arlon"),
    "Bonheiden": _("Bonheiden"),
    "Bruges": _("Bruges"),
    "Brussels": _("Brussels"),
    "Charleroi": _("Charleroi"),
    "Diepenbeek": _("Diepenbeek"),
    "Edegem": _("Edegem"),
    "Eupen": _("Eupen"),
    "Genk": _("Genk"),
    "Ghent": _("Ghent"),
    "Hasselt": _("Hasselt"),
    "Jette": _("Jette"),
    "Kortrijk": _("Kortrijk"),
    "La Louvière": _("La Louvière"),
    "Leuven": _("Leuven"),
    "Liège": _("Liège"),
    "Louvain-la-Neuve": _("Louvain-la-Neuve"),
    "Mechelen": _("Mechelen"),
    "Mol": _("Mol"),
    "Mons": _("Mons"),
    "Namur": _("Namur"),
    "Ostend": _("Ostend"),
    "Roeselare": _("Roeselare"),
    "Tournai": _("Tournai"),
    "Turnhout": _("Turnhout"),
    "Verviers": _("Verviers"),
    "Wilrijk": _("Wilrijk"),
    "Yvoir": _("Yvoir"),
}


def own_label(kind: str, code: str) -> str:
    """The code in the reader's words; empty where our lists don't know it."""
    known = LABELS.get(kind, {}).get(code)
    return str(known) if known else ""


def letters(code: str) -> str:
    """The code itself, readable: for one that nobody gave a label."""
    return code.replace("_", " ").strip().capitalize()


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
