"""The subscribers as a file, row by row: a hundred thousand take no more memory than a few."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models import Subscriber
from newsletter.models.subscribers import SubscriberQuerySet
from pages.formats.spreadsheets import cell, csv_lines

CHUNK = 1000  # rows read, and lines sent, at once
EXPORTED_COLUMNS = (
    "number",
    "address",
    "language",
    "state",
    "topics",
    "confirmed",
    "left",
    "text_version",
)


class Format(models.TextChoices):
    CSV = "csv", _("CSV: commas, UTF-8")
    EXCEL = "excel", _("CSV for Excel in Europe: semicolons, marked as UTF-8")
    JSON = "json", _("JSON: addresses exactly as they are, for programs")

    @property
    def extension(self) -> str:
        return "json" if self == Format.JSON else "csv"

    @property
    def content_type(self) -> str:
        return "application/json" if self == Format.JSON else "text/csv; charset=utf-8"


def lines(subscribers: SubscriberQuerySet, format: Format) -> Iterator[str]:  # noqa: A002  its name
    """The file in pieces of many lines."""
    rows = (_row(subscriber) for subscriber in _read(subscribers))
    written = _json(rows) if format == Format.JSON else _csv(rows, format)
    while piece := "".join(islice(written, CHUNK)):
        yield piece


def _read(subscribers: SubscriberQuerySet) -> Iterator[Subscriber]:
    with_all = subscribers.select_related("consent_text").prefetch_related("topics")
    return with_all.order_by("pk").iterator(chunk_size=CHUNK)


Cell = str | int | list[str] | None
Row = dict[str, Cell]


def _row(subscriber: Subscriber) -> Row:
    left = subscriber.left_at
    about: tuple[Cell, ...] = (
        subscriber.pk,
        subscriber.address,
        subscriber.language,
        subscriber.state,
        sorted(topic.slug for topic in subscriber.topics.all()),
        subscriber.confirmed_at.isoformat(timespec="seconds"),
        left.isoformat(timespec="seconds") if left else None,
        subscriber.consent_text.version,
    )
    return dict(zip(EXPORTED_COLUMNS, about, strict=True))


def _csv(rows: Iterable[Row], format: Format) -> Iterator[str]:  # noqa: A002  its name
    cells = (map(safe, row.values()) for row in rows)
    return csv_lines(EXPORTED_COLUMNS, cells, for_excel=format == Format.EXCEL)


def safe(value: Cell) -> str:
    return cell(" ".join(value) if isinstance(value, list) else value)


def _json(rows: Iterable[Row]) -> Iterator[str]:
    opening = "[\n"
    for row in rows:
        yield opening + json.dumps(row, ensure_ascii=False)
        opening = ",\n"
    yield "\n]\n" if opening.startswith(",") else "[]\n"
