"""Everything goes when its time has come, not before, and no trace of an address stays behind."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.log_actions import log

from bbmri_be.environment import SQLITE_OPTIONS
from newsletter import retention
from newsletter.ledger import verification
from newsletter.mailings.progress import Progress
from newsletter.models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    DeliveryReport,
    LedgerPurge,
    LinkRequest,
    Mailing,
    SignUp,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts, by_mail
from newsletter.tokens import CONFIRM
from pages.models import NodePage
from tests import builders
from worker.loop import Worker
from worker.verdicts import without_address

EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method
MINUTE = timedelta(minutes=1)


def ago(kind: str, more: timedelta = MINUTE) -> datetime:
    """A little more than what is kept of a kind."""
    return timezone.now() - timedelta(days=settings.NEWSLETTER_DAYS[kind]) - more


def not_yet(kind: str) -> datetime:
    return ago(kind, -MINUTE)


def changed(someone: Subscriber, new: str = "ada@new.example") -> AddressChange:
    return AddressChange.objects.create(
        subscriber=someone, old_address=someone.address, new_address=new
    )


@pytest.mark.parametrize("state", SignUp.State)
def test_a_sign_up_goes_after_seven_days_whatever_came_of_it(db: None, state: str) -> None:
    done_at = timezone.now() if state == SignUp.State.CONFIRMED else None
    for address, made_at in (
        ("old@a.example", ago("sign_up")),
        ("b@a.example", not_yet("sign_up")),
    ):
        row = builders.sign_up(address)
        SignUp.objects.filter(pk=row.pk).update(made_at=made_at, state=state, confirmed_at=done_at)
    assert retention.erase_what_is_due() == 1
    assert SignUp.objects.get().address == "b@a.example"


def test_a_mail_to_a_sign_up_that_is_gone_is_not_sent(db: None) -> None:
    asked = builders.sign_up()
    waiting = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, asked)
    SignUp.objects.update(made_at=ago("sign_up"))
    retention.erase_what_is_due()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.skip_reason) == ("skipped", "gone")


def test_questions_about_an_address_go_after_seven_days(db: None) -> None:
    someone = builders.subscriber()
    changed(someone)
    LinkRequest.objects.create(address="a@b.example", subject="s" * 64)
    for made_at, left in ((not_yet("sign_up"), 1), (ago("sign_up"), 0)):
        for model in (AddressChange, LinkRequest):
            model._default_manager.update(made_at=made_at)
        retention.erase_what_is_due()
        assert AddressChange.objects.count() == LinkRequest.objects.count() == left


def test_who_left_is_erased_after_thirty_days_and_who_stays_is_not(db: None) -> None:
    stays, recent, left = (builders.subscriber(f"{name}@a.example") for name in ("a", "b", "c"))
    for someone in (recent, left):
        acts.leave(someone, Method.PAGE)
    Subscriber.objects.filter(pk=recent.pk).update(left_at=not_yet("left"))
    Subscriber.objects.filter(pk=left.pk).update(left_at=ago("left"))
    retention.erase_what_is_due()
    assert set(Subscriber.objects.all()) == {stays, recent}
    last = ConsentEvent.objects.of(left.subject).last()
    assert last is not None
    assert (last.kind, last.method) == (EventKind.ERASED, Method.SCHEDULE)
    assert verification.verify().faults == []


def test_who_comes_back_at_the_last_moment_is_kept(db: None) -> None:
    someone = builders.subscriber()
    acts.leave(someone, Method.PAGE)
    acts.come_back(someone, Method.PAGE)
    assert not retention._erase_person(someone.pk, timezone.now())
    assert Subscriber.objects.get().is_confirmed


def test_who_was_erased_and_came_back_with_a_backup_is_erased_again(db: None) -> None:
    someone = builders.subscriber()
    Suppression.add(someone.subject, Suppression.Reason.ERASED)
    builders.subscriber("stays@a.example")
    retention.erase_what_is_due()
    assert Subscriber.objects.get().address == "stays@a.example"


def test_rows_of_what_was_sent_go_after_thirteen_months(db: None) -> None:
    someone = builders.subscriber()
    old, new = builders.delivery(someone), builders.delivery(someone)
    Delivery.objects.filter(pk=old.pk).update(made_at=ago("delivery"))
    retention.erase_what_is_due()
    assert Delivery.objects.get() == new


def test_a_mailing_keeps_its_numbers_when_its_rows_go(home: NodePage) -> None:
    builders.crowd(5)
    made = builders.begun(builders.issue(home))
    people = list(Subscriber.objects.order_by("pk"))
    states = ("accepted", "accepted", "rejected", "pending")
    for someone, state in zip(people, (*states, "accepted"), strict=True):
        done_at = None if state == "pending" else timezone.now()
        about = {"mailing": made, "state": state, "finished_at": done_at}
        builders.delivery(someone, DeliveryKind.ISSUE, made_at=ago("delivery"), **about)
    newest = made.deliveries.order_by("-pk")[0]
    Delivery.objects.filter(pk=newest.pk).update(made_at=not_yet("delivery"))
    retention.erase_what_is_due()
    retention.erase_what_is_due()
    made.refresh_from_db()
    assert made.deliveries.get() == newest
    assert made.erased_counts == {"accepted": 2, "rejected": 1, "skipped": 1}
    progress = Progress(made)
    counted = (progress.total, progress.accepted, progress.rejected, progress.skipped)
    assert counted == (5, 3, 1, 1)


def test_reports_of_the_mail_provider_go_after_ninety_days(home: NodePage) -> None:
    row = builders.delivery(builders.subscriber())
    for key, received_at in (("old", ago("report")), ("new", not_yet("report"))):
        DeliveryReport.objects.create(
            key=key, kind="delivered", delivery=row, at=received_at, received_at=received_at
        )
    assert retention.erase_what_is_due() == 1
    assert DeliveryReport.objects.get().key == "new"


def test_the_report_of_a_mailing_stays_as_it_was(home: NodePage) -> None:
    """Its people are erased after a month, what was reported after three, its rows after a year."""
    builders.crowd(3)
    made = builders.begun(builders.issue(home))
    people = list(Subscriber.objects.order_by("pk"))
    sent = {"mailing": made, "state": "accepted", "finished_at": timezone.now()}
    rows = [builders.delivery(one, DeliveryKind.ISSUE, **sent) for one in people]
    acts.leave(people[0], Method.PAGE)
    acts.erase(people[1], Method.PAGE)
    for key, kind, row, days in (
        ("1", "bounced", 0, 2), ("2", "bounced", 0, 1), ("3", "delivered", 1, 3)
    ):  # fmt: skip
        at = ago("report") - timedelta(days=days)
        DeliveryReport.objects.create(key=key, kind=kind, delivery=rows[row], at=at, received_at=at)
    expected = ([("the address does not exist", 1), ("delivered", 1)], 2, 3)
    assert report_of(made) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retention, "ROWS_A_CALL", 1)
        for left in (2, 1, 0):
            retention.erase_what_is_due()
            assert DeliveryReport.objects.count() == left
            assert report_of(made) == expected
    Subscriber.objects.filter(state=Subscriber.State.LEFT).update(left_at=ago("left"))
    retention.erase_what_is_due()
    assert report_of(made) == expected
    made.deliveries.update(made_at=ago("delivery"))
    retention.erase_what_is_due()
    assert not made.deliveries.exists()
    assert report_of(made) == expected


def report_of(mailing: Mailing) -> tuple[list[tuple[str, int]], int, int]:
    progress = Progress(Mailing.objects.get(pk=mailing.pk))
    told = [(reason.said, reason.count) for reason in progress.reports]
    return told, progress.left_since, progress.accepted


def test_what_is_left_over_is_taken_in_the_next_minute(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_A_CALL", 2)
    for number in range(3):
        builders.sign_up(f"a{number}@a.example")
    SignUp.objects.update(made_at=ago("sign_up"))
    assert [retention.erase_what_is_due() for _minute in range(3)] == [2, 1, 0]


# The ledger


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """Events happen when it says."""
    at = [timezone.now()]
    monkeypatch.setattr(ConsentEvent._meta.get_field("at"), "default", lambda: at[0])
    ConsentEvent._meta.get_field("at").__dict__.pop("_get_default", None)
    yield at
    ConsentEvent._meta.get_field("at").__dict__.pop("_get_default", None)


def test_the_proof_goes_three_years_after_the_end(db: None, clock: list[datetime]) -> None:
    clock[0] = ago("ledger")
    acts.erase(builders.subscriber("gone@a.example"), Method.PAGE)
    builders.subscriber("stays@a.example")
    left = builders.subscriber("left@a.example")
    acts.leave(left, Method.PAGE)  # not erased, for once
    clock[0] = not_yet("ledger")
    acts.erase(builders.subscriber("recent@a.example"), Method.PAGE)
    retention.erase_what_is_due()
    subjects = set(ConsentEvent.objects.values_list("subject", flat=True))
    assert subjects == {
        builders.addresses.read(f"{name}@a.example").subject for name in ("stays", "left", "recent")
    }
    purge = LedgerPurge.objects.get()
    assert purge.events == 2
    assert purge.finished_at is not None


def test_who_came_again_keeps_the_whole_history(db: None, clock: list[datetime]) -> None:
    clock[0] = ago("ledger")
    acts.erase(builders.subscriber(), Method.PAGE)
    clock[0] = timezone.now()
    acts.erase(builders.subscriber(), Method.PAGE)
    retention.erase_what_is_due()
    assert ConsentEvent.objects.count() == 4


def test_the_first_consent_stays_as_long_as_the_person_under_a_new_address(
    db: None, clock: list[datetime]
) -> None:
    clock[0] = ago("ledger")
    moved = by_mail.change_address(changed(builders.subscriber()))
    retention.erase_what_is_due()
    assert ConsentEvent.objects.count() == 3
    acts.erase(moved, Method.PAGE)
    assert [retention.purge_ledger(ago("ledger", -MINUTE)) for _minute in range(3)] == [2, 2, 0]
    assert verification.verify().faults == []


def test_a_purge_of_nothing_leaves_no_row(db: None) -> None:
    builders.subscriber()
    retention.erase_what_is_due()
    assert not LedgerPurge.objects.exists()


def test_what_was_lifted_is_forgotten_and_what_stands_is_not(db: None) -> None:
    for subject, lifted_at in (("a", ago("ledger")), ("b", not_yet("ledger")), ("c", None)):
        Suppression.objects.create(subject=subject * 64, reason="erased", lifted_at=lifted_at)
    retention.erase_what_is_due()
    assert set(Suppression.objects.values_list("subject", flat=True)) == {"b" * 64, "c" * 64}


# A dump searched after erasure

ADDRESS, NEW = "Zephyrine.Quux@ersatz.example", "zq.renamed@ersatz.example"
TRACES = ["zephyrine", "quux", "zq.renamed", "ersatz.example"]


def everything_in_the_database() -> Iterator[str]:
    """Each row of each table as text."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  the name is quoted, and our own
            yield from (f"{table}: {row}" for row in cursor.fetchall())


