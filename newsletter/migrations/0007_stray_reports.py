import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsletter', '0006_faults_of_deliveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='StrayReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(default=django.utils.timezone.localdate)),
                ('provider', models.CharField(max_length=32)),
                ('word', models.CharField(blank=True, max_length=40)),
                ('why', models.CharField(choices=[('no_mail', 'about no mail that this site knows'), ('new_word', 'in a word that this site does not know'), ('too_old', 'too old, or from the future'), ('taken_back', 'takes a complaint back, or would subscribe somebody'), ('unreadable', 'cannot be read')], max_length=10)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-day', 'provider', 'word'],
                'constraints': [models.UniqueConstraint(fields=('day', 'provider', 'word', 'why'), name='stray_reports_counted_once')],
            },
        ),
    ]
