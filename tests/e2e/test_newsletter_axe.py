"""axe-core finds nothing on the newsletter's pages, and none of them scrolls sideways."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import Visitor
from tests.e2e.looks import AXE, LANGUAGES, on_one_database
from tests.e2e.newsletter_site import Post, posting_site
from tests.e2e.site import RunningSite

pytestmark = on_one_database
LINKS = """
from newsletter import acts, addresses, by_mail, tokens as t
from newsletter.models import ConsentText, Subscriber

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
    about = row.page_uuid if purpose == t.MANAGE else row.uuid
    print(f"{purpose.name.replace('_', '-')}/{purpose.token(about.hex)}/")
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
    return [*OPEN, *site.shell(LINKS).split()]


def complaints(page: Page) -> str:
    found = Axe().run(page, options=AXE)
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return f"{found.generate_report() if found.violations_count else ''}{wide if wide > 0 else ''}"


@pytest.mark.parametrize(("width", "text"), [(320, "100"), (320, "200"), (1280, "100")])
@pytest.mark.parametrize("theme", ["auto", "dark", "hc"])
def test_axe_finds_nothing(
    visitor: Visitor, paths: list[str], width: int, text: str, theme: str
) -> None:
    page = visitor(width=width)
    found: dict[str, str] = {}
    page.goto("/en/newsletter/")
    value = f"t{text}.{theme}"
    page.context.add_cookies([{"name": "bbmri_ui", "value": value, "url": page.url}])
    for number, path in enumerate(paths):
        language = LANGUAGES[number % len(LANGUAGES)]
        page.goto(f"/{language}/newsletter/{path}")
        if said := complaints(page):
            found[f"{language} {path}"] = said
    page.goto("/en/newsletter/")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_selector(".mistakes")
    if said := complaints(page):
        found["mistakes"] = said
    assert not found, found
