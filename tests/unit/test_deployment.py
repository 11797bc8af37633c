"""compose.yaml opens nothing but the proxy, and invents no secret."""

import re

import pytest
import yaml
from django.urls import reverse

from bbmri_be.environment import BASE_DIR

COMPOSE = (BASE_DIR / "compose.yaml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
OPERATIONS = (BASE_DIR / "docs" / "operations.md").read_text()
DOCUMENTED = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
OF_THE_SITE = ["web", "worker", "migrate"]


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
    assert set(SERVICES["web"]["environment"]) <= DOCUMENTED


def fixed_by_compose() -> set[str]:
    """As the document says. The names stand on the line of the sentence."""
    said = re.search(r"^Compose itself sets (.+), whatever the file says", OPERATIONS, re.MULTILINE)
    assert said
    return set(re.findall(r"`([A-Z_]+)`", said[1]))


@pytest.mark.parametrize("service", OF_THE_SITE)
def test_every_documented_setting_reaches_the_site(service: str) -> None:
    """From the file `.env`, whose values give way to what the service's own list says."""
    asked = SERVICES[service]
    assert asked["env_file"] == ".env"
    own = {name: str(value) for name, value in asked["environment"].items()}
    passed_on = {name for name, value in own.items() if value.startswith(f"${{{name}:")}
    assert DOCUMENTED - set(own) | passed_on == DOCUMENTED - fixed_by_compose()


def test_nobody_else_is_given_the_sites_secrets() -> None:
    others = [service for name, service in SERVICES.items() if name not in OF_THE_SITE]
    assert not any("env_file" in service for service in others)
    assert "SECRET_KEY" not in str(others)


@pytest.mark.parametrize("file", [".dockerignore", ".gitignore"])
def test_the_file_of_secrets_stays_where_it_is(file: str) -> None:
    assert re.search(r"^/?\.env\*?$", (BASE_DIR / file).read_text(), re.MULTILINE)


def test_each_line_of_the_sample_is_read_alike_by_compose_systemd_and_a_shell() -> None:
    sample = OPERATIONS.partition("a file `.env`")[2].split("```")[1]
    assert all(re.fullmatch(r"[A-Z_]+='[^']*'", line) for line in sample.split("\n")[1:-1])


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
