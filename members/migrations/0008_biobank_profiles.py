import django.db.models.deletion
import modelcluster.fields
import wagtail.models.preview
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0007_richer_import'),
    ]

    operations = [
        migrations.AddField(
            model_name='othername',
            name='language',
            field=models.CharField(blank=True, choices=[('en', 'English'), ('nl', 'Dutch'), ('fr', 'French'), ('de', 'German')], max_length=2, verbose_name='its language'),
        ),
        migrations.AlterField(
            model_name='biobank',
            name='host',
            field=models.CharField(blank=True, editable=False, max_length=250),
        ),
        migrations.AlterField(
            model_name='biobank',
            name='notification_number',
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.CreateModel(
            name='BiobankProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('own_language', models.CharField(blank=True, choices=[('en', 'English'), ('nl', 'Dutch'), ('fr', 'French'), ('de', 'German')], help_text='In which it works. What it says in this language stands in for a language in which nothing is known, and letters to it are written in it.', max_length=2, verbose_name='its own language')),
                ('name_language', models.CharField(blank=True, choices=[('en', 'English'), ('nl', 'Dutch'), ('fr', 'French'), ('de', 'German')], help_text='Read aloud in this language. Blank: the name belongs to none.', max_length=2, verbose_name='language of its name')),
                ('biobank', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profile', to='members.biobank', verbose_name='biobank')),
            ],
            options={
                'verbose_name': 'what we say of a biobank',
                'verbose_name_plural': 'what we say of biobanks',
                'default_permissions': ('change', 'view'),
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='BiobankFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('name', 'Name'), ('host', 'Host'), ('introduction', 'Introduction'), ('website', 'Website'), ('hospital_page', 'Page of the hospital or institute'), ('objection', 'How to object: page'), ('objection_how', 'How to object: in words'), ('contact_page', 'Contact page'), ('access', 'Pages on asking for samples'), ('sites', 'Hospital sites'), ('mailbox', 'Mailbox of the office'), ('companies', 'Works with companies'), ('notification', 'Notification number'), ('quality', 'Quality marks')], max_length=20, verbose_name='kind')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('nl', 'Dutch'), ('fr', 'French'), ('de', 'German')], help_text='Blank: the same in all.', max_length=2, verbose_name='language')),
                ('value', models.TextField(verbose_name='value')),
                ('confidence', models.CharField(choices=[('confirmed', 'Confirmed'), ('reported', 'Reported'), ('suggested', 'Suggested')], default='confirmed', help_text='What is reported stands on its own page alone, with who says so; what is suggested, nobody but editors sees.', max_length=10, verbose_name='how sure')),
                ('source', models.URLField(blank=True, max_length=500, verbose_name='source')),
                ('said_by', models.CharField(blank=True, help_text='Shown with what is reported. Blank: the site that the source stands on.', max_length=120, verbose_name='who says so')),
                ('checked', models.DateField(blank=True, null=True, verbose_name='checked on')),
                ('profile', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='members.biobankprofile')),
            ],
            options={
                'verbose_name': 'fact',
                'verbose_name_plural': 'facts',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('profile', 'kind', 'language'), name='one_fact_a_kind_and_language'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('mailbox', 'companies', 'notification', 'quality')), ('language', '')), ('kind', 'host'), models.Q(('kind__in', ('name', 'host', 'introduction', 'website', 'hospital_page', 'objection', 'objection_how', 'contact_page', 'access', 'sites')), models.Q(('language', ''), _negated=True)), _connector='OR'), name='a_fact_in_words_has_its_language'), models.CheckConstraint(condition=models.Q(('confidence__in', ['confirmed', 'reported', 'suggested'])), name='a_fact_is_known_how_sure'), models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='a_fact_says_something')],
            },
        ),
    ]
