"""The worker decides who is written to: nobody's mailbox is flooded, and nobody is lost."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter import retention
from newsletter.models import (
    Asking,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    LinkRequest,
    SignUp,
    Suppression,
)
from newsletter.subscribers import acts
from newsletter.subscribers.sign_up_queue import (
    BATCH,
    MANAGE_LINKS_DAILY,
    answer_link_requests,
    decide_sign_ups,
)
from tests import builders

State = SignUp.State

pytestmark = pytest.mark.django_db


def decided(*sign_ups: SignUp) -> list[str]:
    decide_sign_ups()
    for each in sign_ups:
        each.refresh_from_db()
    return [each.state for each in sign_ups]


def kinds() -> list[str]:
    return list(Delivery.objects.values_list("kind", flat=True))


def from_network(name: str, count: int, prefix: str = "reader") -> list[SignUp]:
    return [builders.sign_up(f"{prefix}{n}@{name}.example", network=name) for n in range(count)]


def age(**how_long: int) -> None:
    """So much time goes by, and what is due is erased."""
    for model, names in ((SignUp, ("made_at", "decided_at", "parked_until")), (Asking, ("at",))):
        earlier = {name: F(name) - timedelta(**how_long) for name in names}
        model._default_manager.update(**earlier)
    retention.erase_what_is_due()


def test_a_new_address_is_asked_once() -> None:
    sign_up = builders.sign_up()
    assert decided(sign_up) == [State.ASKED]
    decide_sign_ups()
    assert kinds() == [DeliveryKind.CONFIRM]


def test_a_subscriber_is_told_so_once_a_day_and_nothing_changes() -> None:
    subscriber = builders.subscriber("ada@example.org")
    again = [builders.sign_up("ADA@example.org") for _ in range(2)]
    assert decided(*again) == [State.KNOWN, State.KNOWN]
    assert kinds() == [DeliveryKind.KNOWN]
    Delivery.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert decided(builders.sign_up("ada@example.org")) == [State.KNOWN]
    assert kinds() == [DeliveryKind.KNOWN, DeliveryKind.KNOWN]
    subscriber.refresh_from_db()
    assert subscriber.is_confirmed


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (Suppression.Reason.ERASED, State.ASKED),
        (Suppression.Reason.BOUNCED, State.DROPPED),
        (Suppression.Reason.NEVER, State.DROPPED),
        (Suppression.Reason.COMPLAINED, State.DROPPED),
        (Suppression.Reason.STAFF, State.DROPPED),
    ],
)
def test_who_asked_never_to_be_written_to_is_not_asked(reason: str, state: str) -> None:
    sign_up = builders.sign_up()
    Suppression.add(sign_up.subject, reason)
    assert decided(sign_up) == [state]


def test_what_did_not_exist_is_asked_again_after_a_month() -> None:
    sign_up = builders.sign_up()
    Suppression.add(sign_up.subject, Suppression.Reason.BOUNCED)
    Suppression.objects.update(since=timezone.now() - timedelta(days=31))
    assert decided(sign_up) == [State.ASKED]


SPELLINGS = ["ada.lovelace@example.org", "adalovelace+x@example.org", "a.dalovelace@example.org"]


def test_spellings_of_one_mailbox_are_asked_once_a_day_and_the_others_wait() -> None:
    asked = [builders.sign_up(spelling) for spelling in SPELLINGS]
    assert decided(*asked) == [State.ASKED, State.PARKED, State.PARKED]
    age(hours=23)
    assert decided(*asked) == [State.ASKED, State.PARKED, State.PARKED]
    age(hours=2)
    assert decided(*asked) == [State.ASKED, State.ASKED, State.PARKED]
    age(days=6)
    assert not SignUp.objects.exists()


def test_a_mailbox_is_asked_three_times_a_month_however_often_its_sign_ups_are_erased() -> None:
    for _day in range(29):
        builders.sign_up("ada@example.org")
        decide_sign_ups()
        age(days=1)
    assert Delivery.objects.filter(kind=DeliveryKind.CONFIRM).count() == 3
    age(days=2)
    decide_sign_ups()
    assert Delivery.objects.filter(kind=DeliveryKind.CONFIRM).count() == 4


def test_who_confirmed_while_another_sign_up_was_parked_gets_no_mail_for_it() -> None:
    first, second = builders.sign_up(SPELLINGS[0]), builders.sign_up(SPELLINGS[0])
    assert decided(first, second) == [State.ASKED, State.PARKED]
    acts.confirm(first)
    age(hours=25)
    assert decided(second) == [State.KNOWN]
    assert kinds() == [DeliveryKind.CONFIRM]


def test_who_is_erased_may_sign_up_again_at_once() -> None:
    first = builders.sign_up("ada@example.org")
    decide_sign_ups()
    acts.confirm(first)
    acts.erase(builders.subscriber("ada@example.org"), ConsentEvent.Method.MAIL_LINK)
    assert not Asking.objects.exists()
    assert decided(builders.sign_up("ada@example.org")) == [State.ASKED]


def test_a_full_network_waits_its_turn_and_holds_up_nobody(settings: Settings) -> None:
    settings.NEWSLETTER_NETWORK_HOURLY = 2
    flood, one = from_network("flood", 5), builders.sign_up("ada@quiet.example", network="quiet")
    assert decided(*flood, one) == [State.ASKED] * 2 + [State.PARKED] * 3 + [State.ASKED]
    age(minutes=61)
    assert decided(*flood) == [State.ASKED] * 4 + [State.PARKED]


def test_the_longest_parked_go_before_newcomers(settings: Settings) -> None:
    settings.NEWSLETTER_SITE_HOURLY = 2
    first = [*from_network("north", 2), *from_network("south", 2)]
    assert decided(*first) == [State.ASKED, State.ASKED, State.PARKED, State.PARKED]
    newcomer = builders.sign_up("new@east.example", network="east")
    age(minutes=61)
    assert decided(*first, newcomer) == [State.ASKED] * 4 + [State.PARKED]


def test_many_from_two_networks_hold_up_nobody_from_a_third(settings: Settings) -> None:
    settings.NEWSLETTER_SITE_HOURLY, settings.NEWSLETTER_NETWORK_HOURLY = 4, 2
    floods = [*from_network("north", BATCH + 2), *from_network("south", BATCH + 2)]
    while decide_sign_ups() == BATCH:
        pass
    late = from_network("quiet", 1)
    assert decided(*late) == [State.PARKED]
    age(minutes=61)
    assert decided(*late) == [State.ASKED]
    assert decided(*floods).count(State.ASKED) == 4 + 3


def test_the_next_place_is_for_the_network_that_had_the_fewest(settings: Settings) -> None:
    settings.NEWSLETTER_SITE_HOURLY, settings.NEWSLETTER_NETWORK_HOURLY = 2, 5
    north, quiet = from_network("north", 3), from_network("quiet", 1)
    assert decided(*north, *quiet) == [State.ASKED] * 2 + [State.PARKED] * 2
    settings.NEWSLETTER_SITE_HOURLY = 3
    assert decided(*north, *quiet) == [State.ASKED] * 2 + [State.PARKED, State.ASKED]


def test_one_subscribers_address_typed_again_and_again_fills_no_hour(settings: Settings) -> None:
    settings.NEWSLETTER_SITE_HOURLY, settings.NEWSLETTER_NETWORK_HOURLY = 3, 2
    builders.subscriber("ada@example.org")
    again = [builders.sign_up("ada@example.org", network="flood") for _ in range(5)]
    assert decided(*again) == [State.KNOWN] * 5
    assert decided(*from_network("quiet", 2)) == [State.ASKED] * 2


def test_a_subscriber_takes_the_room_of_a_stranger_so_that_nobody_can_tell_them_apart(
    settings: Settings,
) -> None:
    settings.NEWSLETTER_NETWORK_HOURLY = 1
    builders.subscriber("ada@example.org")
    of_ada = [builders.sign_up("ada@example.org", network="north"), *from_network("north", 1)]
    of_bo = [builders.sign_up("bo@example.org", network="south"), *from_network("south", 1)]
    assert decided(*of_ada) == [State.KNOWN, State.PARKED]
    assert decided(*of_bo) == [State.ASKED, State.PARKED]
    assert decided(builders.sign_up("cy@example.org", network="north")) == [State.PARKED]


def test_a_subscriber_from_a_full_network_waits_for_the_link_and_gets_it(
    settings: Settings,
) -> None:
    settings.NEWSLETTER_NETWORK_HOURLY = 1
    builders.subscriber("ada@example.org")
    full = [*from_network("north", 1), builders.sign_up("ada@example.org", network="north")]
    assert decided(*full) == [State.ASKED, State.PARKED]
    SignUp.objects.update(decided_at=F("decided_at") - timedelta(minutes=61))
    assert decided(*full) == [State.ASKED, State.KNOWN]
    assert DeliveryKind.KNOWN in kinds()


def test_what_staff_imported_waits_for_no_window(settings: Settings) -> None:
    settings.NEWSLETTER_SITE_HOURLY = 1
    imported = [builders.sign_up(f"r{n}@example.org") for n in range(3)]
    SignUp.objects.update(origin=SignUp.Origin.IMPORT)
    assert decided(*imported) == [State.ASKED] * 3


def ask_for_link(address: str) -> None:
    subject = builders.addresses.read(address).subject
    LinkRequest.objects.create(address=address, subject=subject)


def test_only_who_has_a_page_gets_its_link_and_once_an_hour() -> None:
    builders.subscriber("ada@example.org")
    for address in ("ada@example.org", "ada@example.org", "nobody@example.org"):
        ask_for_link(address)
    assert answer_link_requests() == 3
    assert kinds() == [DeliveryKind.MANAGE_LINK]
    assert not LinkRequest.objects.exists()
    Delivery.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    ask_for_link("ada@example.org")
    answer_link_requests()
    assert kinds() == [DeliveryKind.MANAGE_LINK, DeliveryKind.MANAGE_LINK]


def test_whoever_types_a_subscribers_address_cannot_flood_their_mailbox() -> None:
    builders.subscriber("ada@example.org")
    for _hour in range(24):
        ask_for_link("ada@example.org")
        answer_link_requests()
        Delivery.objects.update(made_at=F("made_at") - timedelta(minutes=61))
    assert kinds() == [DeliveryKind.MANAGE_LINK] * MANAGE_LINKS_DAILY


def test_a_rush_leaves_the_worker_time_for_everything_else() -> None:
    for number in range(BATCH + 1):
        ask_for_link(f"reader{number}@example.org")
        builders.sign_up(f"reader{number}@example.org")
    assert (decide_sign_ups(), answer_link_requests()) == (BATCH, BATCH)
    assert (decide_sign_ups(), answer_link_requests()) == (1, 1)


def test_who_has_left_still_gets_the_link() -> None:
    acts.leave(builders.subscriber("ada@example.org"), ConsentEvent.Method.PAGE)
    ask_for_link("ada@example.org")
    answer_link_requests()
    assert DeliveryKind.MANAGE_LINK in kinds()
