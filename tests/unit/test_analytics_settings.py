"""Matomo is configured whole or not at all."""

import os
import subprocess
import sys

import pytest
from environs import ValidationError

from bbmri_be.environment import BASE_DIR, folder_address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", ""),
        ("https://statistics.example.org", "https://statistics.example.org/"),
        ("https://example.org:8443/matomo/", "https://example.org:8443/matomo/"),
    ],
)
def test_an_address_of_a_folder_ends_with_a_slash(given: str, address: str) -> None:
    assert folder_address(given) == address


@pytest.mark.parametrize(
    "given",
    ["example.org", "ftp://example.org/", "https://a.example/?x", "https://a;b.example/", "//x"],
)
def test_another_address_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        folder_address(given)


def test_an_address_without_the_number_of_the_site_stops_the_start() -> None:
    environment = os.environ | {"MATOMO_URL": "https://statistics.example.org/"}
    started = subprocess.run(
        [sys.executable, "-c", "from bbmri_be.environment import load_settings; load_settings()"],
        cwd=BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "bbmri_be.settings"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert started.stderr == "MATOMO_URL and MATOMO_SITE_ID: give both, or neither.\n"
