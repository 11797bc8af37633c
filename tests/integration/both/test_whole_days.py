"""Events from midnight to midnight, typed before there was a tick for whole days, are ticked."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from pages.models import EventPage, NodePage
from tests import builders

MIDNIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)  # in Brussels
TIMES = {
    "days": (MIDNIGHT, MIDNIGHT + timedelta(days=1), "Europe/Brussels", True),
    "one day": (MIDNIGHT, None, "Europe/Brussels", True),
    "an evening": (MIDNIGHT - timedelta(hours=4), MIDNIGHT, "Europe/Brussels", False),
    "elsewhere": (MIDNIGHT, None, "Asia/Tokyo", False),
}


@pytest.mark.parametrize("times", TIMES)
def test_what_was_meant_as_whole_days_is_ticked(home: NodePage, times: str) -> None:
    start, end, zone, is_ticked = TIMES[times]
    event = builders.event(home, start=start, end=end, time_zone=zone)
    EventPage.objects.update(is_whole_day=False)
    import_module("pages.migrations.0008_whole_days_of_events").mark(apps, None)
    event.refresh_from_db()
    assert event.is_whole_day == is_ticked
