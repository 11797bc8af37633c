"""The error pages, which work when little else does."""

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import (
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
)
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page

from newsletter.tokens import Purpose
from pages.models import NodePage, SiteIdentity
from tests import builders
from visitors import errors
from visitors.cache import generation


def raising(error: Exception) -> Callable[..., None]:
    def view(*_args: object, **_kwargs: object) -> None:
        raise error

    return view


def told_by(driver: psycopg.Error) -> InternalError:
    error = InternalError("of PostgreSQL")
    error.__cause__ = driver
    return error


@pytest.fixture
def quiet(home: NodePage) -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SuspiciousOperation(), 400),
        (PermissionDenied(), 403),
        (RuntimeError(), 500),
        (OperationalError("database is locked"), 503),
        (InterfaceError("connection already closed"), 503),
        (told_by(psycopg.errors.ReadOnlySqlTransaction()), 503),
        (told_by(psycopg.errors.InternalError_()), 500),
    ],
)
def test_an_error_has_a_page_in_style(
    quiet: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setattr(NodePage, "serve", raising(error))
    response = quiet.get("/en/")
    assert response.status_code == status
    assert b"site.css" in response.content
    assert b"<h1" in response.content
    assert ("Retry-After" in response.headers) == (status == HTTPStatus.SERVICE_UNAVAILABLE)


@pytest.mark.parametrize("error", [IntegrityError(), ValidationError("The address is taken.")])
def test_who_saves_at_the_same_moment_as_another_is_told_so(
    quiet: Client, admin_user: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(Page, "add_child", raising(error))
    quiet.force_login(admin_user)
    node = NodePage.objects.get()
    typed = {"title": "New", "slug": "new", "body-count": "0"}
    typed |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", node.pk])
    response = quiet.post(address, typed)
    assert response.status_code == HTTPStatus.CONFLICT
    assert b"what you typed is there" in response.content


def test_a_page_that_is_not_there_says_so_and_offers_a_way_on(quiet: Client) -> None:
    response = quiet.get("/en/nowhere/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert b'action="/en/search/"' in response.content


def test_what_is_not_there_is_told_within_the_frame_of_the_site(quiet: Client) -> None:
    node = NodePage.objects.get()
    builders.translation_of(builders.text_page(node), "nl")
    identity = SiteIdentity.objects.get(locale=node.locale)
    entry = {"label": "About", "page": node.get_children().last().pk, "url": "", "view": ""}
    identity.header_menu = [{"type": "link", "value": entry}]
    identity.save()
    response = quiet.get("/en/nowhere/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    for part in ('id="site-menu"', 'href="/nl/nowhere/"', 'action="/preferences/"', "noindex"):
        assert part in response.text
    assert not response.cookies


def test_an_error_is_told_in_each_language_and_leads_on_in_all(quiet: Client) -> None:
    for path in ("/nl/", "/health/"):
        page = errors.unavailable(RequestFactory().get(path)).text
        assert all(f'<a href="/{code}/"' in page for code, _name in settings.LANGUAGES)


def test_error_pages_need_no_database(
    django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    request = RequestFactory().get("/en/")
    with (
        django_assert_num_queries(0),
        connection.execute_wrapper(raising(OperationalError("down"))),
    ):
        answers = [
            errors.bad_request(request, Exception()),
            errors.permission_denied(request, Exception()),
            errors.csrf_failure(request),
            errors.page_not_found(request, Exception()),
            errors.server_error(request),
            errors.unavailable(request),
        ]
    assert [answer.status_code for answer in answers] == [400, 403, 403, 404, 500, 503]
    assert not any(answer.cookies for answer in answers)


def test_a_database_that_is_down_is_a_503_for_a_visitor(quiet: Client) -> None:
    with connection.execute_wrapper(
        raising(OperationalError("the database system is shutting down"))
    ):
        response = quiet.get("/en/")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.fixture
def faults(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What Django's log of faults says."""
    logger = logging.getLogger("django.request")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/en/newsletter/manage/a-secret/", "/en/..."),
        ("/nl/newsletter/unsubscribe/a-secret/", "/nl/..."),
        ("/en/newslettr/unsubscribe/a-secret/", "/en/..."),
        ("//a-secret/", "//..."),
        ("*", "//..."),
        ("/en\n/a-secret/", "/en%0A/..."),
    ],
)
def test_a_fault_before_the_page_is_known_tells_no_private_link(
    quiet: Client, faults: pytest.LogCaptureFixture, path: str, told: str
) -> None:
    generation.forget()
    with connection.execute_wrapper(raising(OperationalError("down"))):
        assert quiet.get("/", PATH_INFO=path).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "a-secret" not in faults.text
    assert f"Fault at {told}" in faults.text


def test_a_fault_at_a_private_link_tells_its_pattern(
    quiet: Client, faults: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Purpose, "read", raising(RuntimeError("broken")))
    address = "/en/newsletter/manage/a-secret/"
    assert quiet.get(address).status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "a-secret" not in faults.text
    assert "Fault at en/newsletter/manage/<path:token>/" in faults.text


def test_a_fault_at_a_page_tells_its_address(
    quiet: Client, faults: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NodePage, "serve", raising(RuntimeError("broken")))
    quiet.get("/en/")
    assert "Internal Server Error: /en/" in faults.text
