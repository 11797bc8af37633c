"""Events: those to come first, past ones apart."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from pages.listing import page_of
from pages.models.base import BasePage, BodyPage, PageForm
from pages.tree.published import published

HOME_ZONE = "Europe/Brussels"
DAY = timedelta(days=1)


def zone_choices() -> list[tuple[str, str]]:
    """Zones an event can take place in, by their IANA names."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]


class EventsIndexPage(RoutablePageMixin, BasePage):
    """The list of events to come; past ones have an address of their own."""

    PER_PAGE = 12

    is_list = True
    reserved_slugs = frozenset({"past", "feed"})
    parent_page_types = ["pages.NodePage"]
    subpage_types = ["pages.EventPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("Events list")
        verbose_name_plural = _("Events lists")

    @path("")
    def upcoming(self, request: HttpRequest) -> TemplateResponse:
        return self._listed(request, self.events().upcoming(), is_past=False)

    @path("past/", name="past")
    def past(self, request: HttpRequest) -> TemplateResponse:
        return self._listed(request, self.events().past(), is_past=True)

    def events(self) -> "EventQuerySet":
        return EventPage.shown().filter(pk__in=self.get_children().values("pk"))

    def _listed(
        self, request: HttpRequest, events: "EventQuerySet", *, is_past: bool
    ) -> TemplateResponse:
        context = {"rows": page_of(events, request, self.PER_PAGE), "is_past": is_past}
        return self.render(request, context_overrides=context)


class WallClockField(forms.DateTimeField):
    """A time as it is typed, in no zone yet: the event's may be another than ours."""

    def to_python(self, value: str | date | None) -> datetime | None:
        with timezone.override(UTC):
            return super().to_python(value)


class EventForm(PageForm):
    """Times are typed and shown as the clock on the event's wall has them."""

    TIMES = ("start", "end")

    class Meta(PageForm.Meta):  # type: ignore[name-defined]  # Wagtail's metaclass gives it
        field_classes = {"start": WallClockField, "end": WallClockField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.TIMES:
            moment = self.initial.get(name)
            if moment is not None and timezone.is_aware(moment):
                self.initial[name] = timezone.make_naive(moment, ZoneInfo(self.instance.time_zone))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        zone = cleaned.get("time_zone")
        for name in self.TIMES:
            if zone and cleaned.get(name):
                typed = cleaned[name].replace(tzinfo=ZoneInfo(zone))
                cleaned[name] = _at_midnight(typed) if cleaned.get("is_whole_day") else typed
                if not _is_on_the_clock(cleaned[name]):
                    self.add_error(name, _("The clock there goes forward past this time that day."))
        if cleaned.get("start") and cleaned.get("end") and cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("The event can't end before it starts."))
        return cleaned


class EventQuerySet(PageQuerySet):
    """Events by whether they are over: one without an end is over when its day is."""

    def upcoming(self, now: datetime | None = None) -> Self:
        return self.exclude(self._over(now or timezone.now())).order_by("start", "pk")

    def past(self, now: datetime | None = None) -> Self:
        return self.filter(self._over(now or timezone.now())).order_by("-start", "-pk")

    @staticmethod
    def _over(moment: datetime) -> Q:
        """The last of whole days begins at the end that is stored."""
        by_the_clock = Q(is_whole_day=False, end__lt=moment)
        by_the_day = Q(is_whole_day=True, end__lte=moment - DAY)
        return by_the_clock | by_the_day | Q(end__isnull=True, start__lt=_midnight(moment))


class EventPage(BodyPage):
    """A meeting, a course, a congress."""

    class State(models.TextChoices):
        PLANNED = "", _("As planned")
        CANCELLED = "cancelled", _("Cancelled")
        POSTPONED = "postponed", _("Postponed")
        MOVED_ONLINE = "moved-online", _("Moved online")

    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State,
        default=State.PLANNED,
        db_default=State.PLANNED,
        blank=True,
        help_text=_(
            "An event that is called off stays published, so that calendars learn of it."
            " Postponed: until there is a new date."
        ),
    )
    start = models.DateTimeField(_("starts"), null=True)
    end = models.DateTimeField(_("ends"), null=True, blank=True)
    is_whole_day = models.BooleanField(
        _("whole days"),
        default=False,
        db_default=False,
        help_text=_(
            "From the day it starts to the day it ends, without times. Twice 00:00 means the same."
        ),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default=HOME_ZONE,
        choices=zone_choices,
        help_text=_("The zone of the place. Start and end are typed in its local time."),
    )
    is_online = models.BooleanField(_("online"), default=False)
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("House, street and city.")
    )
    registration_url = models.URLField(_("registration"), blank=True)

    objects = PageManager.from_queryset(EventQuerySet)()

    base_form_class = EventForm
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel(["start", "end"]), "is_whole_day", FieldPanel("time_zone"), "state"],
            heading=_("When"),
        ),
        MultiFieldPanel(["is_online", "place", FieldPanel("registration_url")], heading=_("Where")),
        "body",
    ]
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("place"),
        index.FilterField("start"),
    ]
    parent_page_types = ["pages.EventsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Event")
        verbose_name_plural = _("Events")
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="event_ends_after_it_starts",
            )
        ]

    def clean(self) -> None:
        super().clean()
        self.is_whole_day = self._is_from_midnight_to_midnight

    @classmethod
    def shown(cls) -> EventQuerySet:
        """What visitors may see, with what a card shows."""
        return published(cls).defer_streamfields()

    @property
    def local_start(self) -> datetime | None:
        return self.start and timezone.localtime(self.start, ZoneInfo(self.time_zone))

    @property
    def local_end(self) -> datetime | None:
        return self.end and timezone.localtime(self.end, ZoneInfo(self.time_zone))

    @property
    def _is_from_midnight_to_midnight(self) -> bool:
        times = [time for time in (self.local_start, self.local_end) if time]
        return bool(times) and all(time == _at_midnight(time) for time in times)

    @property
    def is_held(self) -> bool:
        """On the day that is told, here or online."""
        return self.state not in {self.State.CANCELLED, self.State.POSTPONED}

    @property
    def is_reached_online(self) -> bool:
        return self.is_online or self.state == self.State.MOVED_ONLINE

    @property
    def shown_place(self) -> str:
        """Where to go, if anywhere."""
        return "" if self.state == self.State.MOVED_ONLINE else self.place

    @property
    def is_over(self) -> bool:
        now = timezone.now()
        if self.end:
            return self.end <= now - DAY if self.is_whole_day else self.end < now
        return bool(self.start and self.start < _midnight(now))


def _at_midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_on_the_clock(moment: datetime) -> bool:
    """Whether a clock of its zone ever shows it: in spring an hour is left out."""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _midnight(moment: datetime) -> datetime:
    """The beginning of the day in Belgium."""
    return _at_midnight(timezone.localtime(moment))
