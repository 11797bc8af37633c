"""The catalogue is read once and kept until something changes.

To find in it and to count it needs no database, and is as quick for many.
"""

from datetime import date

from django.utils import timezone

from members.finder.entries import Catalogue
from members.finder.reading import read
from visitors.cache.generation import kept


def catalogue() -> Catalogue:
    """As of today: memberships begin and end while nothing is saved."""
    by_day, today = _by_day(), timezone.localdate()
    if today not in by_day:
        by_day[today] = read(today)
    return by_day[today]


@kept
def _by_day() -> dict[date, Catalogue]:
    return {}
