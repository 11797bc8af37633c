"""The catalogue as a graph: what DCAT-AP asks of it, read by code that did not write it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

from members.codes import TraitKind
from members.models import Collection, Trait
from pages.models import NodePage
from tests import builders

SITE = "http://127.0.0.1:8000"
ROOT = URIRef(f"{SITE}/catalogue.jsonld")
# DCAT-AP 3: mandatory for every catalogue and dataset; a dataset of ours names its publisher too.
REQUIRED = (DCTERMS.title, DCTERMS.description, DCTERMS.publisher)
RANGES = {
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.isPartOf: DCAT.Dataset,
    DCAT.dataset: DCAT.Dataset,
    DCAT.catalog: DCAT.Catalog,
}
LANGUAGE_TEXT = (DCTERMS.title, DCTERMS.description, DCAT.keyword)
HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
VOCABULARIES = (DCAT, DCTERMS, FOAF, RDF, SKOS)
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
# Those of HealthDCAT-AP release 5 and of vCard that we say.
OF_HEALTH = {VCARD.Kind, VCARD.fn, VCARD.hasURL} | {
    HEALTH[name]
    for name in (
        "healthTheme", "hasCodeValues", "minTypicalAge", "maxTypicalAge",
        "numberOfUniqueIndividuals",
    )
}  # fmt: skip
ADDRESSES = (
    DCAT.landingPage, DCAT.theme, DCTERMS.accessRights, DCTERMS.language, FOAF.homepage,
    VCARD.hasURL,
)  # fmt: skip


@pytest.fixture
def graph(client: Client, home: NodePage) -> Graph:
    """Of a biobank of which all is known, one of which nothing is, and a part of what is hidden."""
    builders.finder(home)
    known = builders.biobank(
        "Biothèque <Nord>", host="A hospital", city="Ghent", latitude=51.0, longitude=3.7,
        directory_id="bbmri-eric:ID:BE_1", description="Tissue.", website="https://bn.example/",
    )  # fmt: skip
    whole = builders.collection(
        known, "all", name="All", description="Many", access_url="https://bn.example/access",
        diagnoses=[{"code": "urn:miriam:icd:C50", "label": "Breast"}, {"label": "Any"}],
        age_low=18, age_unit="YEAR", donors=40,
    )  # fmt: skip
    builders.collection(known, "part", parent=whole)
    hidden = builders.collection(known, "hidden", is_hidden=True)
    builders.collection(known, "left", parent=hidden)
    for kind, code in ((TraitKind.MATERIAL, "SERUM"), (TraitKind.CATEGORY, "oncology")):
        Trait.objects.create(biobank=known, collection=whole, kind=kind, code=code)
    builders.biobank("Bare")
    response = client.get("/catalogue.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    return Graph().parse(data=response.text, format="json-ld")


def of(graph: Graph, *kinds: Node) -> set[Node]:
    return {one for kind in kinds for one in graph.subjects(RDF.type, kind)}


def test_it_holds_every_biobank_and_every_collection(graph: Graph) -> None:
    assert len(of(graph, DCAT.Catalog)) == 3
    assert len(of(graph, DCAT.Dataset)) == Collection.objects.shown().count() == 3
    assert set(graph.objects(ROOT, DCAT.catalog)) == of(graph, DCAT.Catalog) - {ROOT}
    assert set(graph.objects(ROOT, DCAT.dataset)) == of(graph, DCAT.Dataset)


def test_everything_has_what_is_required(graph: Graph) -> None:
    for one in of(graph, DCAT.Catalog, DCAT.Dataset):
        assert str(one).startswith(SITE)
        for wanted in REQUIRED:
            assert (one, wanted, None) in graph, (one, wanted)
    for agent in of(graph, FOAF.Agent):
        assert (agent, FOAF.name, None) in graph


def test_every_link_within_it_leads_to_what_it_should(graph: Graph) -> None:
    for link, kind in RANGES.items():
        for one, other in graph.subject_objects(link):
            assert (other, RDF.type, kind) in graph, (one, link, other)
    parts = list(graph.subjects(DCTERMS.isPartOf, None))
    assert len(parts) == 1, "what is part of a hidden collection is part of nothing"


def test_every_value_is_of_its_kind(graph: Graph) -> None:
    for text in LANGUAGE_TEXT:
        for value in graph.objects(None, text):
            assert isinstance(value, Literal)
            assert (value.language, bool(value.strip())) == ("en", True)
    for link in ADDRESSES:
        for value in graph.objects(None, link):
            assert isinstance(value, URIRef)
            assert value.startswith("http")
    for value in graph.objects(None, DCTERMS.modified):
        assert isinstance(value, Literal)
        assert value.datatype == XSD.date
        assert not value.ill_typed


def test_it_uses_no_word_that_its_vocabularies_do_not_have(graph: Graph) -> None:
    for word in {*graph.predicates(), *graph.objects(None, RDF.type)}:
        known = [word in one for one in VOCABULARIES]  # type: ignore[attr-defined]  # said by their metaclass
        assert word in OF_HEALTH or any(known), word


def test_what_health_asks_for_is_said_where_it_is_known(graph: Graph) -> None:
    whole = next(graph.subjects(DCTERMS.title, Literal("All", lang="en")))
    assert str(graph.value(whole, DCTERMS.accessRights)).endswith("/access-right/RESTRICTED")
    assert str(graph.value(whole, HEALTH.minTypicalAge)) == "18"
    assert str(graph.value(whole, HEALTH.numberOfUniqueIndividuals)) == "40"
    code = graph.value(graph.value(whole, HEALTH.hasCodeValues), DCTERMS.identifier)
    assert code == Literal("urn:miriam:icd:C50", datatype=XSD.anyURI)
    theme = graph.value(whole, HEALTH.healthTheme)
    assert graph.value(theme, SKOS.prefLabel) == Literal("Cancer", lang="en")
    publisher = graph.value(whole, DCTERMS.publisher)
    contact = graph.value(whole, DCAT.contactPoint)
    assert graph.value(publisher, DCAT.contactPoint) == contact
    assert graph.value(contact, VCARD.hasURL) == URIRef("https://bn.example/")
    assert Literal("Breast", lang="en") in graph.objects(whole, DCAT.keyword)


def test_what_is_not_known_is_left_out_and_printed(graph: Graph) -> None:
    part = next(graph.subjects(DCTERMS.title, Literal("part", lang="en")))
    for unknown in (DCTERMS.accessRights, DCTERMS.license, HEALTH.healthCategory):
        assert (part, unknown, None) not in graph
    told = StringIO()
    call_command("check_catalogue", stdout=told)
    assert "dct:accessRights: missing of 2 of 3 collections" in told.getvalue()
    assert "dct:license: missing of 3 of 3 collections" in told.getvalue()
    assert "dct:title" not in told.getvalue()
