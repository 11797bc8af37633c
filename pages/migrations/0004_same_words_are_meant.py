from typing import Any

from django.db import migrations
from django.db.models import F

SAME = "=tick"


def tick(apps: Any, _schema_editor: Any) -> None:
    """Who typed a piece as its original has it meant it: before, there was no tick to say so."""
    pieces = apps.get_model("wagtail_localize", "StringTranslation").objects
    pieces.filter(data=F("translation_of__data"), translation_type="manual").update(tool_name=SAME)


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_menus_lead_to_views"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [migrations.RunPython(tick, migrations.RunPython.noop)]
