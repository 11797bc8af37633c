"""Safe because nothing ever read them, and a row lives until the worker has answered it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0002_mailings")]

    operations = [
        migrations.RemoveField(model_name="linkrequest", name="language"),
        migrations.RemoveField(model_name="linkrequest", name="network"),
    ]
