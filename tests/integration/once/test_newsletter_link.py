"""Every page leads to the newsletter, from its header and its footer, and to no dead end."""

import re
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from wagtail.models import Locale

from pages.models import NodePage, SiteIdentity
from tests import builders
from tests.integration.both.test_errors import raising
from visitors import errors

NAMES = {
    "en": "Newsletter",
    "nl": "Nieuwsbrief",
    "fr": "Lettre d\u2019information",
    "de": "Newsletter",
}
PATHS = {
    "": HTTPStatus.OK,
    "about-biobanks/": HTTPStatus.OK,
    "search/": HTTPStatus.OK,
    "display-settings/": HTTPStatus.OK,
    "newsletter/": HTTPStatus.OK,
    "newsletter/check-your-mail/": HTTPStatus.OK,
    "newsletter/send-my-link/": HTTPStatus.OK,
    "newsletter/confirm/x/": HTTPStatus.NOT_FOUND,
    "nowhere/": HTTPStatus.NOT_FOUND,
}
WIDE, NARROW = '<span class="wide">', '<li class="narrow">'


def marks(page: str, part: str, language: str = "en") -> list[str]:
    """The `aria-current`, "" for none, of each link to the newsletter in a part of the frame."""
    framed = re.search(rf"<{part}.*?</{part}>", page, re.DOTALL)
    assert framed
    link = rf'<a href="/{language}/newsletter/"( aria-current="(\w+)")?>{NAMES[language]}</a>'
    return [found[1] for found in re.findall(link, framed[0])]


@pytest.mark.parametrize("language", NAMES)
def test_every_page_has_it_in_header_and_footer(
    client: Client, home: NodePage, language: str
) -> None:
    page = builders.text_page(home)
    if language != "en":
        builders.translation_of(page, language)
    for path, status in PATHS.items():
        response = client.get(f"/{language}/{path}")
        assert response.status_code == status
        assert len(marks(response.text, "header", language)) == 1, path
        assert len(marks(response.text, "footer", language)) == 1, path


def test_it_needs_no_database_on_a_page_that_says_so(db: None) -> None:
    with connection.execute_wrapper(raising(OperationalError("down"))):
        page = errors.unavailable(RequestFactory().get("/en/")).text
    assert marks(page, "header") == marks(page, "footer") == [""]


def test_the_admin_has_it_not(client: Client, admin_user: User, home: NodePage) -> None:
    client.force_login(admin_user)
    assert 'href="/en/newsletter/"' not in client.get("/admin/").text


@pytest.mark.parametrize(
    ("path", "mark"),
    [("newsletter/", "page"), ("newsletter/check-your-mail/", "true"), ("search/", "")],
)
def test_it_says_where_the_reader_is_on_it(
    client: Client, home: NodePage, path: str, mark: str
) -> None:
    page = client.get(f"/en/{path}").text
    assert marks(page, "header") == marks(page, "footer") == [mark]


def set_menus(locale: Locale, **value: object) -> None:
    identity = SiteIdentity.objects.get(locale=locale)
    entry = {"label": NAMES[locale.language_code], "page": None, "url": "", "view": ""} | value
    identity.header_menu = identity.footer_menu = [{"type": "link", "value": entry}]
    identity.save()


def test_beside_a_menu_it_is_in_the_bar_of_a_wide_window_and_in_the_menu_of_a_phone(
    client: Client, home: NodePage
) -> None:
    assert NARROW not in client.get("/en/").text
    assert WIDE not in client.get("/en/").text, "without a menu the bar has room for it"
    set_menus(home.locale, label="Start", page=home.pk)
    page = client.get("/en/").text
    assert marks(page, "header") == ["", ""]
    assert page.count(WIDE) == page.count(NARROW) == 1
    assert marks(page, "footer") == [""]


@pytest.mark.parametrize(
    "value", [{"view": "newsletter:sign_up"}, {"url": "http://127.0.0.1:8000/en/newsletter/"}]
)
def test_where_an_editor_put_it_into_the_menus_it_stands_there_alone(
    client: Client, home: NodePage, value: dict[str, object]
) -> None:
    set_menus(home.locale, **value)
    page = client.get("/en/").text
    assert WIDE not in page
    assert NARROW not in page
    assert page.count("/en/newsletter/") == 2, "header and footer"


def test_while_sign_up_is_closed_it_leads_to_the_issues_and_to_a_subscribers_own_page(
    client: Client, home: NodePage
) -> None:
    archive = builders.archive(home)
    assert archive.url not in client.get("/en/newsletter/").text, "it has no issue yet"
    builders.begun(builders.issue(home))
    page = client.get("/en/newsletter/").text
    assert "Sign-up is closed at the moment" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'href="(/[^"]+)"', main) == ["/en/newsletter/send-my-link/", archive.url]
