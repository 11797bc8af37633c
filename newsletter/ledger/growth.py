"""How the list grew: how many joined and left in each month, and nothing of anybody."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from newsletter.ledger.chain import ENDS
from newsletter.models import ConsentEvent, Subscriber

EventKind = ConsentEvent.Kind
JOINED = (EventKind.CONFIRMED, EventKind.RETURNED)
LEFT = (EventKind.LEFT, EventKind.SUPPRESSED, EventKind.ERASED)  # a new address is the same person
YEAR = 12  # months


@dataclass(frozen=True)
class Month:
    first: datetime
    joined: int
    left: int
    at_end: int  # subscribers


def growth() -> list[Month]:
    """Of this month and the eleven before it, newest first: the ledger keeps them for longer."""
    firsts = _firsts(timezone.localtime())
    counts = _counts(firsts[-1])
    at_end = Subscriber.objects.filter(state=Subscriber.State.CONFIRMED).count()
    months = []
    for first in firsts:
        joined = sum(counts[first, kind] for kind in JOINED)
        left = sum(counts[first, kind] for kind in LEFT)
        months.append(Month(first, joined, left, at_end))
        at_end += left - joined
    return months


def _firsts(now: datetime) -> list[datetime]:
    """When each month began, newest first."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    numbers = (first.year * YEAR + first.month - 1 - back for back in range(YEAR))
    return [
        timezone.make_aware(first.replace(year=number // YEAR, month=number % YEAR + 1))
        for number in numbers
    ]


def _counts(since: datetime) -> Counter[tuple[datetime, str]]:
    """Events by month and kind. Who had left before being erased leaves once."""
    before = ConsentEvent.objects.filter(
        subject=OuterRef("subject"), seq=OuterRef("seq") - 1, kind__in=ENDS
    )
    events = ConsentEvent.objects.filter(at__gte=since, kind__in=(*JOINED, *LEFT))
    told_before = Q(kind=EventKind.ERASED) & Exists(before)
    rows = events.exclude(told_before).order_by().values_list(TruncMonth("at"), "kind")
    return Counter({(month, kind): count for month, kind, count in rows.annotate(Count("pk"))})
