"""Many at once come to what one alone would: each act takes the rows that it decides about."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from newsletter import acts
from newsletter.models import ConsentEvent, Subscriber
from tests import builders

AT_ONCE = 8
Kind, Method = ConsentEvent.Kind, ConsentEvent.Method


@pytest.fixture(autouse=True)
def committed(django_db_serialized_rollback: None, transactional_db: None) -> Iterator[None]:
    """Threads have connections of their own and see only what is committed."""
    yield
    connection.close()


def all_at_once(act: Callable[[int], object]) -> list[object]:
    def closing(number: int) -> object:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(closing, range(AT_ONCE)))


def kinds() -> list[str]:
    return [event.kind for event in ConsentEvent.objects.order_by("seq")]


def test_one_sign_up_confirmed_many_times_is_one_subscriber() -> None:
    asked = builders.sign_up()
    all_at_once(lambda _number: acts.confirm(asked))
    assert Subscriber.objects.count() == 1
    assert kinds() == [Kind.CONFIRMED]


def test_many_sign_ups_of_one_address_are_one_subscriber() -> None:
    asked = [builders.sign_up(page=f"/{number}/") for number in range(AT_ONCE)]
    all_at_once(lambda number: acts.confirm(asked[number]))
    assert Subscriber.objects.count() == 1
    assert kinds() == [Kind.CONFIRMED]


def test_leaving_many_times_is_leaving_once() -> None:
    someone = builders.subscriber()
    done = all_at_once(lambda _number: acts.leave(someone, Method.ONE_CLICK))
    assert done.count(True) == 1
    assert kinds() == [Kind.CONFIRMED, Kind.LEFT]


def test_different_acts_at_once_make_one_unbroken_history() -> None:
    someone = builders.subscriber()
    languages = ["nl", "fr", "de", "en"] * 2
    all_at_once(lambda number: acts.choose_language(someone, languages[number], Method.PAGE))
    events = list(ConsentEvent.objects.of(someone.subject))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].language == Subscriber.objects.get().language
    call_command("verify_consent")
