"""Something happens to a person or a connection just while a mail is about to leave."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from newsletter.mailings import transitions
from newsletter.models import ConsentEvent, Delivery, DeliveryState, Mailing, SkipReason
from newsletter.sending.batch import Batch
from newsletter.sending.claims import Claim, claim, return_lapsed
from newsletter.sending.issues import Issues
from newsletter.sending.streams import ServiceMails
from newsletter.subscribers import acts, by_mail
from pages.models import NodePage
from tests import builders
from tests.integration.sending import send_all
from worker.transport import Transport
from worker.verdicts import Verdict, VerdictKind

PAGE = ConsentEvent.Method.PAGE
pytestmark = pytest.mark.django_db


def begun_and_claimed(home: NodePage) -> tuple[Mailing, tuple[Issues, Claim]]:
    made = builders.mailing(builders.issue(home), rate_per_minute=10**6)
    made.topics.add(builders.topic())
    transitions.begin(made)
    stream = Issues()
    return made, (stream, claim(stream, stream.room()))


def test_what_was_claimed_for_an_address_goes_to_the_one_it_was_changed_to(
    home: NodePage,
) -> None:
    someone = builders.subscriber("old@example.org")
    made, taken = begun_and_claimed(home)
    change = {"old_address": someone.address, "new_address": "new@example.org"}
    by_mail.change_address(someone.address_changes.create(**change))
    Batch(*taken, Transport()).send(lambda: False)
    assert made.deliveries.get().state == DeliveryState.PENDING
    send_all()
    assert made.deliveries.get().state == DeliveryState.ACCEPTED
    issues = [each for each in mail.outbox if "List-Id" in each.extra_headers]
    assert [each.to for each in issues] == [["new@example.org"]]


def test_who_moves_to_an_address_of_the_same_mailing_gets_no_second_copy(home: NodePage) -> None:
    someone, other = (builders.subscriber(f"{name}@example.org") for name in ("one", "other"))
    made, _taken = begun_and_claimed(home)
    acts.erase(other, PAGE)
    change = {"old_address": someone.address, "new_address": "other@example.org"}
    by_mail.change_address(someone.address_changes.create(**change))
    row = made.deliveries.get(subscriber=someone)
    assert (row.state, row.skip_reason) == (DeliveryState.SKIPPED, SkipReason.TWICE)


def test_who_leaves_gets_nothing_of_an_issue_that_was_claimed(home: NodePage) -> None:
    """Within one message: the second of three leaves while the first is handed over."""
    builders.crowd(3)
    made, taken = begun_and_claimed(home)

    class Leaving(Transport):
        def send(self, message: mail.EmailMessage) -> Verdict:
            second = made.deliveries.order_by("pk")[1].subscriber
            if second and second.is_confirmed:
                acts.leave(second, PAGE)
            return super().send(message)

    Batch(*taken, Leaving()).send(lambda: False)
    rows = made.deliveries.order_by("pk").values_list("state", "skip_reason")
    assert list(rows) == [
        (DeliveryState.ACCEPTED, ""),
        (DeliveryState.SKIPPED, SkipReason.LEFT),
        (DeliveryState.ACCEPTED, ""),
    ]
    assert [each.to for each in mail.outbox] == [
        ["reader0.en@example.org"],
        ["reader2.en@example.org"],
    ]


def test_of_what_is_cancelled_on_its_way_nothing_is_tried_again(home: NodePage) -> None:
    builders.crowd(1)
    made, taken = begun_and_claimed(home)

    class Cancelling(Transport):
        def send(self, message: mail.EmailMessage) -> Verdict:
            transitions.cancel(made)
            return Verdict(VerdictKind.TEMPORARY, "451")

    Batch(*taken, Cancelling()).send(lambda: False)
    row = made.deliveries.get()
    assert (row.state, row.skip_reason) == (DeliveryState.SKIPPED, SkipReason.CANCELLED)


def test_what_a_slow_worker_hears_was_not_taken_is_tried_again_though_all_was_done(
    home: NodePage,
) -> None:
    builders.crowd(1)
    made, taken = begun_and_claimed(home)

    class Hanging(Transport):
        def send(self, message: mail.EmailMessage) -> Verdict:
            Delivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
            return_lapsed()
            transitions.finish_what_is_done()
            assert Mailing.objects.get().state == Mailing.State.FINISHED
            return Verdict(VerdictKind.TEMPORARY, "451")

    Batch(*taken, Hanging()).send(lambda: False)
    transitions.finish_what_is_done()
    assert Mailing.objects.get().state == Mailing.State.SENDING
    made.deliveries.update(not_before=timezone.now())
    send_all()
    transitions.finish_what_is_done()
    assert Mailing.objects.get().state == Mailing.State.FINISHED
    assert len(mail.outbox) == 1


def patiently(act: Callable[[], bool]) -> bool:
    """The engine's own does not try again within a test's transaction."""
    try:
        return act()
    except OperationalError:
        return act()


def test_a_row_whose_commit_went_unheard_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database takes the commit and is gone before it says so."""
    delivery = builders.delivery(builders.subscriber())
    stream = ServiceMails()
    batch = Batch(stream, claim(stream, 100), Transport())
    commit = batch._commit
    lost: list[bool] = []

    def unheard(following: Delivery | None) -> bool:
        begun = commit(following)
        if not lost:
            lost.append(begun)
            raise OperationalError("the connection was lost")
        return begun

    monkeypatch.setattr(batch, "_commit", unheard)
    monkeypatch.setattr("newsletter.sending.batch.patiently", patiently)
    batch.send(lambda: False)
    assert lost == [True]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.ACCEPTED, 1)
    assert len(mail.outbox) == 1
