"""The catalogue as a graph: what DCAT-AP asks of it, read by code that did not write it."""

import pytest
from django.test import Client
from rdflib import Graph, Literal, Node, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

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
ADDRESSES = (DCAT.landingPage, FOAF.homepage, DCAT.theme, DCTERMS.language)


@pytest.fixture
def graph(client: Client, home: NodePage) -> Graph:
    """Of a biobank of which all is known, one of which nothing is, and a part of what is hidden."""
    builders.finder(home)
    known = builders.biobank(
        "Biothèque <Nord>", host="A hospital", city="Ghent", latitude=51.0, longitude=3.7,
        directory_id="bbmri-eric:ID:BE_1", description="Tissue.", website="https://bn.example/",
    )  # fmt: skip
    whole = builders.collection(known, "all", name="All", description="Many")
    builders.collection(known, "part", parent=whole)
    hidden = builders.collection(known, "hidden", is_hidden=True)
    builders.collection(known, "left", parent=hidden)
    Trait.objects.create(biobank=known, collection=whole, kind=TraitKind.MATERIAL, code="SERUM")
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
        known = (word in DCAT, word in DCTERMS, word in FOAF, word in RDF)  # type: ignore[attr-defined]  # said by their metaclass
        assert any(known), word
