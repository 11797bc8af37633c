from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations


def mark(apps: Any, _schema_editor: Any) -> None:
    """Events from midnight to midnight were meant as whole days: there was no other way to say so."""
    events = apps.get_model("pages", "EventPage").objects
    rows = events.exclude(start=None).values_list("pk", "start", "end", "time_zone")
    meant = [
        pk
        for pk, start, end, zone in rows.iterator()
        if all(_is_midnight(time, zone) for time in (start, end) if time)
    ]
    events.filter(pk__in=meant).update(is_whole_day=True)


def _is_midnight(moment: Any, zone: str) -> bool:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M:%S}" == "00:00:00"


class Migration(migrations.Migration):
    dependencies = [("pages", "0007_event_states")]

    # Backwards nothing: the column goes with the migration before this one.
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
