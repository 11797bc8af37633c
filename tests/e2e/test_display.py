"""Every visitor at their own size, contrast and choice: script on, off and blocked."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import parts
from tests.e2e.conftest import SWITCHES, Visitor
from tests.e2e.site import RunningSite

SCRIPTS = ["on", "off", "blocked"]


@pytest.fixture(params=SCRIPTS)
def page(request: pytest.FixtureRequest, visitor: Visitor) -> Page:
    """A new visitor's window."""
    return window(visitor, request.param)


def window(visitor: Visitor, script: str, width: int = 1280) -> Page:
    page = visitor(width=width, java_script_enabled=script != "off")
    if script == "blocked":
        page.route("**/*.js", lambda route: route.abort())
    return page


def cookies(page: Page) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def root(page: Page) -> tuple[str | None, str | None]:
    element = page.locator("html")
    return element.get_attribute("data-text"), element.get_attribute("data-theme")


def test_larger_text_and_contrast_are_one_press_away(page: Page) -> None:
    page.goto("/en/goals/")
    larger = page.get_by_role("button", name="larger text")
    larger.click()
    expect(larger).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="high contrast").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "hc")
    assert root(page) == ("150", "hc")
    assert cookies(page) == {"bbmri_ui": "t150.hc"}
    assert page.url.partition("#")[0].endswith("/en/goals/")
    expect(page.get_by_role("button", name="normal text")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_step_back_shows_what_was_chosen_since(page: Page) -> None:
    page.goto("/en/")
    page.goto("/en/goals/")
    page.get_by_role("button", name="high contrast").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "hc")
    page.get_by_role("button", name="Reject analytics cookies").click()
    expect(page.locator("#cookies-rejected")).to_be_visible()
    while "/goals/" in page.url:
        page.go_back()
    expect(page.locator("html")).to_have_attribute("data-theme", "hc")
    expect(page.get_by_role("button", name="high contrast")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("#cookie-banner")).to_have_count(0)
    page.go_forward()
    expect(page.locator("html")).to_have_attribute("data-theme", "hc")


def test_a_page_kept_alive_in_the_history_shows_what_was_chosen_since(
    browser: Browser, site: RunningSite
) -> None:
    """Playwright turns that keeping off, and hears of no load where a page is only shown again."""
    kept = ["--disable-back-forward-cache"]
    program = parts.whole_browser()
    launch = browser.browser_type.launch
    with launch(executable_path=program, args=SWITCHES, ignore_default_args=kept) as own:
        page = own.new_page(base_url=site.url)
        page.add_init_script("addEventListener('pageshow', e => window.isKept = e.persisted)")

        def step_back() -> None:
            page.evaluate("history.back()")
            page.wait_for_url("**/en/", wait_until="commit")

        page.goto("/en/")
        page.goto("/en/goals/")
        page.get_by_role("button", name="high contrast").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "hc")
        step_back()
        expect(page.locator("html")).to_have_attribute("data-theme", "hc")
        assert page.evaluate("window.isKept")
        page.goto("/en/goals/")
        page.evaluate("document.cookie = 'bbmri_ui=t999.pink; path=/'")
        step_back()
        expect(page.get_by_role("button", name="normal contrast")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert root(page) == (None, None)
        assert page.evaluate("window.isKept")
        page.goto("/en/goals/")
        page.get_by_role("button", name="Reject analytics cookies").click()
        expect(page.locator("#cookies-rejected")).to_be_visible()
        step_back()
        expect(page.locator("#cookie-banner")).to_have_count(0)


def test_two_quick_presses_are_both_kept(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/")
    page.evaluate(
        "() => document.querySelectorAll('[name=text][value=\"150\"], [name=theme][value=hc]')"
        ".forEach(button => button.click())"
    )
    expect(page.get_by_role("status")).to_have_text("Contrast: high contrast")
    assert root(page) == ("150", "hc")
    assert cookies(page) == {"bbmri_ui": "t150.hc"}


@pytest.mark.parametrize(("button", "value"), [("Accept", "1.a1"), ("Reject", "1.a0")])
def test_an_answer_ends_the_question_on_every_page(page: Page, button: str, value: str) -> None:
    page.goto("/en/people/")
    page.get_by_role("button", name=f"{button} analytics cookies").click()
    told = page.get_by_text(f"You {button.lower()}ed analytics cookies.")
    expect(told).to_be_visible()
    expect(page.locator("#cookie-banner")).to_have_count(0)
    assert cookies(page) == {"bbmri_consent": value}
    page.goto("/nl/")
    expect(page.locator("#cookie-banner")).to_have_count(0)


def test_the_answer_can_be_changed_on_the_cookie_page(page: Page) -> None:
    page.goto("/en/cookies/")
    expect(page.locator("#cookie-banner")).to_have_count(0)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_text("You accepted")).to_be_visible()
    assert cookies(page) == {"bbmri_consent": "1.a1"}
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()


def test_every_size_and_theme_and_the_way_back(page: Page) -> None:
    page.goto("/fr/display-settings/")
    page.get_by_role("radio", name="200").check()
    page.get_by_role("radio", name="blanc").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("affichage sont enregistrés")).to_be_visible()
    assert root(page) == ("200", "hcl")
    page.get_by_role("button", name="par défaut").click()
    expect(page.get_by_role("radio", name="100")).to_be_checked()
    assert root(page) == (None, None)
    assert cookies(page) == {}


@pytest.mark.parametrize("script", SCRIPTS)
def test_on_a_phone_both_controls_are_in_sight_and_the_menu_has_the_languages(
    visitor: Visitor, script: str
) -> None:
    page = window(visitor, script, width=360)
    page.goto("/en/")
    expect(page.get_by_role("button", name="high contrast")).to_be_in_viewport()
    page.get_by_role("button", name="larger text").click()
    expect(page.locator("html")).to_have_attribute("data-text", "150")
    expect(page.get_by_role("link", name="Deutsch")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("link", name="Deutsch")).to_be_visible()


def test_the_script_says_what_it_did_and_keeps_the_focus(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/")
    page.evaluate("() => window.isSamePage = true")
    larger = page.get_by_role("button", name="larger text")
    larger.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Fonts: larger text")
    expect(larger).to_be_focused()
    page.get_by_role("button", name="Accept analytics cookies").click()
    expect(page.locator("#cookies-accepted")).to_be_focused()
    assert page.evaluate("() => window.isSamePage")


def test_where_the_script_cannot_reach_the_site_the_form_is_sent(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/")

    def refuse_scripts(route: Route) -> None:
        if route.request.resource_type == "fetch":
            route.abort()
        else:
            route.continue_()

    page.route("**/preferences/", refuse_scripts)
    page.get_by_role("button", name="larger text").click()
    expect(page).to_have_url("/en/#display")
    expect(page.get_by_text("Your display settings are saved.")).to_be_visible()
    assert root(page) == ("150", None)
