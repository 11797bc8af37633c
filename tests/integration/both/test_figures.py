"""How the list grew and what became of each mailing: counts that stay true, and name nobody."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter import retention
from newsletter.ledger import chain
from newsletter.ledger.growth import growth
from newsletter.mailings.outcomes import outcomes
from newsletter.models import ConsentEvent, Delivery, DeliveryKind, Subscriber
from newsletter.models.delivery_states import DeliveryState
from newsletter.subscribers import acts
from pages.models import NodePage
from tests import builders

ADDRESS = "/admin/newsletter/mailings/figures/"
EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method


def happened(kind: str, subject: str, months_ago: int) -> None:
    """An event of the ledger in a month before this one."""
    at = timezone.localtime().replace(day=1, hour=0, minute=30)
    for _month in range(months_ago):
        at = (at - timedelta(days=1)).replace(day=1)
    chain.record(ConsentEvent(subject=subject, kind=kind, method=Method.FORM, language="en", at=at))


def test_growth_counts_each_who_joined_or_left_once_in_its_month(db: None) -> None:
    for name in ("ada", "bo", "cy"):
        builders.subscriber(f"{name}@example.org")
    acts.leave(Subscriber.objects.get(key="bo@example.org"), Method.PAGE)
    acts.erase(Subscriber.objects.get(key="bo@example.org"), Method.PAGE)
    acts.erase(Subscriber.objects.get(key="cy@example.org"), Method.PAGE)
    happened(EventKind.CONFIRMED, "long", 14)
    happened(EventKind.CONFIRMED, "gone", 3)
    happened(EventKind.LEFT, "gone", 2)
    happened(EventKind.RETURNED, "gone", 2)
    happened(EventKind.SUPPRESSED, "gone", 1)
    happened(EventKind.ADDRESS_LEFT, "long", 1)
    found = [(month.joined, month.left, month.at_end) for month in growth()]
    assert len(found) == 12
    assert found[:5] == [(3, 2, 1), (0, 1, 0), (1, 1, 1), (1, 0, 1), (0, 0, 0)]


def test_the_months_of_a_year_follow_each_other(db: None) -> None:
    firsts = [timezone.localtime(month.first) for month in growth()]
    assert [first.day for first in firsts] == [1] * 12
    assert len({first.month for first in firsts}) == 12
    assert firsts == sorted(firsts, reverse=True)


def delivered(mailing_id: int, name: str, state: str, at: datetime) -> Subscriber:
    someone = builders.subscriber(f"{name}@example.org")
    Delivery.objects.create(
        mailing_id=mailing_id,
        kind=DeliveryKind.ISSUE,
        subscriber=someone,
        recipient=someone.subject,
        state=state,
        made_at=at,
        finished_at=at,
    )
    return someone


def test_what_became_of_a_mailing_stays_when_its_rows_are_erased(home: NodePage) -> None:
    made = builders.begun(builders.issue(home))
    old = timezone.now() - timedelta(days=1000)
    delivered(made.pk, "ada", DeliveryState.ACCEPTED, old)
    acts.leave(delivered(made.pk, "bo", DeliveryState.ACCEPTED, old), Method.PAGE)
    delivered(made.pk, "cy", DeliveryState.REJECTED, old)
    before = numbers()
    assert before == [(3, 2, 1)]
    retention.erase_what_is_due()
    assert not made.deliveries.exists()
    assert numbers() == before


def numbers() -> list[tuple[int, int, int]]:
    return [(each.recipients, each.accepted, each.left) for each in outcomes(50)]


def test_the_screen_names_nobody_and_costs_no_more_for_more_mailings(
    client: Client, manager: User, home: NodePage
) -> None:
    client.force_login(manager)
    assert "No mailing has begun yet" in client.get(ADDRESS).content.decode()
    costs = []
    for title in ("Freezers", "Samples", "Archives"):
        made = builders.begun(builders.issue(home, title))
        delivered(made.pk, title, DeliveryState.ACCEPTED, timezone.now())
        with CaptureQueriesContext(connection) as queries:
            told = client.get(ADDRESS).content.decode()
        assert "example.org" not in told
        assert made.subject in told
        costs.append(len(queries))
    assert len(set(costs[1:])) == 1


def test_who_may_not_see_mailings_sees_no_figures(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert client.get(ADDRESS)["Location"].startswith("/admin/")
