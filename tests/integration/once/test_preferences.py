"""Text size and theme: kept in one cookie, seen in the page's first byte."""

from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from pages.models import NodePage

HERE = {"Sec-Fetch-Site": "same-origin"}


def choose(client: Client, **form: str) -> str:
    """The cookie's value after a form is sent; "" where it is gone."""
    response = client.post("/preferences/", form, headers=HERE)
    assert response.status_code == HTTPStatus.SEE_OTHER
    return response.cookies["bbmri_ui"].value


def test_a_choice_is_kept_and_shown(client: Client, home: NodePage) -> None:
    assert choose(client, text="150") == "t150.auto"
    assert choose(client, theme="hc") == "t150.hc"
    shown = client.get("/en/").text
    assert '<html lang="en" data-text="150" data-theme="hc">' in shown
    assert 'value="150"\n' in shown
    assert shown.count('aria-pressed="true"') == 2
    assert client.get("/en/nowhere/").text.count('data-theme="hc"') == 1


def test_a_new_visitor_sees_the_default_without_a_cookie(client: Client, home: NodePage) -> None:
    response = client.get("/en/")
    assert '<html lang="en">' in response.text
    assert response.text.count('aria-pressed="true"') == 2
    assert "csrf" not in response.text
    assert not response.cookies


def test_the_cookie_lives_a_year_on_this_host_alone(client: Client, home: NodePage) -> None:
    client.post("/preferences/", {"theme": "dark"}, headers=HERE)
    cookie = client.cookies["bbmri_ui"]
    assert cookie["max-age"] == 365 * 86400
    assert (cookie["path"], cookie["samesite"], cookie["domain"]) == ("/", "Lax", "")
    assert not cookie["httponly"]
    assert not cookie["secure"]


def test_the_cookie_is_secure_where_the_site_is(
    client: Client, home: NodePage, settings: Settings
) -> None:
    settings.IS_HTTPS = True
    client.post("/preferences/", {"theme": "dark"}, headers=HERE)
    assert client.cookies["bbmri_ui"]["secure"]


@pytest.mark.parametrize("form", [{"reset": "1"}, {"text": "100", "theme": "auto"}])
def test_back_to_the_default_the_cookie_is_deleted(
    client: Client, home: NodePage, form: dict[str, str]
) -> None:
    choose(client, text="200", theme="dark")
    assert choose(client, **form) == ""
    assert client.cookies["bbmri_ui"]["max-age"] == 0


@pytest.mark.parametrize("form", [{"text": "300"}, {"theme": "<b>"}, {}, {"text": ""}])
def test_what_is_unknown_changes_nothing(
    client: Client, home: NodePage, form: dict[str, str]
) -> None:
    choose(client, text="125", theme="light")
    assert choose(client, **form) == "t125.light"


@pytest.mark.parametrize("cookie", ["t150", '"><script>', "t150.hc.hc", "é", "x" * 3000])
def test_a_hostile_cookie_is_no_choice_and_never_shown(
    client: Client, home: NodePage, cookie: str
) -> None:
    client.cookies["bbmri_ui"] = client.cookies["bbmri_consent"] = cookie
    response = client.get("/en/")
    assert response.status_code == HTTPStatus.OK
    assert '<html lang="en">' in response.text
    assert cookie not in response.text
    assert choose(client, text="150") == "t150.auto"


def test_a_script_gets_the_cookie_and_nothing_to_show(client: Client, home: NodePage) -> None:
    headers = HERE | {"Accept": "application/json"}
    response = client.post("/preferences/", {"text": "150"}, headers=headers)
    assert response.status_code == HTTPStatus.NO_CONTENT
    assert response.cookies["bbmri_ui"].value == "t150.auto"
    assert response.content == b""


def test_the_settings_page_offers_every_size_and_theme(client: Client, home: NodePage) -> None:
    choose(client, text="125", theme="hcl")
    shown = client.get("/en/display-settings/").text
    shown = " ".join(shown.split())
    assert shown.count('type="radio" name="text"') == 4
    assert shown.count('type="radio" name="theme"') == 5
    assert 'name="text" value="125" checked' in shown
    assert 'name="theme" value="hcl" checked' in shown
    assert 'name="reset"' in shown
