"""A restored or cloned database sends nothing until somebody says that it may.

It has forgotten what went out after its copy was made, and would send it again. So the worker
writes down in the database and in a file outside of it for which site it sends and how far it has
come. Where the two differ, one of them is a copy.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from newsletter.models import Delivery, SendingMark


@dataclass(frozen=True)
class Mark:
    """`last_delivery`: the highest number of a delivery that was handed over."""

    installation: str
    site_url: str
    last_delivery: int


def why_nothing_is_sent() -> str:
    """A sentence for the operator; "" where all is well. The answer is kept for the admin."""
    found = _check()
    row = SendingMark.objects.filter(pk=SendingMark.ONLY).first()
    if row is None or row.stopped != found:  # none: a copy from before the first mark
        SendingMark.objects.update_or_create(pk=SendingMark.ONLY, defaults={"stopped": found})
    return str(SendingMark.Stop(found).label) if found else ""


def last_found() -> str:
    """What the worker found last, for other machines than its own."""
    row = SendingMark.objects.filter(pk=SendingMark.ONLY).first()
    return row.get_stopped_display() if row else ""


def _check() -> str:
    """A Stop; "" where all is well. A new site makes its first mark."""
    file = _of_file()
    row = _of_database()  # read last: another worker may be advancing both, the database first
    if row is None and (file is None or not Delivery.objects.exists()):
        release()
        return ""
    if row is None or file is None or row.installation != file.installation:
        return SendingMark.Stop.OTHER_MACHINE
    if settings.SITE_URL not in {row.site_url} & {file.site_url}:
        return SendingMark.Stop.OTHER_ADDRESS
    if file.last_delivery > row.last_delivery:
        return SendingMark.Stop.RESTORED
    return ""


def advance(delivery: int) -> None:
    """Note that a delivery was handed over: the database first, as the file may lag behind."""
    SendingMark.objects.filter(last_delivery__lt=delivery).update(last_delivery=delivery)
    row = _of_database()
    if row:
        _write(row)


def release() -> None:
    """Let this database send for this site from now on, whatever it was before."""
    highest = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    SendingMark.objects.update_or_create(
        pk=SendingMark.ONLY,
        defaults={"site_url": settings.SITE_URL, "last_delivery": highest, "stopped": ""},
    )
    row = _of_database()
    if row:
        _write(row)


def _of_database() -> Mark | None:
    row = SendingMark.objects.filter(pk=SendingMark.ONLY).first()
    return Mark(row.installation.hex, row.site_url, row.last_delivery) if row else None


def _of_file() -> Mark | None:
    """What the file says. One that cannot be read is as good as none."""
    try:
        return Mark(**json.loads(_path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(mark: Mark) -> None:
    """All or nothing: a new file takes the place of the old one."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")  # another worker may be writing, too
    fresh.write_text(json.dumps(asdict(mark)), encoding="utf-8")
    fresh.replace(path)


def _path() -> Path:
    return settings.SENDING_MARK
