"""What whoever watches the site is told."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from bbmri_be import health
from tests.parts import free_port


def test_a_live_process_says_so_without_a_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"live\n")


@pytest.mark.django_db
def test_a_migrated_site_is_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["pages", "wagtailcore"])
def test_a_site_whose_last_migration_is_missing_is_not_ready(client: Client, app: str) -> None:
    last = dict(health.wanted_migrations())[app]
    MigrationRecorder.Migration.objects.filter(app=app, name=last).delete()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"migrations\n")


@pytest.fixture
def unreachable_database(db: None) -> Iterator[None]:
    """Nothing listens where the database is said to be; an SQLite file's folder is missing."""
    at_hand, away = connections["default"], connections.create_connection("default")
    nowhere = {"NAME": "/nowhere/site", "HOST": "127.0.0.1", "PORT": free_port()}
    away.settings_dict = away.settings_dict | nowhere
    connections["default"] = away
    yield
    connections["default"] = at_hand


@pytest.mark.usefixtures("unreachable_database")
def test_a_site_without_its_database_is_live_but_not_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"database\n")
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_asking_again_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/health/ready")
    with django_assert_num_queries(1):
        client.get("/health/ready")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_an_answer_is_plain_kept_nowhere_and_sets_no_cookie(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "nl"})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_probe_is_not_sent_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live").status_code == 200
