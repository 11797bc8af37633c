"""A real browser, and a site of the tests' own that it visits."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import Request as BrowserRequest

from tests import parts
from tests.e2e.matomo import Matomo, running_matomo
from tests.e2e.site import ONE_PROCESS, RunningSite, running_site
from tests.ready_made import PASSWORD

SWITCHES = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",  # there is none: to do without its process is quicker
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def matomo() -> Iterator[Matomo]:
    with running_matomo() as matomo:
        yield matomo


@pytest.fixture(scope="session")
def counting_site(
    matomo: Matomo, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    """A site whose visitors, where they accept, are counted."""
    told = {"MATOMO_URL": matomo.url, "MATOMO_SITE_ID": "7", **ONE_PROCESS}
    with running_site(tmp_path_factory.mktemp("counting"), **told) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = parts.browser()
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


class Watch:
    """Notes what no page may do: ask another host, break the content policy, fail in a script."""

    def __init__(self, site: RunningSite) -> None:
        self.site = site
        self.complaints: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("console", self._on_message)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))

    def _on_request(self, request: BrowserRequest) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")

    def _on_message(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(f"content policy: {message.text}")


@pytest.fixture
def visitor(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    """Opens windows of new visitors: `visitor(width=320, java_script_enabled=False)`."""
    watch, contexts = Watch(site), []

    def open_window(width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": height}, **options
        )
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert not watch.complaints, watch.complaints


@pytest.fixture
def signed_in(visitor: Visitor) -> Callable[[str], Page]:
    """Opens a window in which an account has signed in to the admin."""

    def sign_in(name: str) -> Page:
        page = visitor()
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "login" not in url)
        return page

    return sign_in


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """The folder for pictures of what was seen, where SHOTS names one."""
    folder = os.environ.get("SHOTS")
    return Path(folder) if folder else None
