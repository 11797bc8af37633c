"""Dates as programs write them. Day or month may come first: one file has one order."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext_lazy as _

CENTURY = 2000  # of a year that is written in two digits: nobody agreed before
MONTHS = 12
# 31/05/2024, 31-5-24 10:12, 31.05.2024; 2024/05/31 1:43:01 PM GMT+2 as Google Forms writes it.
WRITTEN = re.compile(
    r"(\d{1,4})([/.-])(\d{1,2})\2(\d{4}|\d{1,2})"
    r"(?:,?[ T]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?(?: ?([AP])M)?"
    r"(?: ?[A-Z]{1,5})?([+-]\d{1,2})?(?::?\d{2})?)?",
    re.IGNORECASE | re.ASCII,
)


class Order(models.TextChoices):
    DAY = "day", _("Day, month, year")
    MONTH = "month", _("Month, day, year")


def open_dates(dates: Iterable[str]) -> list[tuple[str, int, int]]:
    """Those in which day or month comes first, and both numbers. Before a dot, it is the day."""
    found = ((date, WRITTEN.fullmatch(date)) for date in dates)
    return [
        (date, int(match[1]), int(match[3]))
        for date, match in found
        if match and match[2] != "." and len(match[1]) < len("2024")
    ]


def order_of(dates: Iterable[str]) -> Order | None:
    """The order that some date decides for all; none where they leave it open or disagree."""
    pairs = {(first, second) for _date, first, second in open_dates(dates)}
    has_day_first = any(first > MONTHS for first, _second in pairs)
    has_month_first = any(second > MONTHS for _first, second in pairs)
    if has_day_first != has_month_first:
        return Order.DAY if has_day_first else Order.MONTH
    return None if any(first != second for first, second in pairs) else Order.DAY


def moment(written: str, order: str) -> datetime | None:
    """Of a date alone: its first moment, here. None where it is no date."""
    try:
        read = parse_datetime(written) or _moment(written, order)
        return make_aware(read) if read and is_naive(read) else read
    except (ValueError, OverflowError):  # it looks like a date that no calendar has
        return None


def _moment(written: str, order: str) -> datetime | None:
    match = WRITTEN.fullmatch(written)
    if not match:
        return None
    first, dots, second, third, hour, minute, seconds, half, zone = match.groups()
    if len(first) == len("2024"):
        year, month, day = int(first), int(second), int(third)
    else:
        is_day_first = order == Order.DAY or dots == "."
        day, month = (int(first), int(second)) if is_day_first else (int(second), int(first))
        year = int(third) if len(third) == len("2024") else CENTURY + int(third)
    hours = int(hour or 0) % MONTHS + MONTHS * (half in "Pp") if half else int(hour or 0)
    where = timezone(timedelta(hours=int(zone))) if zone else None
    return datetime(year, month, day, hours, int(minute or 0), int(seconds or 0), tzinfo=where)
