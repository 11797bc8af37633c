import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0010_diseases'),
    ]

    operations = [
        migrations.CreateModel(
            name='OldCollectionSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'old address of a collection',
                'verbose_name_plural': 'old addresses of collections',
            },
        ),
        migrations.AddField(
            model_name='collection',
            name='slug',
            field=models.SlugField(blank=True, db_default='', default='', help_text='The end of its address, below that of its biobank.', max_length=80, verbose_name='slug'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.UniqueConstraint(condition=models.Q(('slug', ''), _negated=True), fields=('biobank', 'slug'), name='one_collection_a_slug'),
        ),
        migrations.AddField(
            model_name='oldcollectionslug',
            name='biobank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.biobank'),
        ),
        migrations.AddField(
            model_name='oldcollectionslug',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_slugs', to='members.collection'),
        ),
        migrations.AddConstraint(
            model_name='oldcollectionslug',
            constraint=models.UniqueConstraint(fields=('biobank', 'slug'), name='one_collection_an_old_slug'),
        ),
    ]
