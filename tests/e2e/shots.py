"""`make shots`: the pictures of README.md and docs/, made anew of a site with its first content."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import tests.settings  # noqa: F401  sets what a site's settings must have
from tests import parts
from tests.e2e.conftest import SWITCHES
from tests.e2e.site import RunningSite, running_site
from tests.ready_made import PASSWORD

FOLDER = parts.PROJECT / "docs" / "img"
DESK, PHONE, MARGIN, HEIGHT = 960, 360, 24, 1080
FARTHER = 4 / 3  # the desk's screen is shown from as much farther away
FRAME = "#d6dcea"
FURNISH = "from tests.e2e.mailed import furnish; print(*furnish())"


def main() -> None:
    with TemporaryDirectory() as folder, running_site(Path(folder)) as site, _browser() as browser:
        shoot_all(browser, site)


def shoot_all(browser: Browser, site: RunningSite) -> None:
    _home(browser, site)
    issue, prepared, begun = site.shell(FURNISH).split()
    desk = _desk(browser, site)
    for address, name in (
        (f"issue/{issue}/", "issue-desk.png"),
        (f"mailing/{prepared}/send/", "send.png"),
        (f"mailing/{begun}/", "mailing.png"),
    ):
        _screen(desk, f"newsletter/{address}")
        _shoot(desk, name)
    _editor(desk, issue)


def _home(browser: Browser, site: RunningSite) -> None:
    """The home on a desk and the display settings on a phone, side by side."""
    wide = _window(browser, site, int(DESK * FARTHER), int(HEIGHT * FARTHER))
    wide.goto("/en/")
    narrow = _window(browser, site, PHONE, HEIGHT)
    narrow.goto("/nl/display-settings/")
    whole = Image.new("RGB", (DESK + PHONE + 3 * MARGIN, HEIGHT + 2 * MARGIN), FRAME)
    for page, width, left in ((wide, DESK, MARGIN), (narrow, PHONE, DESK + 2 * MARGIN)):
        shot = Image.open(BytesIO(page.screenshot())).resize(
            (width, HEIGHT), Image.Resampling.LANCZOS
        )
        whole.paste(shot, (left, MARGIN))
    _keep(whole, "home.png")


def _desk(browser: Browser, site: RunningSite) -> Page:
    page = _window(browser, site, 1280, 900)
    page.set_default_timeout(120_000)  # milliseconds: a busy machine draws its previews late
    page.goto("/admin/")
    page.get_by_label("Username").fill("sender")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def _editor(desk: Page, issue: str) -> None:
    desk.set_viewport_size({"width": 1280, "height": 1000})
    _screen(desk, f"pages/{issue}/edit/")
    desk.get_by_role("button", name="Toggle preview").click()
    mail = desk.frame_locator("iframe[title=Preview]").last
    mail.get_by_text("Two freezers went to Ghent").wait_for()
    desk.wait_for_load_state("networkidle")  # a choice before that is lost
    desk.get_by_label("Preview mode").select_option(label="Mail")
    mail.get_by_role("button", name="Menu").wait_for(state="detached")  # the page gives way
    _shoot(desk, "issue-preview.png")


def _screen(desk: Page, address: str) -> None:
    answer = desk.goto(f"/admin/{address}")
    assert answer is not None
    assert answer.ok, address


def _shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    _keep(Image.open(BytesIO(page.screenshot(animations="disabled"))), name)


def _keep(picture: Image.Image, name: str) -> None:
    """Of few colours, which a screen's picture has anyway: a quarter of the size."""
    picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(
        FOLDER / name, optimize=True
    )
    print(f"docs/img/{name}")  # noqa: T201  a command says what it made


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=parts.browser(), args=SWITCHES)
        yield browser
        browser.close()


def _window(browser: Browser, site: RunningSite, width: int, height: int) -> Page:
    return browser.new_page(base_url=site.url, viewport={"width": width, "height": height})


if __name__ == "__main__":
    main()
