"""What every provider may report, to the addresses it posts to: only who is gone is let go."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from bbmri_be.environment import PROVIDERS
from newsletter import mails
from newsletter.models import (
    Delivery,
    DeliveryKind,
    DeliveryReport,
    DeliveryState,
    StrayReport,
    Subscriber,
    Suppression,
)
from newsletter.sending.reports import take_up_reports
from newsletter.sending.words import MEANINGS, READERS
from newsletter.subscribers.sign_up_queue import decide_sign_ups
from tests import builders
from tests.provider_reports import NEW_WORDS, REPORTS
from tests.provider_webhooks import Event, open_address, tell
from worker.faults import Fault

Reason = Suppression.Reason
CASES = [
    pytest.param(provider, sort, event, id=f"{provider}-{sort}-{number}")
    for provider, sorts in REPORTS.items()
    for sort, events in sorts.items()
    for number, event in enumerate(events)
]
ENDS = {"hard": Reason.BOUNCED, "complaint": Reason.COMPLAINED}
ADDRESS = "ada@example.org"
pytestmark = pytest.mark.django_db


def accepted(**about: Any) -> Delivery:
    row = builders.delivery(builders.subscriber(ADDRESS), **about)
    now = timezone.now()
    settled = {"state": DeliveryState.ACCEPTED, "finished_at": now, "provider_id": "<number-1>"}
    Delivery.objects.filter(pk=row.pk).update(**settled)
    row.refresh_from_db()
    return row


def reported(settings: Settings, provider: str, event: Event, **ids: Any) -> Delivery:
    row = accepted()
    open_address(settings, provider)
    tell(provider, row, ADDRESS, event, **ids)
    take_up_reports()
    row.refresh_from_db()
    return row


def suppressed_for() -> str:
    row = Suppression.objects.standing().first()
    return row.reason if row else ""


def test_every_offered_provider_is_in_the_table_and_each_sort_of_report_with_it() -> None:
    assert set(REPORTS) == set(MEANINGS) == set(READERS) == set(NEW_WORDS) >= PROVIDERS
    for provider, sorts in REPORTS.items():
        assert {sort for sort, events in sorts.items() if not events} <= {
            "unsubscribe",
            "taken back",
        }
        assert len(sorts) == 7, provider


@pytest.mark.parametrize(("provider", "sort", "event"), CASES)
def test_only_who_is_gone_or_says_so_gets_no_more_mail(
    settings: Settings, provider: str, sort: str, event: Event
) -> None:
    row = reported(settings, provider, event)
    assert suppressed_for() == ENDS.get(sort, "")
    stays = sort in {"soft", "blocked", "delivered", "taken back"}
    assert Subscriber.objects.get().is_confirmed == stays
    is_ours = sort == "blocked"
    assert row.state == (DeliveryState.REJECTED if is_ours else DeliveryState.ACCEPTED)
    assert (row.fault == Fault.US) == is_ours
    assert row.fault in {"", Fault.MOMENT} or sort != "soft"
    assert StrayReport.objects.exists() == (sort == "taken back")


@pytest.mark.parametrize("provider", NEW_WORDS)
def test_a_new_word_does_nothing_and_is_counted(settings: Settings, provider: str) -> None:
    row = reported(settings, provider, NEW_WORDS[provider])
    assert not suppressed_for()
    assert row.state == DeliveryState.ACCEPTED
    assert not DeliveryReport.objects.exists()
    stray = StrayReport.objects.get()
    assert (stray.provider, stray.why, stray.count) == (provider, StrayReport.Why.NEW_WORD, 1)
    assert stray.word
    assert "@" not in stray.word


@pytest.mark.parametrize("provider", REPORTS)
@pytest.mark.parametrize("by", ["number", "message_id"])
def test_a_report_without_our_number_still_finds_its_mail(
    settings: Settings, provider: str, by: str
) -> None:
    row = accepted()
    ids = {"metadata": {}, by: row.provider_id if by == "number" else row.message_id}
    open_address(settings, provider)
    tell(provider, row, ADDRESS, REPORTS[provider]["complaint"][0], **ids)
    take_up_reports()
    assert suppressed_for() == Reason.COMPLAINED


@pytest.mark.parametrize("provider", REPORTS)
def test_of_somebody_elses_mail_nothing_is_believed_and_all_is_counted(
    settings: Settings, provider: str
) -> None:
    row = accepted()
    open_address(settings, provider)
    for _time in range(2):
        event = REPORTS[provider]["complaint"][0]
        tell(provider, row, "else@example.org", event, message_id=row.message_id)
    assert not DeliveryReport.objects.exists()
    stray = StrayReport.objects.get()
    assert (stray.why, stray.count) == (StrayReport.Why.NO_MAIL, 2)


# Service mails


def service_mail(kind: str) -> Delivery:
    if kind == DeliveryKind.CONFIRM:
        return Delivery.objects.to_sign_up(kind, builders.sign_up(ADDRESS))
    person = builders.subscriber(ADDRESS)
    change = person.address_changes.create(old_address=ADDRESS, new_address=ADDRESS)
    return Delivery.objects.to_subscriber(kind, person, address_change=change)


@pytest.mark.parametrize("kind", [kind for kind in DeliveryKind if kind != DeliveryKind.ISSUE])
@pytest.mark.parametrize(("sort", "reason"), ENDS.items())
def test_no_report_about_a_service_mail_is_lost(
    settings: Settings, kind: str, sort: str, reason: str
) -> None:
    row = service_mail(kind)
    told = mails.write(row).metadata  # as the provider was told it
    open_address(settings, "postmark")
    tell("postmark", row, ADDRESS, REPORTS["postmark"][sort][0], metadata=told)
    take_up_reports()
    assert suppressed_for() == reason
    assert not StrayReport.objects.exists()


@pytest.mark.parametrize("sort", ["hard", "complaint", "unsubscribe"])
def test_after_such_a_report_about_a_confirmation_the_next_sign_up_writes_nothing(
    settings: Settings, sort: str
) -> None:
    row = service_mail(DeliveryKind.CONFIRM)
    open_address(settings, "brevo")
    tell("brevo", row, ADDRESS, REPORTS["brevo"][sort][0])
    take_up_reports()
    builders.sign_up(ADDRESS)
    decide_sign_ups()
    assert Delivery.objects.get() == row
    assert suppressed_for()
