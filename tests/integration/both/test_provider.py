"""Sending through a mail provider's HTTP interface: what each of its answers does to a row."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from anymail.exceptions import AnymailAPIError, AnymailUnsupportedFeature
from pytest_django.fixtures import Settings

from newsletter.mailings import transitions
from newsletter.models import Delivery, DeliveryState, Mailing
from pages.models import NodePage
from tests import builders
from tests.integration.sending import send_all
from tests.provider import DROP, Provider, provider
from worker.checks import mail_can_be_handed_over
from worker.verdicts import VerdictKind, verdict_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def postmark(settings: Settings, tmp_path: Path) -> Iterator[Provider]:
    settings.SENDING_MARK = tmp_path / "sending.json"
    with provider() as up:
        up.serve(settings)
        yield up


def begun(home: NodePage, count: int = 1) -> Mailing:
    builders.crowd(count)
    made = builders.mailing(builders.issue(home), rate_per_minute=10**6)
    made.topics.add(builders.topic())
    transitions.begin(made)
    return made


def sent(made: Mailing) -> Delivery:
    """The first row, once all that is due was sent."""
    send_all()
    made.refresh_from_db()
    return made.deliveries.order_by("pk")[0]


def test_an_issue_goes_out_and_the_provider_learns_no_more_than_the_row(
    home: NodePage, postmark: Provider
) -> None:
    row = sent(begun(home))
    assert (row.state, row.provider_id) == (DeliveryState.ACCEPTED, "id-1")
    mail = postmark.mails[0]
    assert mail["To"] == "reader0.en@example.org"
    assert mail["Metadata"] == {"d": row.uuid.hex}
    headers = {header["Name"]: header["Value"] for header in mail["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Message-ID"] == row.message_id
    assert "{{" not in mail["HtmlBody"] + mail["TextBody"]
    assert "Tag" not in mail


@pytest.mark.parametrize("status", [HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE])
def test_asked_to_wait_it_is_tried_again(
    home: NodePage, postmark: Provider, status: HTTPStatus
) -> None:
    postmark.fails = [status]
    row = sent(begun(home))
    assert (row.state, row.error_code, row.attempts) == (DeliveryState.RETRY, str(status.value), 1)
    assert "example.org" not in row.error_text
    assert not postmark.mails


@pytest.mark.parametrize("status", [HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY])
def test_refused_it_is_rejected_and_the_next_goes_out(
    home: NodePage, postmark: Provider, status: HTTPStatus
) -> None:
    postmark.fails = [status]
    made = begun(home, 2)
    row = sent(made)
    assert (row.state, row.error_code) == (DeliveryState.REJECTED, str(status.value))
    assert "example.org" not in row.error_text
    assert made.deliveries.filter(state=DeliveryState.ACCEPTED).count() == 1


@pytest.mark.parametrize(
    "status",
    [
        DROP,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.GATEWAY_TIMEOUT,
        520,  # of a go-between: something unknown went wrong
    ],
)
def test_no_answer_of_its_own_is_uncertain_and_not_sent_again(
    home: NodePage, postmark: Provider, status: int
) -> None:
    postmark.fails = [status]
    made = begun(home)
    assert sent(made).state == DeliveryState.UNCERTAIN
    assert sent(made).state == DeliveryState.UNCERTAIN
    assert len(postmark.mails) <= 1


def test_a_provider_that_is_not_there_is_tried_again(home: NodePage, settings: Settings) -> None:
    settings.ANYMAIL |= {"POSTMARK_API_URL": "http://127.0.0.1:9/"}
    assert sent(begun(home)).state == DeliveryState.RETRY


@pytest.mark.parametrize(
    "status",
    [
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    ],
)
def test_not_let_in_it_pauses_and_costs_nobody_an_attempt(
    home: NodePage, postmark: Provider, status: HTTPStatus
) -> None:
    postmark.fails = [status] * 3
    made = begun(home, 3)
    row = sent(made)
    assert (made.state, made.pause_reason) == (Mailing.State.PAUSED, Mailing.Pause.SIGN_IN)
    assert (row.state, row.attempts) == (DeliveryState.RETRY, 0)
    assert len(postmark.fails) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, VerdictKind.FINAL), (403, VerdictKind.SHUT), (429, VerdictKind.TEMPORARY)],
)
def test_amazons_answers_are_answers_too(status: int, kind: VerdictKind) -> None:
    said = {"ResponseMetadata": {"HTTPStatusCode": status}}
    error = AnymailAPIError("ada@example.org is not verified", response=said)
    verdict = verdict_on(error, "ada@example.org", handed_over=False)
    assert (verdict.kind, verdict.text) == (kind, "… is not verified")


@pytest.mark.parametrize("name", ["postmark", "amazon_ses"])
def test_a_provider_without_its_key_or_its_package_is_said_at_the_start(
    settings: Settings, name: str
) -> None:
    settings.MAIL_TRANSPORT, settings.ANYMAIL = f"anymail.backends.{name}.EmailBackend", {}
    assert [fault.id for fault in mail_can_be_handed_over(None)] == ["worker.E001"]


def test_what_the_provider_cannot_send_pauses_and_waits_for_the_mend(
    home: NodePage, postmark: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two senders in a mail: Postmark takes one, so Anymail does not even ask."""

    def unsupported(*args: object) -> None:
        raise AnymailUnsupportedFeature

    monkeypatch.setattr("anymail.backends.postmark.PostmarkPayload.set_metadata", unsupported)
    made = begun(home, 3)
    row = sent(made)
    assert (made.state, made.pause_reason) == (Mailing.State.PAUSED, Mailing.Pause.FEATURE)
    assert row.state == DeliveryState.RETRY
    assert not postmark.mails
