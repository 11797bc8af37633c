"""The biobanks as DCAT (W3C, version 3) in JSON-LD: a catalogue of catalogues of collections."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override
from wagtail.models import Locale

from members.codes import TraitKind
from members.formats.health import for_health
from members.formats.tables import dataset_id, diagnosis_of, told_of
from members.models import Biobank, BiobanksPage, Collection, FactKind, ImportRun
from members.profiles.saying import Said
from pages.formats.long_answers import PIECE, long_answer, with_list
from pages.formats.reading import read_only
from pages.formats.structured_data import Thing, said
from pages.tree.addresses import full_url
from pages.tree.published import published
from pages.tree.safe_links import safe_href

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    # What stands there thousands of times, in few letters.
    "keyword": {"@id": "dcat:keyword", "@language": settings.LANGUAGE_CODE},
    "coded": {"@id": "dct:identifier", "@type": "xsd:anyURI"},
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
HEALTH = {"@id": "http://publications.europa.eu/resource/authority/data-theme/HEAL"}
BELGIUM = {"@id": "http://publications.europa.eu/resource/authority/country/BEL"}
LANGUAGES = {"en": "ENG", "nl": "NLD", "fr": "FRA", "de": "DEU"}
POINT = "http://www.opengis.net/ont/geosparql#wktLiteral"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/"


@read_only
def catalogue_jsonld(request: HttpRequest) -> HttpResponseBase:
    """In the site's first language, whose pages the addresses lead to."""
    page = catalogue_page()
    if page is None:
        raise Http404
    with override(settings.LANGUAGE_CODE):
        text = with_list(_catalogue(page), "dcat:catalog", biobank_things(page))
        return long_answer(text, "application/ld+json")


def catalogue_page() -> BiobanksPage | None:
    locale = Locale.objects.filter(language_code=settings.LANGUAGE_CODE).first()
    return published(BiobanksPage, locale).first() if locale else None


def biobank_things(page: BiobanksPage) -> Iterator[Thing]:
    """Each biobank as a catalogue, read some at a time."""
    home = full_url(page)
    for biobank in Biobank.objects.shown().with_page().iterator(chunk_size=PIECE):
        yield _biobank(biobank, home)


def _catalogue(page: BiobanksPage) -> Thing:
    """All but the biobanks."""
    home = full_url(page)
    day = ImportRun.objects.data_date()
    shown = Collection.objects.shown().select_related("biobank").only("slug", "biobank__slug")
    catalogue = _thing(
        "dcat:Catalog",
        f"{settings.SITE_URL}/catalogue.jsonld",
        **{
            "dct:title": _words(f"{settings.WAGTAIL_SITE_NAME}: {page.title}"),
            "dct:description": _words(page.summary or page.title),
            "dct:publisher": _agent(
                f"{settings.SITE_URL}/#organization", settings.WAGTAIL_SITE_NAME
            ),
            "dct:spatial": BELGIUM,
            "dct:modified": _day(day),
            "dct:language": [{"@id": f"{LANGUAGE}{code}"} for code in LANGUAGES.values()],
            "dcat:themeTaxonomy": {"@id": HEALTH["@id"].rpartition("/")[0]},
            "foaf:homepage": {"@id": home},
            "dcat:dataset": [
                {"@id": dataset_id(one, f"{home}{one.biobank.slug}/")} for one in shown
            ],
        },
    )
    return {"@context": CONTEXT, **catalogue}


def _biobank(biobank: Biobank, home: str) -> Thing:
    """A biobank is a catalogue of its collections."""
    address = f"{home}{biobank.slug}/"
    point = {"@value": f"POINT({biobank.longitude} {biobank.latitude})", "@type": POINT}
    place = {"@type": "dct:Location", "dcat:centroid": point}
    name = Said(biobank.name, biobank.told.name_language)
    host, website = biobank.told.hosted_by or name, biobank.own_website
    return _thing(
        "dcat:Catalog",
        f"{address}#catalogue",
        **{
            "dct:title": _words(name.text, name.language),
            "dct:description": _words(biobank.description)
            if biobank.description
            else _words(host.text, host.language),
            "dct:identifier": biobank.directory_id,
            "dct:publisher": _publisher(biobank, address),
            "dct:spatial": BELGIUM if biobank.latitude is None else place,
            "dct:modified": _day(biobank.as_of),
            "dcat:landingPage": {"@id": address},
            "foaf:homepage": {"@id": website} if safe_href(website) else None,
            "dcat:theme": HEALTH,
            "dcat:dataset": [
                _collection(one, biobank, address) for one in biobank.shown_collections
            ],
        },
    )


def _publisher(biobank: Biobank, address: str) -> Thing:
    """With what is known to lead to people, as HealthDCAT-AP asks for."""
    publisher = _agent(f"{address}#organization", str(biobank.told.hosted_by or biobank.name))
    return publisher | said(**{"dcat:contactPoint": _contact(biobank, address)})


def _contact(biobank: Biobank, address: str) -> Thing | None:
    website, mailbox = biobank.own_website, biobank.told.first(FactKind.MAILBOX)
    ways = said(
        **{
            "vcard:hasURL": {"@id": website} if safe_href(website) else None,
            "vcard:hasEmail": {"@id": f"mailto:{mailbox.text}"} if mailbox else None,
        }
    )
    about = {"@id": f"{address}#contact", "@type": "vcard:Kind", "vcard:fn": biobank.name}
    return about | ways if ways else None


def _collection(collection: Collection, biobank: Biobank, address: str) -> Thing:
    parent = collection.whole
    return _thing(
        "dcat:Dataset",
        dataset_id(collection, address),
        **{
            "dct:title": _words(collection.label),
            "dct:description": _words(told_of(collection, biobank)),
            "dct:identifier": collection.directory_id,
            "dct:publisher": {"@id": f"{address}#organization"},
            "dct:isPartOf": {"@id": dataset_id(parent, address)} if parent else None,
            "dct:modified": _day(collection.as_of),
            "keyword": _keywords(collection),
            "dcat:landingPage": {"@id": f"{address}{collection.slug}/"},
            "foaf:page": {"@id": collection.directory_url, "@type": "foaf:Document"},
            "dcat:theme": HEALTH,
            "dcat:contactPoint": {"@id": f"{address}#contact"}
            if safe_href(biobank.website)
            else None,
            **for_health(collection),
        },
    )


def _keywords(collection: Collection) -> list[str]:
    labels = [label for kind in TraitKind.values for label in collection.labels(kind)]
    diseases = [words for _code, words in map(diagnosis_of, collection.diagnoses)]
    return list(dict.fromkeys(filter(None, [*labels, *diseases])))


def _thing(kind: str, address: str, **facts: Any) -> Thing:
    return {"@id": address, "@type": kind, **said(**facts)}


def _agent(address: str, name: str) -> Thing:
    return {"@id": address, "@type": "foaf:Agent", "foaf:name": name}


def _words(text: str, language: str = "") -> Thing:
    return {"@value": text, "@language": language or settings.LANGUAGE_CODE}


def _day(day: date | None) -> Thing | None:
    return {"@value": day.isoformat(), "@type": "xsd:date"} if day else None
