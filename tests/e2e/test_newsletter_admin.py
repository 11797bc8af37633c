"""A newsletter manager at the desk, with and without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.looks import complaints_at_desk
from tests.e2e.site import RunningSite
from tests.ready_made import PASSWORD

SEED = f"""
from django.contrib.auth.models import Group, User
from tests import builders
if not User.objects.filter(username="manager").exists():
    manager = User.objects.create_user("manager", password="{PASSWORD}")
    manager.groups.add(Group.objects.get(name="Newsletter managers"))
for name in ("desk.ada", "desk.bo", "desk.cy"):
    builders.subscriber(f"{{name}}@example.org")
"""
SCREENS = (
    "subscribers/",
    "subscribers/export/",
    "subscribers/import/",
    "sign-ups/",
    "consent-texts/",
    "consent-texts/1/",
    "consent-texts/publish/",
    "consent-texts/ask-anew/",
    "topics/",
    "topics/new/",
    "suppressions/",
    "suppressions/enter/",
    "deliveries/",
    "mailings/figures/",
)
WORKBOOK = FilePayload(name="people.xlsx", mimeType="text/csv", buffer=b"PK\x03\x04")
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def staffed(site: RunningSite) -> RunningSite:
    site.shell(SEED)
    return site


@pytest.fixture
def at_desk(visitor: Visitor, staffed: RunningSite) -> Enter:
    """Opens a window in which the newsletter's manager has signed in."""

    def enter(**options: object) -> Page:
        page = visitor(**options)
        page.goto("/admin/")
        page.get_by_label("Username").fill("manager")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "login" not in url)
        page.goto("/admin/newsletter/subscribers/")
        return page

    return enter


def find(page: Page, address: str) -> None:
    page.goto("/admin/newsletter/subscribers/")
    page.get_by_label("Address, or a part of it").fill(address)
    page.get_by_role("button", name="Find").click()


def people(*addresses: str) -> FilePayload:
    rows = [f"{address};en;newsletter;Paper form;2024-05-31" for address in addresses]
    text = "\r\n".join(["address;language;topics;evidence;asked_at", *rows])
    return FilePayload(name="people.csv", mimeType="text/csv", buffer=text.encode())


@pytest.mark.parametrize("has_script", [True, False])
def test_a_person_is_found_and_erased_on_request(at_desk: Enter, has_script: bool) -> None:
    address = "desk.ada@example.org" if has_script else "desk.bo@example.org"
    page = at_desk(java_script_enabled=has_script)
    find(page, address)
    assert "@" not in page.url
    expect(page.get_by_text("not ticked beforehand, ticked by the person")).to_be_visible()
    page.get_by_role("link", name="Erase on the person's request").click()
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_text("is erased.")).to_be_visible()
    find(page, address)
    expect(page.get_by_text("No subscriber has such an address.")).to_be_visible()
    expect(page.get_by_text("Never to be written to: erased on request.")).to_be_visible()


def test_a_list_is_checked_and_then_imported(at_desk: Enter) -> None:
    page, file = at_desk(java_script_enabled=False), people("desk.new@example.org", "nobody")
    page.goto("/admin/newsletter/subscribers/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Line 3: This is not an e-mail address")).to_be_visible()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("1 person will be asked to confirm.")).to_be_visible()


@pytest.mark.parametrize(("width", "has_script"), [(360, False), (1280, True)])
def test_a_list_of_another_program_is_brought_in_with_the_keyboard_alone(
    at_desk: Enter, width: int, has_script: bool, shots: Path | None
) -> None:
    page = at_desk(java_script_enabled=has_script, width=width, height=2600)
    look = look_with_axe if has_script else look_alone
    file = of_mailchimp(f"desk.{width}")
    page.goto("/admin/newsletter/subscribers/import/")
    page.locator("input[type=file]").set_input_files(WORKBOOK)
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is a workbook or an archive")
    look(page, shots, f"import-refused-{width}")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.get_by_label("Or the language of everybody")).to_be_visible()
    look(page, shots, f"import-columns-{width}")
    page.get_by_label("Or the language of everybody").focus()
    page.keyboard.type("Dutch")
    page.get_by_role("checkbox", name="Newsletter").press("Space")
    page.get_by_label("Or how everybody gave it").press_sequentially("Form of the congress")
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.get_by_text("Its dates can be read in two ways: choose one.")).to_be_visible()
    look(page, shots, f"import-order-{width}")
    page.get_by_label("Day, month, year").press("Space")
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.get_by_text("Left there, by what the file says: is not asked")).to_be_visible()
    look(page, shots, f"import-report-{width}")
    page.get_by_role("button", name="Import").press("Enter")
    expect(page.get_by_text("1 person will be asked to confirm.")).to_be_visible()


def of_mailchimp(name: str) -> FilePayload:
    head = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,UNSUB_TIME,TAGS"
    row = f'{name}@example.org,Ada,2,,03/05/2024 10:12,123456,,"""Gent"",""Congress"""'
    gone = f"{name}.gone@example.org,Bo,2,,04/05/2024 10:12,123457,2025-01-02 10:00:00,"
    return FilePayload(
        name="members.csv", mimeType="text/csv", buffer="\n".join([head, row, gone]).encode()
    )


def look_alone(page: Page, shots: Path | None, name: str) -> None:
    assert page.evaluate(SIDEWAYS) == 0, name
    if shots:
        page.screenshot(path=shots / f"{name}.png")


def look_with_axe(page: Page, shots: Path | None, name: str) -> None:
    """Which runs where scripts do."""
    look_alone(page, shots, name)
    assert not complaints_at_desk(page), name


def test_subscribers_are_downloaded(at_desk: Enter) -> None:
    page = at_desk()
    page.get_by_role("link", name="Export").click()
    page.get_by_label("CSV for Excel").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert '"desk.cy@example.org"' in Path(download.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_no_screen_scrolls_sideways(
    at_desk: Enter, width: int, shots: Path | None
) -> None:
    page = at_desk(width=width)
    for screen in SCREENS:
        page.goto(f"/admin/newsletter/{screen}")
        expect(page.get_by_role("main")).to_be_visible()
        assert not complaints_at_desk(page), screen
        if shots:
            page.screenshot(path=shots / f"desk-{screen.strip('/').replace('/', '-')}-{width}.png")
