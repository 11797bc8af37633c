"""A mailing from prepared to finished, by the same worker and mail server as everything else."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter import addresses
from newsletter.mailings import transitions
from newsletter.mailings.progress import Progress, Recipients
from newsletter.models import ConsentEvent, DeliveryState, Mailing, Subscriber, Subscription
from newsletter.sending.sender import Sender
from newsletter.subscribers import acts, by_mail
from pages.models import NodePage
from tests import builders
from tests.integration.sending import send_all
from tests.mail_server import MailServer
from worker import sending_mark
from worker.models import SendingMark

State = Mailing.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mark(settings: Settings, tmp_path: Path) -> None:
    settings.SENDING_MARK = tmp_path / "sending.json"


def people(count: int, language: str = "en") -> list[Subscriber]:
    """Confirmed readers of the newsletter."""
    topic = builders.topic()
    made = [
        builders.subscriber(f"reader{number}.{language}@example.org", language=language)
        for number in range(count)
    ]
    for person in made:
        Subscription.objects.get_or_create(subscriber=person, topic=topic)
    return made


def prepared(home: NodePage, **fields: object) -> Mailing:
    about = {"rate_per_minute": 10**6} | fields
    made = builders.mailing(builders.issue(home), **about)
    made.topics.add(builders.topic())
    return made


def fresh(made: Mailing) -> Mailing:
    made.refresh_from_db()
    return made


def test_it_goes_once_to_each_reader_of_its_language(home: NodePage, server: MailServer) -> None:
    people(3)
    people(2, "nl")
    made = prepared(home)
    assert transitions.begin(made)
    send_all()
    transitions.finish_what_is_done()
    assert sorted(mail.recipient for mail in server.mails) == [
        f"reader{number}.en@example.org" for number in range(3)
    ]
    assert fresh(made).state == State.FINISHED
    assert Progress(made).accepted == 3


def test_the_mail_has_its_headers_and_the_readers_own_links(
    home: NodePage, server: MailServer
) -> None:
    people(1)
    made = prepared(home)
    transitions.begin(made)
    send_all()
    mail = server.mails[0]
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/newsletter/one-click/" in mail.message["List-Unsubscribe"]
    assert "/en/newsletter/unsubscribe/" in mail.text
    assert "/en/newsletter/unsubscribe/" in mail.html
    assert "{{" not in mail.text + mail.html


def test_beginning_twice_makes_no_second_row(home: NodePage) -> None:
    people(2)
    made = prepared(home)
    assert transitions.begin(made)
    assert not transitions.begin(made)
    assert made.deliveries.count() == 2


def test_an_issue_has_one_mailing_that_is_not_cancelled(home: NodePage) -> None:
    made = prepared(home)
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.mailing(made.issue)
    assert transitions.cancel(made)
    builders.mailing(made.issue)


@pytest.mark.parametrize("act", ["leave", "erase", "suppress", "topics"])
def test_what_changes_after_the_start_is_heeded(
    home: NodePage, server: MailServer, act: str
) -> None:
    reader, other = people(2)
    made = prepared(home)
    transitions.begin(made)
    {
        "leave": lambda: acts.leave(reader, ConsentEvent.Method.PAGE),
        "erase": lambda: acts.erase(reader, ConsentEvent.Method.PAGE),
        "suppress": lambda: acts.suppress(
            reader.subject, "complained", ConsentEvent.Method.PROVIDER
        ),
        "topics": lambda: acts.choose_topics(reader, [], ConsentEvent.Method.PAGE),
    }[act]()
    send_all()
    issues = [mail for mail in server.mails if mail.message["List-Id"]]
    assert [mail.recipient for mail in issues] == [other.address]
    transitions.finish_what_is_done()
    assert fresh(made).state == State.FINISHED
    assert Progress(made).skipped == 1
    assert Progress(made).reasons_skipped


def test_paused_means_no_further_mail_until_resumed(home: NodePage, server: MailServer) -> None:
    people(2)
    made = prepared(home)
    transitions.begin(made)
    assert transitions.pause(made)
    send_all()
    transitions.finish_what_is_done()
    assert server.mails == []
    assert fresh(made).state == State.PAUSED
    assert transitions.resume(made)
    send_all()
    assert len(server.mails) == 2


def test_pausing_acts_within_one_message(home: NodePage, server: MailServer) -> None:
    people(5)
    made = prepared(home)
    transitions.begin(made)
    sender = Sender()

    def pause_after_two() -> bool:
        if len(server.mails) == 2:
            transitions.pause(made)
        return False

    sender.is_stopping = pause_after_two
    sender.send_due()
    assert len(server.mails) == 2
    assert made.deliveries.filter(state=DeliveryState.PENDING).count() == 3


def test_cancelled_means_what_waits_is_not_sent(home: NodePage, server: MailServer) -> None:
    people(2)
    made = prepared(home)
    transitions.begin(made)
    assert transitions.cancel(made)
    assert not transitions.resume(made)
    send_all()
    assert server.mails == []
    assert made.deliveries.filter(state=DeliveryState.SKIPPED, skip_reason="cancelled").count() == 2


def test_cancelled_and_prepared_anew_it_goes_only_to_who_may_not_have_it(
    home: NodePage, server: MailServer
) -> None:
    readers = people(5)
    first = prepared(home)
    transitions.begin(first)
    server.faults.refused = {readers[0].address: "550 no such user"}
    first.deliveries.filter(subscriber=readers[1]).update(
        state=DeliveryState.UNCERTAIN, finished_at=timezone.now()
    )
    Mailing.objects.update(rate_per_minute=3)
    send_all()
    assert [mail.recipient for mail in server.mails] == [each.address for each in readers[2:4]]
    moving, moved = readers[2], addresses.read("moved@example.org")
    change = {"old_address": moving.address, "new_address": str(moved)}
    by_mail.change_address(moving.address_changes.create(**change))

    assert transitions.cancel(first)
    again = builders.mailing(first.issue, rate_per_minute=10**6)
    again.topics.add(builders.topic())
    assert Recipients.of(again).count == 2
    transitions.begin(again)
    assert {row.subscriber for row in again.deliveries.all()} == {readers[0], readers[4]}


def test_a_schedule_is_kept_and_one_that_was_missed_asks(home: NodePage) -> None:
    people(1)
    now = timezone.now()
    made = prepared(home)
    assert transitions.schedule(made, now + timedelta(hours=1), now + timedelta(hours=2))
    transitions.begin_what_is_due()
    assert fresh(made).state == State.SCHEDULED
    transitions.schedule(fresh(made), now - timedelta(hours=2), now - timedelta(hours=1))
    transitions.begin_what_is_due()
    assert fresh(made).state == State.MISSED
    transitions.schedule(fresh(made), now - timedelta(minutes=1), now + timedelta(hours=1))
    transitions.begin_what_is_due()
    assert fresh(made).state == State.SENDING


def test_a_schedule_is_kept_by_the_databases_clock(
    home: NodePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(1)
    now = timezone.now()
    made = prepared(home)
    transitions.schedule(made, now + timedelta(minutes=5), now + timedelta(minutes=8))
    with monkeypatch.context() as ahead:
        ahead.setattr("django.utils.timezone.now", lambda: now + timedelta(minutes=10))
        transitions.begin_what_is_due()
    assert fresh(made).state == State.SCHEDULED


def test_a_schedule_counts_only_as_its_editor_saw_the_mailing(home: NodePage) -> None:
    now = timezone.now()
    made = prepared(home)
    seen = fresh(made)
    assert transitions.schedule(made, now + timedelta(days=1), now + timedelta(days=2))
    assert not transitions.schedule(seen, now, now + timedelta(hours=1))
    assert fresh(made).scheduled_for == now + timedelta(days=1)


def test_the_rate_of_a_minute_is_kept(home: NodePage, server: MailServer) -> None:
    people(5)
    made = prepared(home, rate_per_minute=2)
    transitions.begin(made)
    send_all()
    assert len(server.mails) == 2


def test_a_drop_after_the_body_is_uncertain_and_the_editor_decides(
    home: NodePage, server: MailServer
) -> None:
    people(2)
    made = prepared(home)
    transitions.begin(made)
    server.fail("answer", "drop", times=1)
    send_all()
    transitions.finish_what_is_done()
    assert fresh(made).state == State.FINISHED
    progress = Progress(made)
    assert (progress.accepted, progress.uncertain) == (1, 1)
    keys = [row.pk for row in progress.uncertain_rows]
    assert transitions.send_again(made, keys) == 1
    assert fresh(made).state == State.SENDING
    send_all()
    assert Progress(made).accepted == 2
    assert transitions.treat_as_sent(made, keys) == 0


def test_of_what_is_cancelled_nothing_is_sent_again(home: NodePage) -> None:
    people(1)
    made = prepared(home)
    transitions.begin(made)
    made.deliveries.update(state=DeliveryState.UNCERTAIN, finished_at=timezone.now())
    transitions.cancel(made)
    assert transitions.send_again(made, [made.deliveries.get().pk]) == 0
    assert made.deliveries.get().state == DeliveryState.UNCERTAIN


def test_after_three_days_what_is_uncertain_counts_as_sent(home: NodePage) -> None:
    people(2)
    made = prepared(home)
    transitions.begin(made)
    early, late = made.deliveries.order_by("pk")
    for row, hours in ((early, 73), (late, 71)):
        then = timezone.now() - timedelta(hours=hours)
        made.deliveries.filter(pk=row.pk).update(state=DeliveryState.UNCERTAIN, finished_at=then)
    transitions.settle_what_stays_uncertain()
    states = made.deliveries.order_by("pk").values_list("state", flat=True)
    assert list(states) == [DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN]


# A copy of the database


def test_a_new_site_makes_its_mark_and_sends() -> None:
    assert sending_mark.why_nothing_is_sent() == ""
    assert sending_mark.why_nothing_is_sent() == ""


def test_a_database_restored_from_a_copy_sends_nothing(home: NodePage, server: MailServer) -> None:
    people(1)
    made = prepared(home)
    transitions.begin(made)
    sending_mark.why_nothing_is_sent()
    sending_mark.advance()
    SendingMark.objects.update(steps=0)  # as it was when the copy was made
    send_all()
    assert server.mails == []
    sending_mark.release()
    send_all()
    assert len(server.mails) == 1


@pytest.mark.parametrize("during", [False, True])
def test_whenever_a_copy_was_made_what_is_sent_later_tells_on_it(
    home: NodePage, server: MailServer, *, during: bool
) -> None:
    """Also where a mail with a higher number had gone before, or a batch was under way."""
    people(2)
    made = prepared(home)
    transitions.begin(made)
    builders.delivery(builders.subscriber("late@example.org"))
    sender, copies = Sender(), []

    def copy() -> bool:
        copies.append(SendingMark.objects.get().steps)
        return False

    sender.send_due()
    assert [mail.recipient for mail in server.mails] == ["late@example.org"]
    copy()
    sender.is_stopping = copy if during else lambda: False
    sender.send_due()
    assert Progress(made).accepted == 2
    SendingMark.objects.update(steps=copies[-1])
    assert "restored copy" in sending_mark.why_nothing_is_sent()


def test_a_restored_database_is_noticed_by_one_machine_and_stops_all(
    settings: Settings, tmp_path: Path
) -> None:
    """A machine that has not sent since the copy was made has nothing to tell by."""
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    for settings.SENDING_MARK in (one, other):
        sending_mark.release()
    settings.SENDING_MARK = one
    sending_mark.advance()
    SendingMark.objects.update(steps=0)
    settings.SENDING_MARK = other
    assert not sending_mark.why_nothing_is_sent()
    settings.SENDING_MARK = one
    assert sending_mark.why_nothing_is_sent()
    settings.SENDING_MARK = other
    assert sending_mark.why_nothing_is_sent()
    for settings.SENDING_MARK in (one, other):
        sending_mark.release()
        assert not sending_mark.why_nothing_is_sent()


def test_in_a_copy_no_mailing_begins(home: NodePage) -> None:
    people(1)
    made = prepared(home)
    now = timezone.now()
    transitions.schedule(made, now - timedelta(minutes=1), now + timedelta(hours=1))
    sending_mark.release()
    sending_mark.advance()
    SendingMark.objects.update(steps=0)
    transitions.begin_what_is_due()
    assert fresh(made).state == State.SCHEDULED
    sending_mark.release()
    transitions.begin_what_is_due()
    assert fresh(made).state == State.SENDING


def test_a_database_without_its_file_or_for_another_address_sends_nothing(
    home: NodePage,
    settings: Settings,
    tmp_path: Path,
) -> None:
    people(1)
    made = prepared(home)
    transitions.begin(made)
    sending_mark.release()
    settings.SENDING_MARK = tmp_path / "elsewhere.json"
    assert sending_mark.why_nothing_is_sent()
    settings.SENDING_MARK = tmp_path / "sending.json"
    assert not sending_mark.why_nothing_is_sent()
    settings.SITE_URL = "https://test.bbmri.example"
    assert sending_mark.why_nothing_is_sent()