def bytes_of_the_file() -> bytes:
    """Of SQLite: what a thief of the file could read, pages that are free included."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(str(connection.settings_dict["NAME"])).read_bytes()


def traces(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text.lower()]


def live_through_everything(client: Client) -> Subscriber:
    """Sign up, confirm, get mails, change address, be seen to by staff, leave."""
    fields = {"email": ADDRESS, "consent": "on", "topics": ["newsletter"]}
    client.post("/en/newsletter/", fields, headers={"Sec-Fetch-Site": "same-origin"})
    Worker().run_once()
    asked = SignUp.objects.get()
    client.post(
        f"/en/newsletter/confirm/{CONFIRM.token(asked.uuid.hex)}/",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    client.post(
        "/en/newsletter/send-my-link/",
        {"email": ADDRESS},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    someone = Subscriber.objects.get()
    log(instance=someone, action="wagtail.edit")
    refused = Delivery.objects.to_subscriber(DeliveryKind.MANAGE_LINK, someone)
    Worker().run_once()
    said = without_address(
        "<Zephyrine.Quux@ersatz.example>: no MX of ersatz.example; zephyrine.quux is unknown",
        someone.address,
    )
    Delivery.objects.filter(pk=refused.pk).update(error_text=said)
    someone = by_mail.change_address(changed(someone, NEW))
    acts.leave(someone, Method.PAGE)
    Worker().run_once()
    assert len(mail.outbox) >= 4
    return someone


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_dump_after_erasure_holds_no_trace_of_the_address(client: Client) -> None:
    on_sqlite = connection.vendor == "sqlite"
    if on_sqlite:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    builders.consent_text()
    builders.topic()
    someone = live_through_everything(client)
    assert traces("".join(everything_in_the_database())) == TRACES
    acts.erase(someone, Method.MAIL_LINK)
    assert [row for row in everything_in_the_database() if traces(row)] == []
    if on_sqlite:
        assert traces(bytes_of_the_file().decode("latin-1")) == []


def test_sqlite_overwrites_what_it_deletes() -> None:
    assert "PRAGMA secure_delete=ON" in str(SQLITE_OPTIONS["init_command"])
