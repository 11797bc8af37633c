"""What a page is about, for machines: JSON-LD in schema.org's words.

Each kind of page registers its description with `describe`; `members` adds its own.
"""

from datetime import datetime
from functools import singledispatch
from typing import Any

from django.conf import settings
from wagtail.models import Page

from pages.gaps import LINKEDIN_OF_ERIC
from pages.models import EventPage, FaqPage, NewsPage, NodePage, PersonPage, Role
from pages.printable import plain_words
from pages.tree.addresses import full_url
from pages.tree.page_parts import PagePart
from pages.tree.safe_links import safe_href
from pages.tree.written import language_told

Thing = dict[str, Any]
CONTEXT = "https://schema.org"
ERIC: Thing = {
    "@type": "Organization",
    "@id": "https://www.bbmri-eric.eu/#organization",
    "name": "BBMRI-ERIC",
    "url": "https://www.bbmri-eric.eu/",
}
STATUS = {
    EventPage.State.PLANNED: "EventScheduled",
    EventPage.State.CANCELLED: "EventCancelled",
    EventPage.State.POSTPONED: "EventPostponed",
    EventPage.State.MOVED_ONLINE: "EventMovedOnline",
}


def said(**facts: Any) -> Thing:
    """Only the facts that are there. A name that begins with `at_` stands for JSON-LD's `@`."""
    return {
        name.replace("at_", "@"): fact for name, fact in facts.items() if fact not in (None, "", [])
    }


def node_reference() -> Thing:
    """The node, named once on the home and referred to from everywhere."""
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": settings.WAGTAIL_SITE_NAME,
    }


def organization(name: str, **facts: Any) -> Thing | None:
    """One that has no page here; None where it has no name."""
    return said(at_type="Organization", name=name, **facts) if name else None


@singledispatch
def describe(about: object) -> list[Thing]:
    """The things a page, or a row, is about; none for a page that only leads to others."""
    return []


@describe.register
def _(page: NodePage) -> list[Thing]:
    mailing_address = said(
        at_type="PostalAddress",
        streetAddress=", ".join(page.host_address.splitlines()),
        addressCountry="BE",
    )
    own_linkedin = page.linkedin_url if page.linkedin_url != LINKEDIN_OF_ERIC else ""
    node = node_reference() | said(
        alternateName=page.title,
        url=full_url(page),
        description=page.summary,
        email=page.mailbox,
        address=mailing_address if page.host_address else None,
        parentOrganization=organization(page.host_name, url=safe_href(page.host_url)),
        memberOf=ERIC,
        sameAs=safe_href(own_linkedin),
    )
    return [node, _website(page)]


def _website(page: NodePage) -> Thing:
    search = {
        "@type": "SearchAction",
        "target": f"{full_url(page)}search/?q={{search_term}}",
        "query-input": "required name=search_term",
    }
    return said(
        at_type="WebSite",
        at_id=f"{settings.SITE_URL}/#website",
        name=settings.WAGTAIL_SITE_NAME,
        url=full_url(page),
        inLanguage=language_told(page),
        publisher=node_reference(),
        potentialAction=search,
    )


@describe.register
def _(page: PersonPage) -> list[Thing]:
    orcid = f"https://orcid.org/{page.orcid}" if page.orcid else ""
    return [
        said(
            at_type="Person",
            at_id=f"{full_url(page)}#person",
            name=page.title,
            url=full_url(page),
            description=page.summary,
            affiliation=organization(page.affiliation),
            identifier=orcid,
            sameAs=orcid,
            memberOf=[_role(role) for role in page.roles.all()],
        )
    ]


def _role(role: Role) -> Thing:
    """A dated role: schema.org puts it between a person and the organisation."""
    return said(
        at_type="OrganizationRole",
        roleName=role.title,
        startDate=role.start and role.start.isoformat(),
        endDate=role.end and role.end.isoformat(),
        memberOf=node_reference(),
    )


@describe.register
def _(page: NewsPage) -> list[Thing]:
    return [
        said(
            at_type="NewsArticle",
            headline=page.title,
            description=page.summary,
            url=full_url(page),
            datePublished=page.date and page.date.isoformat(),
            dateModified=page.last_published_at and page.last_published_at.isoformat(),
            inLanguage=language_told(page),
            author=node_reference(),
            publisher=node_reference(),
        )
    ]


@describe.register
def _(page: EventPage) -> list[Thing]:
    if page.start is None:
        return []
    online = said(at_type="VirtualLocation", url=safe_href(page.registration_url) or full_url(page))
    place = said(at_type="Place", name=page.shown_place, address=page.shown_place)
    modes = {(True, True): "Mixed", (True, False): "Online", (False, True): "Offline"}
    mode = modes.get((page.is_reached_online, bool(page.shown_place)))
    return [
        said(
            at_type="Event",
            name=page.title,
            description=page.summary,
            url=full_url(page),
            startDate=_told(page, page.local_start),
            endDate=_told(page, page.local_end),
            eventStatus=f"https://schema.org/{STATUS[EventPage.State(page.state)]}",
            eventAttendanceMode=mode and f"https://schema.org/{mode}EventAttendanceMode",
            location=[
                *([online] if page.is_reached_online else []),
                *([place] if page.shown_place else []),
            ],
            organizer=node_reference(),
            inLanguage=language_told(page),
        )
    ]


def _told(page: EventPage, moment: datetime | None) -> str | None:
    """A day where the event is of whole days."""
    if moment is None:
        return None
    return moment.date().isoformat() if page.is_whole_day else moment.isoformat()


@describe.register
def _(page: FaqPage) -> list[Thing]:
    questions = [
        {
            "@type": "Question",
            "name": block.value["question"],
            "url": f"{full_url(page)}#{block.value['anchor']}",
            "acceptedAnswer": {"@type": "Answer", "text": plain_words(str(block.value["answer"]))},
        }
        for block in page.questions
    ]
    return [said(at_type="FAQPage", url=full_url(page), mainEntity=questions)] if questions else []


def breadcrumbs(
    trail: list[Page], page: Page, part: PagePart | None = None, rest: str = ""
) -> Thing:
    """The way from the home to a page, or a part of it (schema.org BreadcrumbList)."""
    steps = [(step.title, full_url(step)) for step in [*trail, page]]
    if part is not None:
        steps += [(step.title, full_url(page) + step.address) for step in part.above]
        steps.append((str(part.title), full_url(page) + rest.partition("?")[0]))
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": address}
        for position, (name, address) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def graph(page: Page, trail: list[Page], part: PagePart | None = None, rest: str = "") -> Thing:
    """All that a page, or a part of it, says to machines, as one JSON-LD document."""
    about = page.alias_of.specific if page.alias_of_id else page
    things = describe(part.about if part else about)
    if trail:
        things = [*things, breadcrumbs(trail, page, part, rest)]
    return {"@context": CONTEXT, "@graph": things}
