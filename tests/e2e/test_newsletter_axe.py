"""axe-core finds nothing on the newsletter's pages, and none of them scrolls sideways."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Visitor
from tests.e2e.issues import signed_in
from tests.e2e.looks import (
    AXE,
    EXAMINE,
    by_turns,
    complaints,
    complaints_at_desk,
    every_two_choices,
)
from tests.e2e.newsletter_site import Post, posting_site
from tests.e2e.site import RunningSite

LINKS = """
from newsletter import addresses, tokens as t
from newsletter.models import ConsentText, Subscriber
from newsletter.subscribers import acts, by_mail

text = ConsentText.objects.get(language="en")
about = {"language": "en", "topics": ["newsletter"], "page": "/en/", "network": ""}

def asked(name):
    return acts.sign_up(addresses.read(f"{name}@example.org"), consent_text=text, **about)

def made(name):
    acts.confirm(asked(name))
    return Subscriber.objects.get(key=f"{name}@example.org")

one, ada, bo = asked("one"), made("ada"), made("bo")
acts.leave(bo, "page")
by_mail.ask_new_address(ada, addresses.read("new@example.org"))
purposes = [(t.CONFIRM, one), (t.NEVER_AGAIN, one), (t.MANAGE, ada), (t.MANAGE, bo)]
purposes += [(t.UNSUBSCRIBE, ada), (t.UNDO, bo), (t.ERASE, ada), (t.RECONSENT, ada)]
purposes += [(t.CHANGE_ADDRESS, ada), (t.CONFIRM_ADDRESS, ada.address_changes.get())]
for purpose, row in purposes:
    print(f"{purpose.name.replace('_', '-')}/{purpose.token_of(row)}/")
"""
FURNISH = """
from newsletter import tokens
from newsletter.models import NewsletterIssuePage, Subscriber
from tests.e2e.mailed import furnish
issue, prepared, begun = furnish()
page, person = NewsletterIssuePage.objects.get(pk=issue), Subscriber.objects.earliest("pk")
print(tokens.DRAFT.token_of(page.latest_revision))
print(f"issue/{issue}/", f"issue/{issue}/send/", f"try/{issue}/", f"begin/{page.get_parent().pk}/")
print(f"prepare/{page.get_translations().get(locale__language_code='nl').pk}/")
print(f"mailing/{prepared}/", f"mailing/{prepared}/send/", f"mailing/{prepared}/cancelling/")
print(f"mailing/{begun}/", "mailings/", "mailings/figures/", f"subscribers/inspect/{person.pk}/")
"""
OPEN = ["", "check-your-mail/", "send-my-link/", "confirm/x/"]


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with posting_site(tmp_path_factory.mktemp("newsletter-axe")) as post:
        yield post


@pytest.fixture(scope="module")
def site(post: Post) -> RunningSite:
    return post.site


@pytest.fixture(scope="module")
def paths(site: RunningSite) -> list[str]:
    return [f"newsletter/{path}" for path in (*OPEN, *site.shell(LINKS).split())]


def test_axe_finds_nothing(site: RunningSite, paths: list[str]) -> None:
    assert not complaints(site.url, by_turns(paths))


@pytest.mark.audit
def test_axe_finds_nothing_where_every_two_choices_meet(
    site: RunningSite, paths: list[str]
) -> None:
    assert not complaints(site.url, every_two_choices(paths))


def test_axe_finds_nothing_where_issues_are_sent(
    visitor: Visitor, site: RunningSite, shots: Path | None
) -> None:
    """An issue in four languages, its mailings and refusals; and the draft as readers see it."""
    draft, *screens = site.shell(FURNISH).split()
    assert not complaints(site.url, by_turns([f"newsletter/draft/{draft}/"]))
    page = signed_in(visitor, "sender")
    for screen in screens:
        page.goto(f"/admin/newsletter/{screen}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert not complaints_at_desk(page), (screen, width)
            if shots:
                page.screenshot(path=shots / f"{screen.replace('/', '-')}{width}.png")


@pytest.mark.parametrize(
    ("language", "width", "cookie"),
    [("en", 1280, ""), ("nl", 320, "t200.hc"), ("fr", 320, "t100.dark"), ("de", 768, "t150.hcl")],
)
def test_axe_finds_nothing_among_mistakes(
    visitor: Visitor, language: str, width: int, cookie: str
) -> None:
    page = visitor(width=width)
    page.goto(f"/{language}/newsletter/")
    page.context.add_cookies([{"name": "bbmri_ui", "value": cookie, "url": page.url}])
    page.locator("main form [type=submit]").last.click()
    page.wait_for_selector(".mistakes")
    page.evaluate(Axe().axe_script)
    assert not page.evaluate(EXAMINE, ["html", AXE])
