"""Events for calendars: iCalendar (RFC 5545), all to come or one alone."""

from collections.abc import Iterable
from uuid import uuid5

import icalendar
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pages.models import EventPage, EventsIndexPage
from pages.models.events import EventQuerySet
from pages.printable import printable
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language

LONGEST_FEED = 100


@require_safe
def events_calendar(request: HttpRequest) -> HttpResponse:
    """The events to come in the language of the address. Without any it is empty and valid."""
    if not in_offered_language(EventsIndexPage).exists():
        raise Http404
    return _answer(_events().filter(alias_of=None).upcoming()[:LONGEST_FEED], "events")


@require_safe
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, past or to come."""
    event = _events().filter(slug=slug, start__isnull=False).first()
    if event is None:
        raise Http404
    return _answer([event], slug)


def _events() -> EventQuerySet:
    """What visitors may see in the language of the address."""
    return EventPage.shown().filter(locale__language_code=get_language()).select_related("locale")


def _answer(events: Iterable[EventPage], name: str) -> HttpResponse:
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//{get_language()}//")
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
    component.add("summary", printable(event.title))
    component.add("dtstart", event.local_start)
    component.add("dtstamp", event.last_published_at or event.start)
    component.add("url", full_url(event))
    if event.local_end:
        component.add("dtend", event.local_end)
    if event.place:
        component.add("location", printable(event.place))
    if event.summary:
        component.add("description", printable(event.summary))
    return component
