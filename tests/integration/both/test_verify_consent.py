"""Whatever is changed behind the ledger's back is named, and nobody's address is."""

from copy import deepcopy
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from newsletter.ledger import triggers
from newsletter.ledger.verification import verify
from newsletter.models import AddressChange, ConsentEvent, LedgerPurge, Subscriber, Subscription
from newsletter.subscribers import acts, by_mail
from tests import builders

EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method


def moved(someone: Subscriber, new: str) -> Subscriber:
    change = AddressChange.objects.create(
        subscriber=someone, old_address=someone.address, new_address=new
    )
    return by_mail.change_address(change)


@pytest.fixture(scope="module")
def made(module_db: Path) -> dict[str, Subscriber]:
    builders.topic("events")
    stayed = builders.subscriber("stayed@example.org")
    acts.choose_topics(stayed, ["events"], Method.PAGE)
    acts.choose_language(stayed, "nl", Method.PAGE)
    acts.agree_anew(stayed, builders.consent_text(version=2), Method.MAIL_LINK)
    left = builders.subscriber("left@example.org")
    acts.leave(left, Method.ONE_CLICK)
    again = builders.subscriber("erased@example.org")
    acts.erase(again, Method.MAIL_LINK)
    acts.erase(builders.subscriber("gone@example.org"), Method.MAIL_LINK)
    return {
        "stayed": stayed,
        "left": left,
        "moved": moved(builders.subscriber("moved@example.org"), "moved@new.example"),
        "again": builders.subscriber("erased@example.org"),
    }


@pytest.fixture
def people(db: None, made: dict[str, Subscriber]) -> dict[str, Subscriber]:
    """One who stayed, one who left, one who moved, one who was erased and came again."""
    return deepcopy(made)


def found() -> list[str]:
    return verify().faults


