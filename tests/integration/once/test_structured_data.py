"""What pages say to machines: valid by schema.org's vocabulary, and true to the page."""

import json
import re
from datetime import date
from typing import Any

from django.test import Client

from pages.models import NodePage
from tests import builders
from tests.schema_org import faults

DOCUMENT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def things(browser: Client, address: str) -> dict[str, dict[str, Any]]:
    """The things of a page by their types, once all were found valid."""
    found = DOCUMENT.findall(browser.get(address).text)
    assert len(found) == 1
    document = json.loads(found[0])
    assert document["@context"] == "https://schema.org"
    assert [fault for thing in document["@graph"] for fault in faults(thing)] == []
    return {thing["@type"]: thing for thing in document["@graph"]}


def test_the_checks_would_find_a_fault() -> None:
    bad = {"@type": "Event", "colour": "red", "organizer": {"@type": "Place", "name": "x"}}
    assert list(faults(bad)) == ["Event has no colour", "Event.organizer can't hold a Place"]


def test_the_home_tells_of_the_node_and_of_bbmri_eric(client: Client, home: NodePage) -> None:
    home.host_name, home.host_address = "Belgian Cancer Registry", "Rue Royale 215\n1210 Brussels"
    home.save_revision().publish()
    found = things(client, "/en/")
    assert found["Organization"]["memberOf"]["name"] == "BBMRI-ERIC"
    assert found["Organization"]["parentOrganization"]["name"] == "Belgian Cancer Registry"
    assert found["WebSite"]["inLanguage"] == "en"
    assert "BreadcrumbList" not in found


def test_a_person_has_an_orcid_and_dated_roles(client: Client, home: NodePage) -> None:
    someone = builders.person(home, "Ada Peeters", orcid="0000-0002-1825-0097")
    builders.role(someone, start=date(2019, 1, 1), end=date(2023, 12, 31))
    person = things(client, someone.url)["Person"]
    assert person["sameAs"] == "https://orcid.org/0000-0002-1825-0097"
    role = person["memberOf"][0]
    assert (role["startDate"], role["endDate"]) == ("2019-01-01", "2023-12-31")
    assert role["memberOf"]["name"] == "BBMRI.be"


def test_a_network_is_a_member_of_the_node(client: Client, home: NodePage) -> None:
    page = builders.network(home, acronym="NN", founded=2014, website="https://nn.example")
    network = things(client, page.url)["Organization"]
    assert network["memberOf"]["@id"].endswith("/#organization")
    assert (network["alternateName"], network["foundingDate"]) == (["NN"], "2014")


def test_news_an_event_and_questions_are_described(client: Client, home: NodePage) -> None:
    assert (
        things(client, builders.news(home).url)["NewsArticle"]["headline"] == "A freezer was moved"
    )
    event = things(client, builders.event(home, is_online=True).url)["Event"]
    assert event["location"][0]["@type"] == "VirtualLocation"
    assert event["eventAttendanceMode"].endswith("OnlineEventAttendanceMode")
    question = things(client, builders.faq(home, "FAQ", "why").url)["FAQPage"]["mainEntity"][0]
    assert question["url"].endswith("#why")


def test_breadcrumbs_lead_from_the_home_to_the_page(client: Client, home: NodePage) -> None:
    page = builders.network(home)
    steps = things(client, page.url)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["item"].rpartition("8000")[2] for step in steps] == [
        "/en/",
        "/en/networks/",
        page.url,
    ]


def test_words_cannot_break_out_of_the_document(client: Client, home: NodePage) -> None:
    page = builders.news(home, "</script><script>alert(1)</script>")
    assert "<script>alert" not in client.get(page.url).text
    assert things(client, page.url)["NewsArticle"]["headline"].startswith("</script>")
