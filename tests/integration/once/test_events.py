"""Events: at the place's own time, to come until they are over, and then apart."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.models import EventPage, EventsIndexPage, NodePage
from tests import builders

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def typed(**fields: str) -> dict[str, str]:
    """An editor's form of an event."""
    blank = {
        "title": "Autumn meeting",
        "slug": "autumn-meeting",
        "summary": "",
        "start": "2026-11-30 10:00",
        "end": "2026-11-30 12:00",
        "time_zone": "Europe/Helsinki",
        "place": "",
        "registration_url": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "action-publish",
    }
    return blank | fields


def add(browser: Client, home: NodePage, **fields: str) -> str:
    parent = builders.index_of(home, EventsIndexPage)
    address = reverse("wagtailadmin_pages:add", args=["pages", "eventpage", parent.pk])
    return browser.post(address, typed(**fields), follow=True).text


def test_times_are_those_of_the_clock_at_the_place(publishing: Client, home: NodePage) -> None:
    add(publishing, home)
    event = EventPage.objects.get()
    assert event.start == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert event.local_start.hour == 10
    form = publishing.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).text
    assert 'value="2026-11-30 10:00"' in form
    assert "10:00" in publishing.get(event.url).text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"end": "2026-11-29 10:00"}, "before it starts"),
        ({"time_zone": "Mars/Olympus"}, "valid choice"),
        ({"start": ""}, "required"),
        ({"registration_url": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_a_slip_is_told_and_nothing_is_lost(
    publishing: Client, home: NodePage, fields: dict[str, str], reason: str
) -> None:
    answer = add(publishing, home, **fields)
    assert reason in answer
    assert "Autumn meeting" in answer
    assert not EventPage.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "is_upcoming"),
    [
        (NOW + HOUR, None, True),
        (NOW - HOUR, NOW + HOUR, True),
        (NOW - HOUR, None, True),
        (NOW - 24 * HOUR, None, False),
        (NOW - 2 * HOUR, NOW - HOUR, False),
    ],
)
def test_an_event_is_to_come_until_it_is_over(
    home: NodePage, start: datetime, end: datetime | None, is_upcoming: bool
) -> None:
    event = builders.event(home, start=start, end=end)
    shown = EventPage.shown()
    assert (event in shown.upcoming(NOW)) == is_upcoming
    assert (event in shown.past(NOW)) != is_upcoming


def test_past_events_stand_apart(client: Client, home: NodePage) -> None:
    builders.event(home, "Soon", in_days=2)
    builders.event(home, "Long ago", in_days=-200)
    assert "Long ago" not in client.get("/en/events/").text
    assert "Soon" not in client.get("/en/events/past/").text
    assert "Long ago" in client.get("/en/events/past/").text


def test_the_next_event_comes_first(home: NodePage) -> None:
    later, sooner = builders.event(home, "B", in_days=9), builders.event(home, "A", in_days=3)
    assert list(EventPage.shown().upcoming(timezone.now())) == [sooner, later]
