from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worker', '0001_outbox_and_sending_mark'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sendingmark',
            name='stopped',
            field=models.CharField(blank=True, choices=[('machine', 'The database and the mark of this machine do not belong together.'), ('address', 'The database last sent mail for another address of the site.'), ('copied', 'The database and its mark were copied here from another folder.'), ('restored', 'The database is older than what was sent: it is a restored copy.')], max_length=8),
        ),
    ]