def behind_its_back(statement: str, *parameters: str | int) -> None:
    """As somebody would who has the database to themselves."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    triggers.make(connection)


def test_what_was_done_properly_fits(people: dict[str, Subscriber]) -> None:
    out = StringIO()
    call_command("verify_consent", stdout=out)
    assert out.getvalue() == "Everything fits: 14 events of 6 people.\n"


def test_there_and_back_to_an_address_fits(db: None) -> None:
    someone = moved(builders.subscriber("a@example.org"), "b@example.org")
    moved(moved(someone, "a@example.org"), "A@example.org")
    assert found() == []


EVENT = "UPDATE newsletter_consentevent SET"
CHANGES = {
    "kind": f"{EVENT} kind = 'returned' WHERE seq = 1 AND subject = %s",
    "time": f"{EVENT} at = '2020-01-01 00:00:00+00:00' WHERE seq = 2 AND subject = %s",
    "topics": f"""{EVENT} topics = '["a"]' WHERE seq = 3 AND subject = %s""",
    "evidence": f"""{EVENT} evidence = '{{"x": 1}}' WHERE seq = 1 AND subject = %s""",
    "language": f"{EVENT} language = 'de' WHERE seq = 1 AND subject = %s",
    "method": f"{EVENT} method = 'admin' WHERE seq = 1 AND subject = %s",
    "text": f"{EVENT} consent_text_id = NULL WHERE seq = 1 AND subject = %s",
    "number": f"{EVENT} seq = 40 WHERE seq = 4 AND subject = %s",
    "hash": f"{EVENT} row_hash = 'x' WHERE seq = 2 AND subject = %s",
    "chain": f"{EVENT} previous_hash = 'x' WHERE seq = 2 AND subject = %s",
    "first": "DELETE FROM newsletter_consentevent WHERE seq = 1 AND subject = %s",
    "middle": "DELETE FROM newsletter_consentevent WHERE seq = 2 AND subject = %s",
    "last": "DELETE FROM newsletter_consentevent WHERE seq = 4 AND subject = %s",
    "history": "DELETE FROM newsletter_consentevent WHERE subject = %s",
    "state": "UPDATE newsletter_subscriber SET state = 'left', left_at = confirmed_at"
    " WHERE subject = %s",
    "own language": "UPDATE newsletter_subscriber SET language = 'de' WHERE subject = %s",
    "own text": "UPDATE newsletter_subscriber SET consent_text_id ="
    " (SELECT min(id) FROM newsletter_consenttext) WHERE subject = %s",
    "address": "UPDATE newsletter_subscriber SET address = 'eve@example.org' WHERE subject = %s",
    "key": "UPDATE newsletter_subscriber SET key = 'eve@example.org' WHERE subject = %s",
    "row": "DELETE FROM newsletter_subscriber WHERE subject = %s",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_behind_its_back_is_named(people: dict[str, Subscriber], change: str) -> None:
    if change == "row":
        Subscription.objects.filter(subscriber=people["stayed"]).delete()
    behind_its_back(CHANGES[change], people["stayed"].subject)
    faults = found()
    assert faults
    assert all(people["stayed"].subject[:12] in fault for fault in faults)


def test_other_topics_than_the_ledger_says_are_named(people: dict[str, Subscriber]) -> None:
    Subscription.objects.filter(subscriber=people["stayed"]).delete()
    assert found() == [f"{people['stayed'].subject[:12]}: topics is [], by the ledger ['events']"]


def test_another_wording_than_was_hashed_is_named(people: dict[str, Subscriber]) -> None:
    behind_its_back("UPDATE newsletter_consenttext SET purposes = 'Selling.' WHERE version = 2")
    assert ["consent text" in fault for fault in found()] == [True]


def test_a_wording_that_is_gone_is_named(people: dict[str, Subscriber]) -> None:
    with transaction.atomic():  # which is undone before its keys are looked at
        behind_its_back("DELETE FROM newsletter_consenttext WHERE version = 2")
        faults = found()
        transaction.set_rollback(True)
    assert any("which it names, is gone" in fault for fault in faults)


@pytest.mark.parametrize("half", ["left", "taken"])
def test_half_a_change_of_address_is_named(people: dict[str, Subscriber], half: str) -> None:
    """Both halves are one act: that one is gone shows by the other."""
    taken = ConsentEvent.objects.get(kind=EventKind.ADDRESS_TAKEN)
    gone = taken.subject if half == "taken" else taken.evidence["from"]
    behind_its_back("DELETE FROM newsletter_consentevent WHERE subject = %s", gone)
    Subscriber.objects.filter(subject=gone).delete()
    assert any("another address" in fault for fault in found())


def test_the_end_taken_from_who_was_erased_is_named(people: dict[str, Subscriber]) -> None:
    last = ConsentEvent.objects.filter(kind=EventKind.ERASED).latest("pk")
    behind_its_back("DELETE FROM newsletter_consentevent WHERE id = %s", last.pk)
    assert found() == [f"{last.subject[:12]}: no subscriber, and the last event is 'confirmed'"]


def test_only_a_new_sign_up_may_follow_erasure(people: dict[str, Subscriber]) -> None:
    gone = ConsentEvent.objects.filter(kind=EventKind.ERASED).latest("pk")
    acts.chain.record(
        ConsentEvent(
            subject=gone.subject, kind=EventKind.LANGUAGE_CHANGED, method="page", language="nl"
        )
    )
    assert any("cannot come after erased" in fault for fault in found())


def test_a_purge_left_open_is_named(db: None) -> None:
    LedgerPurge.objects.create(older_than=timezone.now() - timedelta(days=1))
    assert ["left open" in fault for fault in found()] == [True]


def test_another_key_is_guessed(people: dict[str, Subscriber], settings: Settings) -> None:
    settings.ADDRESS_KEY = "another key" * 6
    assert all("ADDRESS_KEY" in fault for fault in found())


def test_what_is_found_ends_the_command_in_failure_and_names_nobody(
    people: dict[str, Subscriber],
) -> None:
    for name in ("address", "state", "chain"):
        behind_its_back(CHANGES[name], people["stayed"].subject)
    out = StringIO()
    with pytest.raises(CommandError, match="do not fit in 14 events"):
        call_command("verify_consent", stdout=out)
    assert len(out.getvalue().splitlines()) == 4  # an event changed shows by its hash as well
    assert "@" not in out.getvalue()


def test_many_people_take_no_more_queries_than_few(
    people: dict[str, Subscriber], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        assert found() == []
