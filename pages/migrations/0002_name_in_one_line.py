import pages.mail_headers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='siteidentity',
            name='name',
            field=models.CharField(default='BBMRI.be', max_length=40, validators=[pages.mail_headers.validate_header_line], verbose_name='name'),
        ),
    ]
