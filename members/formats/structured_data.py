"""What the pages of networks and biobanks are about, for machines."""

from django.utils.translation import get_language

from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.formats.tables import dataset_id, told_of
from members.models import Biobank, BiobanksPage, Collection, NetworkPage
from pages.formats.structured_data import Thing, describe, node_reference, organization, said
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language
from pages.tree.safe_links import safe_href


@describe.register
def _(page: NetworkPage) -> list[Thing]:
    names = [name for name in (page.acronym, page.own_name) if name and name != page.title]
    return [
        said(
            at_type="Organization",
            at_id=f"{full_url(page)}#organization",
            name=page.title,
            alternateName=names,
            url=full_url(page),
            sameAs=safe_href(page.website),
            description=page.summary,
            foundingDate=page.founded and str(page.founded),
            memberOf=node_reference(),
        )
    ]


@describe.register
def _(biobank: Biobank) -> list[Thing]:
    """The organisation that keeps samples, its catalogue, and each of its collections."""
    finder = in_offered_language(BiobanksPage).first()
    if finder is None:
        return []
    address = f"{full_url(finder)}{biobank.slug}/"
    datasets = [_dataset(one, biobank, address) for one in biobank.shown_collections]
    return [_organization(biobank, address), _data_catalog(biobank, address, datasets), *datasets]


@describe.register
def _(collection: Collection) -> list[Thing]:
    finder = in_offered_language(BiobanksPage).first()
    if finder is None:
        return []
    biobank = collection.biobank
    address = f"{full_url(finder)}{biobank.slug}/"
    creator = organization(biobank.name, at_id=f"{address}#organization", url=address)
    ids = (dataset_id(one, address) for one in collection.shown_parts)
    parts = [{"@type": "Dataset", "@id": name} for name in ids]
    return [_dataset(collection, biobank, address) | said(creator=creator, hasPart=parts)]


def _organization(biobank: Biobank, address: str) -> Thing:
    networks = {name.key: name for name in catalogue().networks_here().values()}
    current = [networks.get(one.network) for one in biobank.current_memberships]
    place = said(
        at_type="PostalAddress",
        addressLocality=biobank.city_name,
        postalCode=biobank.postcode,
        addressCountry="BE",
    )
    names = [biobank.acronym, *(other.name for other in biobank.other_names.all())]
    return said(
        at_type="Organization",
        at_id=f"{address}#organization",
        name=biobank.name,
        alternateName=[name for name in names if name],
        url=address,
        description=biobank.description,
        identifier=biobank.directory_id,
        sameAs=[
            link
            for link in (biobank.own_website, biobank.directory_url, biobank.pid_url)
            if safe_href(link)
        ],
        address=place if biobank.city else None,
        parentOrganization=organization(_host(biobank), sameAs=safe_href(biobank.ror)),
        memberOf=[organization(one.title) for one in current if one],
    )


def _host(biobank: Biobank) -> str:
    return str(biobank.told.hosted_by or "")


def _data_catalog(biobank: Biobank, address: str, datasets: list[Thing]) -> Thing:
    return said(
        at_type="DataCatalog",
        at_id=f"{address}#catalogue",
        name=biobank.name,
        description=biobank.description or _host(biobank) or biobank.name,
        url=address,
        inLanguage=get_language(),
        dateModified=biobank.as_of.isoformat(),
        provider={"@type": "Organization", "@id": f"{address}#organization"},
        dataset=[{"@type": "Dataset", "@id": dataset["@id"]} for dataset in datasets],
    )


def _dataset(collection: Collection, biobank: Biobank, address: str) -> Thing:
    parent = collection.whole
    return said(
        at_type="Dataset",
        at_id=dataset_id(collection, address),
        name=collection.label,
        description=told_of(collection, biobank),
        identifier=collection.directory_id,
        url=f"{address}{collection.slug}/",
        sameAs=collection.directory_url,
        dateModified=collection.as_of.isoformat(),
        keywords=[label for kind in TraitKind.values for label in collection.labels(kind)],
        isPartOf={"@type": "Dataset", "@id": dataset_id(parent, address)} if parent else None,
        includedInDataCatalog={"@type": "DataCatalog", "@id": f"{address}#catalogue"},
        creator={"@type": "Organization", "@id": f"{address}#organization"},
    )
