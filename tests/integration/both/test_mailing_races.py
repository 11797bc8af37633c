"""Two editors, or an editor and the worker, act on a mailing at once: one of them does it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from newsletter.issues.freezing import freeze
from newsletter.mailings import transitions
from newsletter.models import DeliveryState, Mailing
from newsletter.sending.claims import claim_what_fits
from newsletter.sending.issues import Issues
from tests import builders

AT_ONCE = 4
TO_COME_SO_FAR = 0.3  # seconds
State = Mailing.State


@pytest.fixture(autouse=True)
def committed(django_db_serialized_rollback: None, transactional_db: None) -> Iterator[None]:
    """Threads have connections of their own and see only what is committed."""
    yield
    connection.close()


def closing(act: Callable[[], object]) -> object:
    try:
        return act()
    finally:
        connection.close()


def all_at_once(act: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _number: closing(act), range(AT_ONCE)))


def prepared() -> Mailing:
    builders.crowd(3)
    made = builders.mailing(builders.issue(builders.home()))
    made.topics.add(builders.topic())
    return made


def test_prepared_and_begun_by_many_at_once_it_is_one_mailing_with_a_row_for_each() -> None:
    builders.crowd(3)
    page, user = builders.issue(builders.home()), User.objects.create_user("editor")
    page.refresh_from_db()
    frozen, topics = freeze(page.latest_revision), [builders.topic()]
    made = all_at_once(lambda: transitions.prepare(page, frozen, topics, user))
    one = Mailing.objects.get()
    assert made == [one] * AT_ONCE
    done = all_at_once(lambda: transitions.begin(Mailing.objects.get(pk=one.pk)))
    assert done.count(True) == 1
    assert one.deliveries.count() == 3


def test_workers_that_take_at_once_keep_the_rate_together() -> None:
    builders.crowd(9)
    made = builders.mailing(builders.issue(builders.home()), rate_per_minute=5)
    made.topics.add(builders.topic())
    transitions.begin(made)
    all_at_once(lambda: claim_what_fits(Issues()))
    assert made.deliveries.filter(state=DeliveryState.CLAIMED).count() == 5


def test_what_is_sent_again_keeps_the_mailing_from_being_finished_meanwhile() -> None:
    made = prepared()
    transitions.begin(made)
    made.deliveries.update(state=DeliveryState.UNCERTAIN, finished_at=timezone.now())
    again = Event()

    def finish() -> None:
        again.wait()
        closing(transitions.finish_what_is_done)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            finishing = pool.submit(finish)
            transitions.send_again(made, [row.pk for row in made.deliveries.all()])
            again.set()
            wait([finishing], timeout=TO_COME_SO_FAR)
        finishing.result()
    made.refresh_from_db()
    assert made.state == State.SENDING
    assert made.deliveries.filter(state=DeliveryState.PENDING).count() == 3
