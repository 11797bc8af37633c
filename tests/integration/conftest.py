"""A Directory beside the site."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.directory import DirectoryServer, biobank_row, collection_row, directory_server, reply


@pytest.fixture
def directory(settings: Settings) -> Iterator[DirectoryServer]:
    """A Directory with one biobank and its collection, at the address of the settings."""
    settings.DIRECTORY_SECONDS = 5
    with directory_server() as server:
        server.says(reply([biobank_row()], [collection_row()]))
        settings.DIRECTORY_URL = server.url
        yield server
