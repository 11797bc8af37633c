"""What can happen to a subscriber: once, wholly, and written down."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from newsletter import addresses
from newsletter.ledger import history
from newsletter.models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    DeliveryState,
    SignUp,
    SkipReason,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts, by_mail
from tests import builders

EventKind, Method, Reason = ConsentEvent.Kind, ConsentEvent.Method, Suppression.Reason


def kinds(subject: str) -> list[str]:
    return [event.kind for event in ConsentEvent.objects.of(subject)]


@pytest.fixture
def ada(db: None) -> Subscriber:
    return builders.subscriber()


# Signing up and confirming


def test_a_sign_up_is_one_row_and_nobody_is_a_subscriber_yet(db: None) -> None:
    row = builders.sign_up("Ada.Peeters+x@Example.org")
    assert row.address == "Ada.Peeters+x@example.org"
    assert row.mailbox == addresses.read("adapeeters@example.org").subject
    assert row.state == SignUp.State.WAITING
    assert not Subscriber.objects.exists()
    assert not ConsentEvent.objects.exists()


def test_confirming_makes_a_subscriber_and_keeps_how(db: None) -> None:
    asked = builders.sign_up(language="en", topics=["newsletter", "events"])
    mail = Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, asked)
    acts.confirm(asked)
    someone = Subscriber.objects.get()
    event = ConsentEvent.objects.get()
    assert someone.is_confirmed
    assert someone.topic_slugs() == event.topics == ["events", "newsletter"]
    assert event.consent_text == someone.consent_text == asked.consent_text
    assert event.evidence["confirmation_mail"] == mail.message_id
    assert event.evidence["page"] == "/en/newsletter/"
    assert "ada@" not in str(event.evidence).lower()  # by chance a hash has the name alone


def test_an_import_is_not_said_to_have_ticked_a_box_or_asked_when_it_was_imported(
    db: None,
) -> None:
    given = {"how": "paper list of the 2025 meeting", "asked_at": "2025-05-31T00:00:00+02:00"}
    asked = builders.sign_up(page="")
    SignUp.objects.update(origin=SignUp.Origin.IMPORT, evidence=given)
    acts.confirm(asked)
    event = ConsentEvent.objects.get()
    assert event.method == Method.IMPORT
    assert event.evidence["import"] == given
    assert event.evidence["asked_at"] == given["asked_at"]
    assert not {"box", "page"} & event.evidence.keys()
    entry = history.in_words([event])[-1]
    assert entry.at == datetime.fromisoformat(given["asked_at"])
    assert (entry.what, entry.how) == (
        "You asked for it, says a list that we were given.",
        given["how"],
    )


def test_an_old_sign_up_does_not_bring_back_an_address_that_was_left(ada: Subscriber) -> None:
    by_mail.change_address(builders.address_change(ada, "ada@new.example"))
    acts.confirm(SignUp.objects.get())
    assert Subscriber.objects.get().address == "ada@new.example"


def test_confirming_twice_is_as_good_as_once(db: None) -> None:
    asked = builders.sign_up()
    acts.confirm(asked)
    acts.confirm(asked)
    assert kinds(asked.subject) == [EventKind.CONFIRMED]


def test_two_sign_ups_of_one_address_make_one_subscriber(db: None) -> None:
    for spelling in ("ada@example.org", "ADA@example.org"):
        acts.confirm(builders.sign_up(spelling))
    assert kinds(Subscriber.objects.get().subject) == [EventKind.CONFIRMED]


def test_signing_up_again_changes_nothing_of_a_subscriber(ada: Subscriber) -> None:
    builders.subscriber(topics=["events"], language="nl")
    ada.refresh_from_db()
    assert (ada.language, ada.topic_slugs()) == ("en", ["newsletter"])


def test_an_old_confirmation_does_not_bring_back_who_has_left(ada: Subscriber) -> None:
    acts.leave(ada, Method.PAGE)
    acts.confirm(SignUp.objects.get())
    ada.refresh_from_db()
    assert not ada.is_confirmed


def test_a_fresh_sign_up_brings_back_who_has_left(ada: Subscriber) -> None:
    acts.leave(ada, Method.PAGE)
    builders.subscriber(topics=["events"], language="nl")
    ada.refresh_from_db()
    assert (ada.is_confirmed, ada.left_at) == (True, None)
    assert (ada.language, ada.topic_slugs()) == ("nl", ["events"])
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.LEFT, EventKind.CONFIRMED]


@pytest.mark.parametrize("reason", Reason)
def test_confirming_lifts_only_what_it_may(db: None, reason: str) -> None:
    asked = builders.sign_up()
    Suppression.add(asked.subject, reason)
    if reason in Suppression.CONFIRMATION_LIFTS:
        acts.confirm(asked)
        assert Subscriber.objects.reachable().exists()
        return
    with pytest.raises(acts.SuppressedError):
        acts.confirm(asked)
    assert not Subscriber.objects.exists()
    asked.refresh_from_db()
    assert asked.state == SignUp.State.WAITING


# Leaving and coming back


def test_leaving_stops_mail_that_needs_consent_and_says_goodbye(ada: Subscriber) -> None:
    news = builders.delivery(ada, DeliveryKind.RECONSENT)
    link = builders.delivery(ada, DeliveryKind.MANAGE_LINK)
    assert acts.leave(ada, Method.ONE_CLICK)
    news.refresh_from_db()
    link.refresh_from_db()
    assert (news.state, news.skip_reason) == (DeliveryState.SKIPPED, SkipReason.LEFT)
    assert link.state == DeliveryState.PENDING
    assert ada.deliveries.filter(kind=DeliveryKind.GOODBYE).count() == 1


def test_leaving_twice_says_goodbye_once(ada: Subscriber) -> None:
    assert acts.leave(ada, Method.PAGE)
    assert not acts.leave(ada, Method.PAGE)
    assert ada.deliveries.filter(kind=DeliveryKind.GOODBYE).count() == 1
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.LEFT]


def test_leaving_and_coming_back_again_and_again_says_goodbye_once_a_day(ada: Subscriber) -> None:
    goodbyes = ada.deliveries.filter(kind=DeliveryKind.GOODBYE)
    for _time in range(3):
        acts.leave(ada, Method.MAIL_LINK)
        goodbyes.filter(state=DeliveryState.PENDING).update(
            state=DeliveryState.ACCEPTED, finished_at=timezone.now()
        )
        acts.come_back(ada, Method.MAIL_LINK)
    assert goodbyes.count() == 1
    goodbyes.update(made_at=timezone.now() - timedelta(hours=25))
    acts.leave(ada, Method.MAIL_LINK)
    assert goodbyes.count() == 2


def test_undoing_takes_back_a_goodbye_that_has_not_gone(ada: Subscriber) -> None:
    acts.leave(ada, Method.PAGE)
    assert acts.come_back(ada, Method.MAIL_LINK)
    assert not acts.come_back(ada, Method.MAIL_LINK)
    assert ada.deliveries.get().state == DeliveryState.SKIPPED
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.LEFT, EventKind.RETURNED]


def test_who_complained_does_not_come_back_by_an_old_link(ada: Subscriber) -> None:
    acts.leave(ada, Method.PAGE)
    acts.suppress(ada.subject, Reason.COMPLAINED, Method.PROVIDER)
    with pytest.raises(acts.SuppressedError):
        acts.come_back(ada, Method.MAIL_LINK)


# Choosing


def test_topics_are_those_chosen_and_no_others(ada: Subscriber) -> None:
    builders.topic("events")
    assert acts.choose_topics(ada, ["events", "nowhere"], Method.PAGE)
    assert not acts.choose_topics(ada, ["events"], Method.PAGE)
    assert ada.topic_slugs() == ["events"]
    assert ConsentEvent.objects.of(ada.subject).latest("pk").topics == ["events"]


def test_a_language_is_chosen_once(ada: Subscriber) -> None:
    assert acts.choose_language(ada, "de", Method.PAGE)
    assert not acts.choose_language(ada, "de", Method.PAGE)
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.LANGUAGE_CHANGED]


def test_agreeing_anew_is_to_a_newer_text_and_by_who_has_not_left(ada: Subscriber) -> None:
    second, third = builders.consent_text(version=2), builders.consent_text(version=3)
    assert acts.agree_anew(ada, third, Method.MAIL_LINK)
    assert not acts.agree_anew(ada, third, Method.MAIL_LINK)
    assert not acts.agree_anew(ada, second, Method.MAIL_LINK)
    acts.leave(ada, Method.PAGE)
    assert not acts.agree_anew(ada, builders.consent_text(version=4), Method.MAIL_LINK)


# Changing the address


def test_a_changed_address_links_two_histories_and_tells_the_old_one(ada: Subscriber) -> None:
    old = ada.subject
    change = builders.address_change(ada, "ada@new.example")
    now = by_mail.change_address(change)
    assert by_mail.change_address(change) == now, "again is a success"
    new = addresses.read("ada@new.example")
    assert (now.address, now.key, now.subject) == (str(new), new.key, new.subject)
    assert kinds(old) == [EventKind.CONFIRMED, EventKind.ADDRESS_LEFT]
    assert kinds(new.subject) == [EventKind.ADDRESS_TAKEN]
    told = now.deliveries.get(kind=DeliveryKind.ADDRESS_CHANGED)
    assert told.recipient == old


def test_a_confirmed_change_makes_those_asked_for_before_void(ada: Subscriber) -> None:
    for new in ("ada@one.example", "ada@two.example"):
        by_mail.ask_new_address(ada, addresses.read(new))
    one, two = AddressChange.objects.order_by("pk")
    now = by_mail.change_address(two)
    waiting = one.deliveries.get()
    assert (waiting.state, waiting.skip_reason) == (DeliveryState.SKIPPED, SkipReason.LATE)
    back = builders.address_change(now, ada.address)
    by_mail.change_address(back)
    for void in (one, two):
        with pytest.raises(AddressChange.DoesNotExist):
            by_mail.change_address(void)
    now.refresh_from_db()
    assert now.address == ada.address


def test_asking_twice_for_one_new_address_is_one_change(ada: Subscriber) -> None:
    new = addresses.read("ada@new.example")
    assert by_mail.ask_new_address(ada, new)
    assert not by_mail.ask_new_address(ada, new)
    Delivery.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    assert by_mail.ask_new_address(ada, addresses.read("ADA@new.example")), "the mail got lost"
    change = AddressChange.objects.get()
    assert change.deliveries.count() == 2
    assert not by_mail.ask_new_address(ada, addresses.read(ada.address.upper()))


def test_another_subscribers_address_is_not_taken(ada: Subscriber) -> None:
    builders.subscriber("bob@example.org")
    with pytest.raises(by_mail.AddressTakenError):
        by_mail.change_address(builders.address_change(ada, "BOB@example.org"))
    assert kinds(ada.subject) == [EventKind.CONFIRMED]


def test_who_had_left_has_left_under_the_new_address_too(ada: Subscriber) -> None:
    acts.leave(ada, Method.PAGE)
    now = by_mail.change_address(builders.address_change(ada, "ada@new.example"))
    assert not now.is_confirmed
    assert kinds(now.subject) == [EventKind.ADDRESS_TAKEN, EventKind.LEFT]


@pytest.mark.parametrize("reason", Reason)
def test_a_new_address_lifts_what_a_confirmation_lifts(ada: Subscriber, reason: str) -> None:
    change = builders.address_change(ada, "ada@new.example")
    Suppression.add(addresses.read(change.new_address).subject, reason)
    if reason in Suppression.CONFIRMATION_LIFTS:
        by_mail.change_address(change)
        assert Subscriber.objects.reachable().exists()
        return
    with pytest.raises(acts.SuppressedError):
        by_mail.change_address(change)
    assert kinds(ada.subject) == [EventKind.CONFIRMED]


# Never to be written to


def test_a_suppressed_subscriber_leaves_without_a_goodbye(ada: Subscriber) -> None:
    waiting = builders.delivery(ada)
    acts.suppress(ada.subject, Reason.BOUNCED, Method.PROVIDER)
    acts.suppress(ada.subject, Reason.BOUNCED, Method.PROVIDER)
    ada.refresh_from_db()
    waiting.refresh_from_db()
    assert not ada.is_confirmed
    assert waiting.skip_reason == SkipReason.SUPPRESSED
    assert ada.deliveries.count() == 1
    assert kinds(ada.subject) == [EventKind.CONFIRMED, EventKind.SUPPRESSED]


def test_never_holds_for_who_was_erased_before(db: None) -> None:
    """The reason that a sign-up does not lift wins over one that it does."""
    Suppression.add("s" * 64, Reason.ERASED)
    Suppression.add("s" * 64, Reason.NEVER)
    Suppression.add("s" * 64, Reason.BOUNCED)
    assert Suppression.objects.get().reason == Reason.NEVER


def test_a_mail_that_is_just_being_sent_keeps_its_state(ada: Subscriber) -> None:
    now = timezone.now()
    sending = builders.delivery(
        ada,
        state=DeliveryState.SENDING,
        claim="12345678123456781234567812345678",
        claimed_until=now,
        attempt_started_at=now,
    )
    acts.leave(ada, Method.PAGE)
    acts.erase(Subscriber.objects.get(), Method.PAGE)
    sending.refresh_from_db()
    assert sending.state == DeliveryState.SENDING
