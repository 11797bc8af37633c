from collections import defaultdict

from django.db import migrations

from members.slugs import free_slug


def label(row):
    return row.name or row.directory_id.rpartition(":")[2].replace("_", " ")


def name(apps, schema_editor):
    """As the import names new ones."""
    Collection = apps.get_model("members.Collection")
    taken = defaultdict(set)
    rows = list(Collection.objects.filter(slug="").order_by("pk").only("biobank", "name", "directory_id"))
    for row in rows:
        row.slug = free_slug(label(row), taken[row.biobank_id], "collection")
        taken[row.biobank_id].add(row.slug)
    Collection.objects.bulk_update(rows, ["slug"], batch_size=500)


class Migration(migrations.Migration):
    """Each collection gets the end of an address, free within its biobank."""

    dependencies = [("members", "0011_collection_slugs")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]  # back: the field goes
