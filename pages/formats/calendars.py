"""Events for calendars: iCalendar (RFC 5545), all to come or one alone."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import uuid5

import icalendar
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from pages.formats.reading import read_only
from pages.models import EventPage, EventsIndexPage
from pages.models.events import HOME_ZONE, EventQuerySet
from pages.printable import printable
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language
from pages.tree.safe_links import safe_href

LONGEST_FEED = 100
STATUS = {EventPage.State.CANCELLED: "CANCELLED", EventPage.State.POSTPONED: "TENTATIVE"}


@read_only
def events_calendar(request: HttpRequest) -> HttpResponse:
    """The events to come in the language of the address. Without any it is empty and valid."""
    if not in_offered_language(EventsIndexPage).exists():
        raise Http404
    return _answer(_events().filter(alias_of=None).upcoming()[:LONGEST_FEED], "events")


@read_only
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, past or to come."""
    event = _events().filter(slug=slug, start__isnull=False).first()
    if event is None:
        raise Http404
    return _answer([event], slug)


def _events() -> EventQuerySet:
    """What visitors may see in the language of the address."""
    return EventPage.shown().filter(locale__language_code=get_language()).select_related("locale")


def _answer(events: Sequence[EventPage], name: str) -> HttpResponse:
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//{get_language()}//")
    calendar.add("version", "2.0")
    # By name, so that every process writes the same; one at least, as a calendar is never empty.
    for zone in sorted({event.time_zone for event in events} or {HOME_ZONE}):
        with suppress(ValueError):  # a zone that the library does not know
            calendar.add_component(icalendar.Timezone.from_tzid(zone))
    for event in events:
        calendar.add_component(_component(event))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


def _component(event: EventPage) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{uuid5(event.translation_key, event.locale.language_code)}@bbmri.be")
    component.add("summary", _summary(event))
    _add_times(component, event)
    _add_version(component, event)
    component.add("status", STATUS.get(EventPage.State(event.state), "CONFIRMED"))
    component.add("url", full_url(event))
    if place := _place(event):
        component.add("location", place)
    if event.summary:
        component.add("description", printable(event.summary))
    return component


def _summary(event: EventPage) -> str:
    """Many programs show no status of what they subscribe to: the title says it too."""
    title = printable(event.title)
    return f"{event.get_state_display()}: {title}" if event.state else title


def _add_times(component: icalendar.Event, event: EventPage) -> None:
    """Of whole days the days alone; the end is then the first day after them (section 3.6.1)."""
    start, end = event.local_start, event.local_end
    if event.is_whole_day and start:
        component.add("dtstart", start.date())
        component.add("dtend", (end or start).date() + timedelta(days=1))
        return
    component.add("dtstart", start)
    if end:
        component.add("dtend", end)


def _add_version(component: icalendar.Event, event: EventPage) -> None:
    """By a higher number a program knows the newer of two copies (section 3.8.7.4)."""
    latest = event.last_published_at or event.start
    component.add("dtstamp", latest)
    component.add("last-modified", latest)
    if latest and event.first_published_at:
        changed_after = latest - event.first_published_at
        component.add("sequence", max(0, int(changed_after.total_seconds())))


def _place(event: EventPage) -> str:
    if event.state == EventPage.State.MOVED_ONLINE:
        return safe_href(event.registration_url) or full_url(event)
    return printable(event.place)
