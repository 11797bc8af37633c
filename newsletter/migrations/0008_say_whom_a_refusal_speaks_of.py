from collections import defaultdict
from typing import Any

from django.db import migrations

from worker.faults import Fault, fault_of

AT_ONCE = 500


def fill(apps: Any, schema_editor: Any) -> None:
    """As an answer that comes today is judged: one that says too little counts as ours."""
    rows = apps.get_model("newsletter", "Delivery").objects.using(schema_editor.connection.alias)
    keys = defaultdict[str, list[int]](list)
    refused = rows.filter(state="rejected", fault="").order_by()
    for key, code, said in refused.values_list("pk", "error_code", "error_text"):
        keys[fault_of(f"{code} {said}") or Fault.US].append(key)
    for fault, found in keys.items():
        for start in range(0, len(found), AT_ONCE):
            rows.filter(pk__in=found[start : start + AT_ONCE]).update(fault=fault)


class Migration(migrations.Migration):
    """What the version before refused has its reason, and can be sent again by it."""

    dependencies = [
        ("newsletter", "0007_stray_reports"),
    ]

    operations = [
        # Back there is nothing to do: the version before does not know the column.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
