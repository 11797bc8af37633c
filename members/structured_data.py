"""What a network's page is about, for machines."""

from members.models import NetworkPage
from pages.addresses import full_url
from pages.structured_data import Thing, describe, node_reference, said


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
            sameAs=page.website,
            description=page.summary,
            foundingDate=page.founded and str(page.founded),
            memberOf=node_reference(),
        )
    ]
