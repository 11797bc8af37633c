"""The networks, which editors write, and the biobanks, whose rows the Directory import keeps."""

from members.models.biobanks import Biobank
from members.models.code_labels import CodeLabel
from members.models.collections import Collection, OldCollectionSlug, Trait
from members.models.concepts import Concept, ConceptName
from members.models.finder_page import BiobanksPage
from members.models.import_runs import ImportRun
from members.models.kept_with import BiobankText, Membership, OldSlug, OtherName, QualityMark
from members.models.networks import NetworkPage, NetworksPage
from members.models.profiles import BiobankFact, BiobankProfile, Confidence, FactKind

__all__ = [
    "Biobank",
    "BiobankFact",
    "BiobankProfile",
    "BiobankText",
    "BiobanksPage",
    "CodeLabel",
    "Collection",
    "Concept",
    "ConceptName",
    "Confidence",
    "FactKind",
    "ImportRun",
    "Membership",
    "NetworkPage",
    "NetworksPage",
    "OldCollectionSlug",
    "OldSlug",
    "OtherName",
    "QualityMark",
    "Trait",
]
