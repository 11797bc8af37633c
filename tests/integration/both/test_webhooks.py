"""What a mail provider reports later: believed only where it is about a mail of ours."""

import json
import math
from base64 import b64encode
from copy import deepcopy
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.mailings import transitions
from newsletter.models import (
    ConsentEvent,
    Delivery,
    DeliveryReport,
    DeliveryState,
    Mailing,
    Subscriber,
    Suppression,
)
from newsletter.sending.claims import return_lapsed
from newsletter.sending.reports import take_up_reports
from pages.models import NodePage
from tests import builders

SECRET = "provider:a secret of theirs"  # noqa: S105  nobody's
NUMBERS = count(1)
BOUNCE = {"RecordType": "Bounce", "Type": "HardBounce"}
COMPLAINT = {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}
DELIVERED = {"RecordType": "Delivery"}
LEFT = {
    "RecordType": "SubscriptionChange",
    "SuppressSending": True,
    "SuppressionReason": "ManualSuppression",
}
JOINED = {"RecordType": "SubscriptionChange", "SuppressSending": False}
ODDITIES: dict[str, list[Any]] = {
    "ID": [math.nan, math.inf, 10**400, [1], {}, "\x00", "\ud800"],
    "BouncedAt": ["2026-01-01", "9999-12-31T23:59:59-12:00", "\x00", 1e308],
    "Type": [["HardBounce"], math.nan, "\x00"],
    "Metadata": [[], "d", {"d": ["x"]}, {"d": math.nan}],
    "Description": ["\x00\ud800"],
}
ODD = [{name: value} for name, values in ODDITIES.items() for value in values]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def postmark(settings: Settings, tmp_path: Path) -> None:
    settings.SENDING_MARK = tmp_path / "sending.json"
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def post(content: object, secret: str = SECRET, provider: str = "postmark", **told: object) -> int:
    """The status of the answer."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    signed_in = {"authorization": f"Basic {b64encode(secret.encode()).decode()}"}
    address = f"/webhooks/anymail/{provider}/tracking/"
    client = Client(raise_request_exception=False)
    told = {"content_type": "application/json", "headers": signed_in} | told
    answer = client.post(address, body, **told)  # type: ignore[arg-type]  # options of the client and headers alike
    return answer.status_code


def report(row: Delivery, about: dict[str, Any], **more: Any) -> dict[str, Any]:
    """As Postmark writes it."""
    time = "DeliveredAt" if about is DELIVERED else "BouncedAt"
    person = row.subscriber
    return (
        about
        | {"ID": next(NUMBERS), "MessageID": "id", "Metadata": {"d": row.uuid.hex}}
        | {"Email": person.address if person else "", time: said(timezone.now())}
        | more
    )


def said(moment: datetime) -> str:
    return moment.isoformat()


def tell(row: Delivery, about: dict[str, Any], **more: Any) -> None:
    assert post(report(row, about, **more)) == HTTPStatus.OK
    take_up_reports()


def begun(home: NodePage, people: int = 1, **states: Any) -> Mailing:
    builders.crowd(people)
    made = builders.mailing(builders.issue(home))
    made.topics.add(builders.topic())
    transitions.begin(made)
    made.deliveries.update(
        **({"state": DeliveryState.ACCEPTED, "finished_at": timezone.now()} | states)
    )
    return made


@pytest.fixture(scope="module")
def made(module_db: Path) -> Delivery:
    return begun(builders.home()).deliveries.get()


@pytest.fixture
def row(db: None, made: Delivery) -> Delivery:
    """Handed over, and accepted."""
    return deepcopy(made)


# Who may report


def test_without_a_secret_or_of_another_provider_there_is_no_such_address(
    row: Delivery, settings: Settings
) -> None:
    content = report(row, BOUNCE)
    assert post(content, provider="brevo") == HTTPStatus.NOT_FOUND
    assert post(content, provider="nobody") == HTTPStatus.NOT_FOUND
    settings.ANYMAIL = {}
    assert post(content) == HTTPStatus.NOT_FOUND
    settings.ANYMAIL, settings.MAIL_PROVIDER = {"WEBHOOK_SECRET": SECRET}, ""
    assert post(content) == HTTPStatus.NOT_FOUND
    assert not DeliveryReport.objects.exists()


@pytest.mark.parametrize("secret", ["", "provider:", "provider:guessed", SECRET.upper()])
def test_a_wrong_secret_is_refused(row: Delivery, secret: str) -> None:
    assert post(report(row, BOUNCE), secret) == HTTPStatus.BAD_REQUEST
    assert not DeliveryReport.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"7",
        b"[]",
        b'["Bounce"]',
        b"[" * 100_000,
        b"NaN",
        b"1" * 10_000,
        b'{"RecordType": "' + b"x" * 3_000_000 + b'"}',
        {"RecordType": math.nan},
        {"RecordType": "Inbound"},
        {"RecordType": ["Bounce"]},
        BOUNCE | {"Email": "a@b.example", "Metadata": 7},
        BOUNCE | {"Email": 7},
        BOUNCE | {"Email": "a@b.example", "BouncedAt": 7, "Metadata": {"d": "x"}},
        BOUNCE | {"Email": "a@b.example", "BouncedAt": "2026-13-45", "Metadata": {"d": "x"}},
        BOUNCE | {"Email": "\x00", "Metadata": {"d": "\ud800"}},
    ],
    ids=range(19),
)
def test_what_cannot_be_read_is_refused_and_never_an_error(content: object) -> None:
    assert post(content) in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}
    assert not DeliveryReport.objects.exists()


def test_what_breaks_off_or_is_a_form_is_refused_and_never_an_error() -> None:
    broken: dict[str, Any] = {"wsgi.input": builders.BrokenOff()}
    assert post(BOUNCE, **broken) == HTTPStatus.BAD_REQUEST
    form = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nwords\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    assert post(form, content_type=kind) == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_an_odd_report_about_a_mail_of_ours_is_never_an_error(
    row: Delivery, odd: dict[str, Any]
) -> None:
    assert post(report(row, BOUNCE) | odd) in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}
    take_up_reports()
    assert DeliveryReport.objects.count() <= 1


# What is not believed


def test_forged_or_old_reports_have_no_effect(row: Delivery) -> None:
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    forgeries: list[dict[str, Any]] = [
        {"Metadata": {"d": "00000000000000000000000000000000"}},
        {"Metadata": {}},
        {"Email": "somebody.else@example.org"},
        {"BouncedAt": said(week_ago)},
        {"BouncedAt": said(timezone.now() + timedelta(days=2))},
        {"RecordType": "Open"},
    ]
    for forged in forgeries:
        tell(row, BOUNCE, **forged)
    assert not DeliveryReport.objects.exists()
    assert Subscriber.objects.get().is_confirmed


def test_the_same_report_twice_counts_once(row: Delivery) -> None:
    for about in (BOUNCE, DELIVERED):  # Postmark numbers the first and not the second
        content = report(row, about)
        if about is DELIVERED:
            del content["ID"]
        for _time in range(2):
            post(content)
            take_up_reports()
    assert DeliveryReport.objects.count() == 2
    assert ConsentEvent.objects.filter(kind=ConsentEvent.Kind.SUPPRESSED).count() == 1


def test_the_order_of_reports_does_not_matter(home: NodePage) -> None:
    first, second = begun(home, 2, state=DeliveryState.UNCERTAIN).deliveries.order_by("pk")
    for row, order in ((first, (DELIVERED, BOUNCE)), (second, (BOUNCE, DELIVERED))):
        for about in order:
            tell(row, about)
        row.refresh_from_db()
        assert row.state == DeliveryState.ACCEPTED
        assert Suppression.objects.standing().filter(subject=row.recipient).exists()


# What it does


@pytest.mark.parametrize(
    ("about", "becomes"),
    [
        (DELIVERED, DeliveryState.ACCEPTED),
        (COMPLAINT, DeliveryState.ACCEPTED),
        (BOUNCE, DeliveryState.ACCEPTED),
        ({"RecordType": "Bounce", "Type": "BadEmailAddress"}, DeliveryState.ACCEPTED),
        ({"RecordType": "Bounce", "Type": "Blocked"}, DeliveryState.REJECTED),
    ],
)
def test_it_settles_what_is_uncertain(home: NodePage, about: dict[str, Any], becomes: str) -> None:
    row = begun(home, state=DeliveryState.UNCERTAIN).deliveries.get()
    tell(row, about)
    row.refresh_from_db()
    assert row.state == becomes


@pytest.mark.parametrize(
    "state", [DeliveryState.RETRY, DeliveryState.PENDING, DeliveryState.CLAIMED]
)
def test_what_was_thought_not_taken_and_arrived_is_not_sent_again(
    home: NodePage, state: str
) -> None:
    held: dict[str, Any] = {"claim": "1" * 32, "claimed_until": timezone.now()}
    more = held if state == DeliveryState.CLAIMED else {}
    row = begun(home, state=state, finished_at=None, attempts=1, **more).deliveries.get()
    tell(row, DELIVERED)
    row.refresh_from_db()
    assert (row.state, row.claim) == (DeliveryState.ACCEPTED, None)


def test_quicker_than_the_providers_own_answer_it_still_settles(home: NodePage) -> None:
    """The worker died before that answer, and its row becomes uncertain only later."""
    lapsed = timezone.now() - timedelta(minutes=1)
    held: dict[str, Any] = {
        "claim": "1" * 32,
        "claimed_until": lapsed,
        "attempt_started_at": lapsed,
    }
    row = begun(home, state=DeliveryState.SENDING, finished_at=None, **held).deliveries.get()
    tell(row, DELIVERED)
    return_lapsed()
    take_up_reports()
    row.refresh_from_db()
    assert row.state == DeliveryState.ACCEPTED


@pytest.mark.parametrize(
    ("about", "reason"),
    [(BOUNCE, Suppression.Reason.BOUNCED), (COMPLAINT, Suppression.Reason.COMPLAINED)],
)
def test_who_bounces_or_complains_is_not_written_to_again(
    row: Delivery, about: dict[str, Any], reason: str
) -> None:
    tell(row, about)
    assert Suppression.objects.standing().get().reason == reason
    assert not Subscriber.objects.get().is_confirmed
    assert not Subscriber.objects.reachable().exists()


def test_who_left_at_the_provider_has_left_here(row: Delivery) -> None:
    tell(row, LEFT)
    assert not Subscriber.objects.get().is_confirmed


@pytest.mark.parametrize("about", [DELIVERED, JOINED])
def test_no_report_makes_a_subscriber_of_who_left(row: Delivery, about: dict[str, Any]) -> None:
    tell(row, COMPLAINT)
    tell(row, about)
    assert not Subscriber.objects.get().is_confirmed
    assert Suppression.objects.standing().exists()


@pytest.mark.parametrize(
    ("about", "people", "most", "reason"),
    [
        (BOUNCE, 200, 10, Mailing.Pause.BOUNCES),
        (COMPLAINT, 1000, 3, Mailing.Pause.COMPLAINTS),
    ],
)
def test_too_many_of_them_pause_the_mailing(
    home: NodePage, about: dict[str, Any], people: int, most: int, reason: str
) -> None:
    """One more than 5 %, or 0.3 %, of what was accepted."""
    made = begun(home, people)
    rows = made.deliveries.select_related("subscriber").order_by("pk")[: most + 1]
    for row in rows[:most]:
        tell(row, about)
    made.refresh_from_db()
    assert made.state == Mailing.State.SENDING
    tell(rows[most], about)
    made.refresh_from_db()
    assert (made.state, made.pause_reason) == (Mailing.State.PAUSED, reason)


def test_after_go_on_only_later_reports_count(home: NodePage) -> None:
    made = begun(home, 1000)
    rows = made.deliveries.select_related("subscriber").order_by("pk")[:8]
    for row in rows[:4]:
        tell(row, COMPLAINT)
    assert transitions.resume(made)
    for row in rows[4:7]:
        tell(row, COMPLAINT)
    made.refresh_from_db()
    assert made.state == Mailing.State.SENDING
    tell(rows[7], COMPLAINT)
    made.refresh_from_db()
    assert made.state == Mailing.State.PAUSED


def test_of_few_mails_a_few_reports_say_nothing(home: NodePage) -> None:
    made = begun(home, 199)
    for row in made.deliveries.select_related("subscriber")[:15]:
        tell(row, BOUNCE)
    made.refresh_from_db()
    assert made.state == Mailing.State.SENDING
