"""A mail provider is offered where it can do all that an issue needs, and no other is."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from anymail import backends
from django.core.mail import get_connection
from environs import ValidationError
from pytest_django.fixtures import Settings

from bbmri_be.environment import AMAZON, PROVIDERS, provider
from newsletter.sending.checks import lacking, provider_can_send_issues

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
KEYS = ("API_KEY", "SECRET_KEY", "SERVER_TOKEN", "API_TOKEN", "PROJECT_ID", "WEBHOOK_KEY")
SIGNED = {"MAILERSEND_SIGNING_SECRET": "k"}  # which it asks for, and none that is offered does
NOT_OF_A_PROVIDER = {"__init__", "base", "base_requests", "console", "test"}
FOLDER = Path(backends.__file__).parent
OF_ANYMAIL = {path.stem for path in FOLDER.glob("*.py")} - NOT_OF_A_PROVIDER
FORMER = {"sendgrid", "sendinblue"}  # that Anymail no longer supports


def use(settings: Settings, name: str) -> Any:  # noqa: ANN401  each has its own
    settings.MAIL_PROVIDER, settings.MAIL_TRANSPORT = name, f"anymail.backends.{name}.EmailBackend"
    settings.MAIL_REPLY_TO = "office@bbmri.example"  # a header of its own
    address = {f"{name.upper()}_API_URL": "https://provider.example/"}
    settings.ANYMAIL = {f"{name.upper()}_{key}": "k" for key in KEYS} | SIGNED | address
    return get_connection(settings.MAIL_TRANSPORT)


def has_its_library(name: str) -> bool:
    return name != AMAZON or bool(find_spec("boto3"))


@pytest.mark.parametrize("name", sorted(OF_ANYMAIL - FORMER))
def test_what_is_offered_is_what_can_send_an_issue_and_report_on_it(
    settings: Settings, name: str
) -> None:
    is_able = has_its_library(name) and not lacking(name, use(settings, name))
    assert is_able == (name in PROVIDERS)


@pytest.mark.parametrize(
    ("name", "lacks"), [("mailersend", "metadata"), ("postal", "metadata"), ("scaleway", "bounces")]
)
def test_the_start_says_what_another_lacks(settings: Settings, name: str, lacks: str) -> None:
    use(settings, name)
    (fault,) = provider_can_send_issues(None)
    assert fault.id == "newsletter.E002"
    assert lacks in fault.msg


def test_the_start_says_that_reports_are_not_heard(settings: Settings) -> None:
    use(settings, "postmark")
    assert [fault.id for fault in provider_can_send_issues(None)] == ["newsletter.W001"]
    settings.ANYMAIL |= {"WEBHOOK_SECRET": "a:b"}
    assert not list(provider_can_send_issues(None))
    settings.MAIL_PROVIDER = ""
    assert not list(provider_can_send_issues(None))


def test_a_header_that_is_not_passed_on_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = use(settings, "postmark")
    ignore = "anymail.backends.postmark.PostmarkPayload.set_extra_headers"
    monkeypatch.setattr(ignore, lambda payload, headers: None)
    assert "List-Unsubscribe-Post" in lacking("postmark", backend)


def test_a_name_that_is_not_offered_is_refused_with_the_mend() -> None:
    with pytest.raises(ValidationError, match="give one of brevo"):
        provider("mailersend")
    if not has_its_library(AMAZON):
        with pytest.raises(ValidationError, match="install boto3"):
            provider(AMAZON)


def test_the_operators_table_has_each_that_is_offered() -> None:
    table = OPERATIONS.read_text(encoding="utf-8").split("## Mail providers")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == PROVIDERS | {AMAZON}
