"""A Directory and a mail server beside the site, and requests that reach it as a server's do."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from pytest_django.fixtures import Settings

from tests.directory import DirectoryServer, biobank_row, collection_row, directory_server, reply
from tests.mail_server import MailServer, mail_server


@pytest.fixture
def directory(settings: Settings) -> Iterator[DirectoryServer]:
    """A Directory with one biobank and its collection, at the address of the settings."""
    settings.DIRECTORY_SECONDS = 5
    with directory_server() as server:
        server.says(reply([biobank_row()], [collection_row()]))
        settings.DIRECTORY_URL = server.url
        yield server


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A test's transaction goes with its connection: no request closes that."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """Where mails go over real SMTP."""
    with mail_server() as server:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        yield server
