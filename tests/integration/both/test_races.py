"""Many at once come to what one alone would: each act takes the rows that it decides about."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from newsletter.models import ConsentEvent, DeliveryKind, SignUp, Subscriber, Suppression
from newsletter.subscribers import acts, by_mail
from pages.models import Offer, StandardPage
from tests import builders
from tests.integration.releases import Release

AT_ONCE, ROUNDS = 8, 4
EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method


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
    assert kinds() == [EventKind.CONFIRMED]


def test_many_sign_ups_of_one_address_are_one_subscriber() -> None:
    asked = [builders.sign_up(page=f"/{number}/") for number in range(AT_ONCE)]
    all_at_once(lambda number: acts.confirm(asked[number]))
    assert Subscriber.objects.count() == 1
    assert kinds() == [EventKind.CONFIRMED]


def test_leaving_many_times_is_leaving_once() -> None:
    someone = builders.subscriber()
    done = all_at_once(lambda _number: acts.leave(someone, Method.ONE_CLICK))
    assert done.count(True) == 1
    assert kinds() == [EventKind.CONFIRMED, EventKind.LEFT]


def test_two_people_who_confirm_one_new_address_get_it_once() -> None:
    people = [builders.subscriber(f"reader{number}@example.org") for number in range(AT_ONCE)]
    changes = [
        one.address_changes.create(old_address=one.address, new_address="new@example.org")
        for one in people
    ]
    done = all_at_once(
        lambda number: unless(by_mail.AddressTakenError, by_mail.change_address, changes[number])
    )
    assert done.count(None) == AT_ONCE - 1
    assert Subscriber.objects.filter(key="new@example.org").count() == 1
    call_command("verify_consent")


def unless(refusal: type[Exception], act: Callable[..., object], *about: object) -> object:
    """What comes of it; None where it is refused."""
    try:
        return act(*about)
    except refusal:
        return None


def test_confirming_and_erasing_at_once_wait_for_each_other() -> None:
    for _round in range(ROUNDS):
        someone = builders.subscriber()
        asked = [builders.sign_up() for _number in range(AT_ONCE)]

        def act(number: int, someone: Subscriber = someone, asked: list[SignUp] = asked) -> object:
            if number == 1:
                return unless(Subscriber.DoesNotExist, acts.erase, someone, Method.MAIL_LINK)
            return unless(SignUp.DoesNotExist, acts.confirm, asked[number])

        all_at_once(act)
    call_command("verify_consent")


def test_being_suppressed_and_leaving_at_once_wait_for_each_other() -> None:
    for number in range(ROUNDS):
        someone = builders.subscriber(f"reader{number}@example.org")
        for _mail in range(20):
            builders.delivery(someone, DeliveryKind.RECONSENT)

        def act(number: int, someone: Subscriber = someone) -> None:
            if number % 2:
                acts.suppress(someone.subject, Suppression.Reason.COMPLAINED, Method.PROVIDER)
            else:
                acts.leave(someone, Method.ONE_CLICK)

        all_at_once(act)
        someone.refresh_from_db()
        assert not someone.is_confirmed
    call_command("verify_consent")


def test_different_acts_at_once_make_one_unbroken_history() -> None:
    someone = builders.subscriber()
    languages = ["nl", "fr", "de", "en"] * 2
    all_at_once(lambda number: acts.choose_language(someone, languages[number], Method.PAGE))
    events = list(ConsentEvent.objects.of(someone.subject))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].language == Subscriber.objects.get().language
    call_command("verify_consent")


def test_a_site_that_starts_many_times_is_filled_and_upgraded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.clear_away()
    release = Release(tmp_path)
    release.use(monkeypatch)
    release.write()
    all_at_once(lambda _number: release.start())
    release.files["about"]["summary"] = "A node of networks."
    release.words["A node of networks."] = "Een knooppunt van netwerken."
    release.write()
    told = [str(each) for each in all_at_once(lambda _number: release.start())]
    assert sum("brought up to date: 1." in each for each in told) == 1
    pages = {page.locale.language_code: page for page in StandardPage.objects.filter(slug="about")}
    said = {language: (page.summary, page.revisions.count()) for language, page in pages.items()}
    assert said == {"en": ("A node of networks.", 2), "nl": ("Een knooppunt van netwerken.", 3)}
    assert not Offer.objects.exists()
