from django.db import migrations, models


class Migration(migrations.Migration):
    """A network's own language is one of the site's: no list of its own."""

    dependencies = [
        ("members", "0004_finder_page"),
    ]

    operations = [
        migrations.AlterField(
            model_name="networkpage",
            name="own_language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("nl", "Dutch"), ("fr", "French"), ("de", "German")],
                help_text="Read aloud in this language.",
                max_length=2,
                verbose_name="its own language",
            ),
        ),
    ]
