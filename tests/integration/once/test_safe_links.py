"""Whatever stored it, an address that runs as a script is no link: on no page, feed or mail."""

import re
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from newsletter import mails
from newsletter.issues.composing import compose
from newsletter.issues.previews import picture_seen
from newsletter.models import ConsentText, Delivery, DeliveryKind, SignUp
from pages.models import NodePage, SiteIdentity
from tests import builders

SCRIPT = "JavaScript:alert(1)"
RICH = f'<p>Read <a href="{SCRIPT}">these words</a> <script>alert(2)</script></p>'
LINK = {"label": "These words", "page": None, "url": SCRIPT}


class Links(HTMLParser):
    """Every attribute of a page that a browser may follow, run or fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        inline = tag == "script" and "src" not in about
        self.scripts += inline and about.get("type") != "application/ld+json"
        leading = ("href", "src", "action", "formaction", "poster", "data", "content", "xlink:href")
        self.addresses += [about[name] or "" for name in leading if name in about]


def assert_is_safe(html: str) -> None:
    links = Links(html)
    assert not links.scripts
    assert not [address for address in links.addresses if "script:" in address.lower()]


def block(kind: str, value: object) -> dict[str, Any]:
    return {"type": kind, "value": value}


def stored(row: Model, **fields: str) -> None:
    """Put there past every form."""
    type(row)._default_manager.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()


@pytest.fixture(scope="module")
def made(module_db: Path) -> NodePage:
    home = builders.home()
    builders.consent_text(version=2, notice_url=SCRIPT)
    about = {"host_url": SCRIPT, "linkedin_url": SCRIPT, "introduction": RICH}
    stored(home, host_name="Host", **about)
    menu = [block("link", LINK | {"view": ""})]
    identity = SiteIdentity.objects.get(locale=home.locale)
    identity.header_menu = identity.footer_menu = menu
    identity.footer_text = RICH
    identity.save()
    body = [
        block("paragraph", RICH),
        block("notice", {"text": RICH}),
        block("details", {"summary": "More", "text": RICH}),
        block("link_cards", [LINK | {"text": "A sentence."}]),
        block("embed", LINK | {"text": "A sentence."}),
        block("call_to_action", {"text": "Go.", "link": LINK}),
        block("contact", None),
    ]
    builders.text_page(home, "Hostile", body=body)
    stored(builders.event(home, "Open day", is_online=True), registration_url=SCRIPT)
    stored(builders.network(home, "North"), website=SCRIPT, introduction=RICH)
    stored(builders.finder(home), asking=RICH, objecting=RICH)
    biobank = builders.biobank("Freezer", website=SCRIPT, ror=SCRIPT)
    builders.fact(biobank, "introduction", RICH, "en")
    for kind in ("website", "objection", "contact_page", "access"):
        builders.fact(biobank, kind, SCRIPT, "en")
    builders.collection(biobank, website=SCRIPT, access_url=SCRIPT)
    return home


@pytest.fixture
def hostile(db: None, made: NodePage) -> NodePage:
    """A site in which every link that people or the Directory give was made a script."""
    return deepcopy(made)


PAGES = {
    "": "Host",
    "hostile/": "These words",
    "events/open-day/": "Register",
    "networks/north/": SCRIPT,  # its website is named by its address
    "biobanks/freezer/": "page of this biobank",
    "biobanks/": "Freezer",
    "newsletter/": "privacy notice",
    "search/?q=these": "These words",
}


@pytest.mark.parametrize("address", PAGES)
def test_no_page_leads_to_a_script(client: Client, hostile: NodePage, address: str) -> None:
    answer = client.get(f"/en/{address}")
    assert answer.status_code == 200
    assert PAGES[address] in answer.text
    assert_is_safe(answer.text)
    assert f'"{SCRIPT}"' not in "".join(
        re.findall(r'<script type="application/ld\+json">.*?</script>', answer.text)
    )


def test_a_page_keeps_the_words_of_every_link(client: Client, hostile: NodePage) -> None:
    words = client.get("/en/hostile/").text
    inner = re.split("</?main", words)[1]
    assert inner.count("<a>these words</a>") == 3  # of rich text
    assert inner.count("These words") == 3  # of the link card, the embed and the call


@pytest.mark.parametrize(
    "address", ["en/news/feed/", "en/events/feed.ics", "catalogue.jsonld", "sitemap-pages.xml"]
)
def test_no_feed_leads_to_a_script(client: Client, hostile: NodePage, address: str) -> None:
    builders.news(hostile, "Hostile news", body=[block("paragraph", RICH)])
    answer = client.get(f"/{address}")
    assert answer.status_code == 200
    assert "script:" not in answer.text.lower()


def test_no_issue_leads_to_a_script(client: Client, hostile: NodePage) -> None:
    quote = {"text": "We share.", "attribution": "A. Person"}
    body = [block("text", RICH), block("button", LINK), block("quote", quote)]
    issue = builders.issue(hostile, body=body)
    draft = compose(issue, picture_seen)
    assert_is_safe(draft.html)
    assert re.search(r"<a( style=\"[^\"]*\")?>these words</a>", draft.html)
    assert "These words" in draft.html
    assert "script:" not in draft.text.lower()
    assert any("leads to no page" in str(problem) for problem in draft.problems)


def test_a_question_for_consent_leads_to_no_script(hostile: NodePage) -> None:
    builders.sign_up(consent_text=ConsentText.objects.get(version=2))
    SignUp.objects.update(origin=SignUp.Origin.IMPORT)
    delivery = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, SignUp.objects.get())
    html = str(mails.write(delivery).alternatives[0][0])
    assert_is_safe(html)
    assert "privacy notice" in html.lower()


@pytest.mark.parametrize("link", [SCRIPT, "data:text/html,x", "vbscript:x"])
def test_a_redirect_never_leads_to_a_script(client: Client, home: NodePage, link: str) -> None:
    Redirect.objects.create(old_path="/en/old", redirect_link=link)
    answer = client.get("/en/old/")
    assert answer.status_code == 400
    assert "Location" not in answer.headers
