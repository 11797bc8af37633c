"""Events for calendars: iCalendar (RFC 5545), all to come or one alone."""

from collections.abc import Iterable
from uuid import uuid5

import icalendar
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Locale

from pages.addresses import full_url
from pages.models import EventPage, EventsIndexPage
from pages.published import published

LONGEST_FEED = 100


def events_calendar(request: HttpRequest) -> HttpResponse:
    """The events to come in the language of the address. Without any it is empty and valid."""
    locale = Locale.get_active()
    if not published(EventsIndexPage, locale).exists():
        raise Http404
    return _answer(EventPage.shown().filter(locale=locale).upcoming()[:LONGEST_FEED], "events")


def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, past or to come."""
    event = (
        EventPage.shown().filter(locale=Locale.get_active(), slug=slug, start__isnull=False).first()
    )
    if event is None:
        raise Http404
    return _answer([event], slug)


def _answer(events: Iterable[EventPage], name: str) -> HttpResponse:
    calendar = icalendar.Calendar()
    calendar.add(
        "prodid", f"-//{settings.WAGTAIL_SITE_NAME}//{Locale.get_active().language_code}//"
    )
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(_component(event))
    calendar.add_missing_timezones()
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


def _component(event: EventPage) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{uuid5(event.translation_key, event.locale.language_code)}@bbmri.be")
    component.add("summary", event.title)
    component.add("dtstart", event.local_start)
    component.add("dtstamp", event.last_published_at or event.start)
    component.add("url", full_url(event))
    if event.local_end:
        component.add("dtend", event.local_end)
    if event.place:
        component.add("location", event.place)
    if event.summary:
        component.add("description", event.summary)
    return component
