"""Wagtail's user bar and previews work, though no public page lets a script in for anybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.site import RunningSite
from tests.e2e.test_editor import edit_address

SignIn = Callable[[str], Page]


def test_the_user_bar_and_its_checks_work(signed_in: SignIn) -> None:
    page = signed_in("publisher")
    page.goto("/en/goals/")
    page.get_by_role("button", name="View Wagtail quick actions").click()
    expect(page.get_by_role("menuitem", name="Edit this page")).to_be_visible()
    checks = page.get_by_role("menuitem", name="Checks")
    expect(checks).to_be_visible()
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/bar.png")
    checks.click()
    page.wait_for_timeout(2000)
    page.screenshot(path="/tmp/checks.png")
