from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An import may lack columns, or be only a dry run."""

    dependencies = [
        ("members", "0005_network_language_of_the_site"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="importrun", name="an_import_that_ended_has_its_time"
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Asked for"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("degraded", "Degraded"),
                    ("tried", "Dry run"),
                    ("refused", "Stopped"),
                    ("failed", "Failed"),
                ],
                default="running",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="is_trial",
            field=models.BooleanField(db_default=False, default=False, verbose_name="dry run"),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("finished__isnull", True), ("state__in", ["asked", "running"])),
                    Q(
                        ("finished__isnull", False),
                        ("state__in", ["done", "degraded", "tried", "refused", "failed"]),
                    ),
                    _connector="OR",
                ),
                name="an_import_that_ended_has_its_time",
            ),
        ),
    ]
