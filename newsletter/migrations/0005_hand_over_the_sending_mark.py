from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename_content_type(apps: Apps, before: str, after: str) -> None:
    types = apps.get_model("contenttypes", "ContentType").objects
    types.filter(app_label=before, model="sendingmark").update(app_label=after)


def hand_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rename_content_type(apps, "newsletter", "worker")


def take_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rename_content_type(apps, "worker", "newsletter")


class Migration(migrations.Migration):
    """The model is the worker's from here on. Its table and its content type stay as they are."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("newsletter", "0004_index_deliveries_once"),
        ("worker", "0001_outbox_and_sending_mark"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("SendingMark")],
        ),
        migrations.RunPython(hand_over, take_back),
    ]
