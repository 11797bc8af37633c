import worker.mails
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='siteidentity',
            name='name',
            field=models.CharField(default='BBMRI.be', max_length=40, validators=[worker.mails.validate_header_line], verbose_name='name'),
        ),
    ]
