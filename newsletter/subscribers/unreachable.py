"""Mailboxes that are full, away or closed for months: named to the staff, who decide."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from newsletter.models import Delivery, DeliveryState, Subscriber, SubscriberQuerySet
from worker.faults import Fault

FOR_LONG = timedelta(days=90)
MAILS = 3  # one after another: of fewer nothing can be said
SETTLED = (DeliveryState.ACCEPTED, DeliveryState.REJECTED)


def unreachable() -> SubscriberQuerySet:
    """Whom no mail has reached for so long, though their address exists."""
    people = _failures().values("subscriber").annotate(mails=Count("pk"), first=Min("made_at"))
    long_since = people.filter(mails__gte=MAILS, first__lt=timezone.now() - FOR_LONG)
    return Subscriber.objects.confirmed().filter(pk__in=long_since.values("subscriber"))


def failures_of(subscriber: Subscriber) -> tuple[int, datetime | None]:
    """How many mails did not arrive since the last that did, and since when."""
    found = _failures().filter(subscriber=subscriber)
    counted = found.aggregate(mails=Count("pk"), first=Min("made_at"))
    return counted["mails"], counted["first"]


def _failures() -> "QuerySet[Delivery, Any]":
    """Mails put off for good, with none after them that nothing was said against."""
    mails = Delivery.objects.filter(subscriber=OuterRef("subscriber"))
    arrived = mails.filter(state=DeliveryState.ACCEPTED, fault="", made_at__gt=OuterRef("made_at"))
    failed = Delivery.objects.filter(fault=Fault.MOMENT, state__in=SETTLED).order_by()
    return failed.exclude(Exists(arrived))
