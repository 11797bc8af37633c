"""Events: at the place's own time, to come until they are over, and then apart."""

import re
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


def test_whole_days_have_no_times(publishing: Client, home: NodePage, client: Client) -> None:
    """Typed as such, or from midnight to midnight; the last day counts to its end."""
    days = {"start": "2027-11-26 09:30", "end": "2027-11-27", "time_zone": "Europe/Brussels"}
    add(publishing, home, **days, is_whole_day="on")
    add(publishing, home, **days | {"start": "2027-11-26"}, slug="again")
    for event in EventPage.objects.all():
        assert (event.is_whole_day, f"{event.local_start:%H:%M}") == (True, "00:00")
        text = " ".join(client.get(event.url).text.split())
        assert "26 November 2027</time> \u2013 <time" in text
        assert "27 November 2027</time>" in text
        assert "00:00" not in re.sub(r"<head>.*?</head>", "", text)
    evening = event.local_end + 20 * HOUR
    assert event in EventPage.shown().upcoming(evening)
    assert event in EventPage.shown().past(evening + 5 * HOUR)


@pytest.mark.parametrize(
    ("zone", "start", "reason"),
    [
        ("Asia/Tokyo", "2027-03-28 02:30", ""),  # which Belgian clocks leave out
        ("America/New_York", "2027-03-14 02:30", "goes forward past this time"),
        ("Europe/Brussels", "2027-03-28 02:30", "goes forward past this time"),
        ("Europe/Brussels", "2027-10-31 02:30", ""),  # twice: the first
    ],
)
def test_a_time_is_one_that_clocks_of_the_place_show(
    publishing: Client, home: NodePage, zone: str, start: str, reason: str
) -> None:
    answer = add(publishing, home, start=start, end="", time_zone=zone)
    assert reason in answer
    assert EventPage.objects.exists() == (not reason)
    if not reason:
        assert f"{EventPage.objects.get().local_start:%Y-%m-%d %H:%M}" == start


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("cancelled", "This event is cancelled."),
        ("postponed", "This event is postponed."),
        ("moved-online", "online only"),
    ],
)
def test_an_event_that_is_off_says_so_wherever_it_stands(
    client: Client, home: NodePage, state: str, said: str
) -> None:
    register = "https://example.org/register"
    event = builders.event(home, state=state, place="Ghent", registration_url=register)
    text = client.get(event.url).text
    assert said in text
    assert (register in text) == (state == "moved-online")
    assert EventPage.State(state).label + ":</strong>" in client.get("/en/events/").text
