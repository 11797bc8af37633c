"""compose.yaml opens nothing but the proxy, and invents no secret."""

import re

import pytest
import yaml
from django.urls import reverse

from bbmri_be.environment import BASE_DIR

COMPOSE = (BASE_DIR / "compose.yaml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]


def test_only_the_proxy_can_be_reached() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_database_is_checked_when_it_is_migrated() -> None:
    """Else nobody notices that the triggers which guard the consent ledger are gone."""
    steps = re.findall(r"manage\.py (.+?)(?: &&|$)", SERVICES["migrate"]["command"][-1])
    assert steps.index("migrate") < steps.index("check --database default")


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_HOST", "DATABASE_PASSWORD", "EMAIL_URL"])
def test_what_must_not_be_guessed_must_be_given(name: str) -> None:
    assert re.search(rf"\${{{name}:\?[^}}]+}}", COMPOSE)


def test_nothing_starts_on_an_unmigrated_database() -> None:
    for name in ("web", "worker"):
        wanted = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert wanted == "service_completed_successfully"


def test_every_setting_of_the_site_is_one_that_it_reads() -> None:
    table = (BASE_DIR / "docs" / "operations.md").read_text()
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert set(SERVICES["web"]["environment"]) <= known


def test_the_proxy_hands_out_pictures_and_no_other_upload() -> None:
    proxy = (BASE_DIR / "deploy" / "nginx.conf").read_text()
    opened = re.findall(r"(?:alias|root) (\S+);", proxy)
    assert opened == ["${TLS_FOLDER}/proof", "/etc/nginx", "${MEDIA_ROOT}/images/"]


@pytest.mark.parametrize("name", ["wagtailadmin_login", "wagtailadmin_password_reset"])
def test_the_proxy_counts_guesses_where_the_site_has_its_forms(name: str) -> None:
    proxy = (BASE_DIR / "deploy" / "nginx.conf").read_text()
    counted = re.search(r"\$guesser { ~(\S+) ", proxy)
    assert counted
    assert re.match(counted[1], f"POST{reverse(name)}")
    assert not re.match(counted[1], f"GET{reverse(name)}")
