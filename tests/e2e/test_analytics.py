"""Matomo is asked only for who accepted, from the next page on, and never leaves a cookie."""

from collections.abc import Callable, Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.matomo import Matomo
from tests.e2e.site import RunningSite

Open = Callable[..., Page]
ACCEPTED = "bbmri_consent=1.a1"


@pytest.fixture
def open_window(browser: Browser, counting_site: RunningSite, matomo: Matomo) -> Iterator[Open]:
    """Opens windows of new visitors of a site that counts; Matomo was asked for nothing yet."""
    contexts, complaints = [], []
    matomo.asked.clear()

    def open_window(**options: object) -> Page:
        context = browser.new_context(base_url=counting_site.url, **options)  # type: ignore[arg-type]  # options of a new context, any
        context.on("console", lambda told: complaints.append(told.text))
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert not [told for told in complaints if "Content Security Policy" in told]


def cookies(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def accept(page: Page) -> None:
    page.get_by_role("button", name="Accept analytics cookies").click()
    expect(page.locator("#cookies-accepted")).to_be_visible()


def visit(page: Page, path: str, **options: str) -> None:
    page.goto(path, **options)  # type: ignore[arg-type]  # options of `goto`, any
    page.wait_for_load_state("networkidle")


def test_nothing_is_asked_of_matomo_before_a_yes(open_window: Open, matomo: Matomo) -> None:
    page = open_window()
    for path in ["/en/", "/en/goals/", "/en/cookies/"]:
        visit(page, path)
    visit(page, "/en/")
    page.get_by_role("button", name="Reject analytics cookies").click()
    expect(page.locator("#cookies-rejected")).to_be_visible()
    visit(page, "/nl/")
    assert matomo.asked == []
    assert cookies(page) == {"bbmri_consent"}


def test_who_accepts_is_counted_from_the_next_page_on_without_a_cookie(
    open_window: Open, matomo: Matomo, counting_site: RunningSite
) -> None:
    page = open_window()
    visit(page, "/en/")
    accept(page)
    page.wait_for_load_state("networkidle")
    matomo.asked.clear()
    visit(page, "/en/search/?q=an+illness")
    assert matomo.paths() == ["/m/matomo.js", "/m/matomo.php"]
    _path, told, _cookie = matomo.asked[-1]
    assert told["idsite"] == "7"
    assert told["url"] == f"{counting_site.url}/en/search/"
    assert told["action_name"] == "/en/search/"
    assert "illness" not in str(matomo.asked)
    assert {cookie for _path, _told, cookie in matomo.asked} <= {None, ACCEPTED}
    assert cookies(page) == {"bbmri_consent"}


def test_what_is_downloaded_is_not_told(open_window: Open, matomo: Matomo) -> None:
    page = open_window(extra_http_headers={"Cookie": ACCEPTED})
    visit(page, "/en/biobanks/?q=blood")
    with page.expect_download():
        page.get_by_role("link", name="CSV", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert matomo.paths() == ["/m/matomo.js", "/m/matomo.php"]
    assert "blood" not in str(matomo.asked)


def test_of_where_a_visitor_came_from_only_another_sites_name_is_told(
    open_window: Open, matomo: Matomo, counting_site: RunningSite
) -> None:
    page = open_window(extra_http_headers={"Cookie": ACCEPTED})
    secret = f"{counting_site.url}/en/newsletter/manage/secret/"
    for referrer in ("https://elsewhere.example/secret?secret", secret):
        visit(page, "/en/goals/", referer=referrer)
        assert page.evaluate("document.referrer") == referrer
    assert "secret" not in str(matomo.asked)
    referrers = [told.get("urlref") for _path, told, _cookie in matomo.asked if told]
    assert referrers == ["https://elsewhere.example", None]


def test_without_script_nobody_is_counted(open_window: Open, matomo: Matomo) -> None:
    page = open_window(java_script_enabled=False)
    visit(page, "/en/")
    accept(page)
    visit(page, "/en/goals/")
    assert matomo.asked == []


def test_who_withdraws_is_counted_no_more_and_old_cookies_go(
    open_window: Open, matomo: Matomo, counting_site: RunningSite
) -> None:
    page = open_window()
    visit(page, "/en/")
    accept(page)
    old = {"name": "_pk_id.1.1fff", "value": "left by an earlier site", "url": counting_site.url}
    page.context.add_cookies([old])  # type: ignore[list-item]  # a plain dict of the words that it asks for
    visit(page, "/en/cookies/")
    page.get_by_role("radio", name="No").check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_text("You rejected")).to_be_visible()
    assert cookies(page) == {"bbmri_consent"}
    matomo.asked.clear()
    visit(page, "/en/goals/")
    assert matomo.asked == []


@pytest.mark.parametrize(
    ("cookie", "is_counted"),
    [
        ("", False),
        ("bbmri_consent=1.a0", False),
        (ACCEPTED, True),
        (f"{ACCEPTED}; sessionid=nobodys", True),
        (f"{ACCEPTED}; a session", False),
    ],
)
def test_the_policy_lets_matomo_in_for_who_accepted_alone(
    counting_site: RunningSite, matomo: Matomo, cookie: str, is_counted: bool
) -> None:
    cookie = cookie.replace("a session", counting_site.session_cookie())
    for path in ("/en/", "/en/goals/"):
        asked = Request(counting_site.url + path, headers={"Cookie": cookie} if cookie else {})
        with urlopen(asked, timeout=20) as answer:
            policy, html = answer.headers["Content-Security-Policy"], answer.read().decode()
        assert (matomo.origin in policy) == (matomo.origin in html) == is_counted
