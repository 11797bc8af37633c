import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import members.models.concepts
import modelcluster.fields
from django.db import migrations, models

GROUPS = ("Editors", "Moderators")
ALLOWED = ("add", "change", "delete", "view")


def permissions(apps):
    """Made here where `post_migrate`, which makes them otherwise, has not come to it yet."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Permission = apps.get_model("auth.Permission")
    about, _made = ContentType.objects.get_or_create(app_label="members", model="concept")
    for action in ALLOWED:
        yield Permission.objects.get_or_create(
            content_type=about,
            codename=f"{action}_concept",
            defaults={"name": f"Can {action} disease or word"},
        )[0]


def allow(apps, schema_editor):
    found = list(permissions(apps))
    for group in apps.get_model("auth.Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*found)


def forbid(apps, schema_editor):
    found = list(permissions(apps))
    for group in apps.get_model("auth.Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    """Words for diseases in four languages, which editors may correct."""

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('members', '0009_facts_move_to_profiles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Concept',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(editable=False, max_length=80, unique=True, verbose_name='key')),
                ('kind', models.CharField(choices=[('disease', 'Disease'), ('chapter', 'Chapter of ICD-10'), ('word', 'Other word')], default='disease', help_text='Other words are no diseases: they have no codes, and one finds the others.', max_length=10, verbose_name='kind')),
                ('codes', models.CharField(blank=True, help_text='Codes and ranges with commas between, such as C50 or C51-C58, G12.2. ORPHA stands for any rare disease.', max_length=250, validators=[members.models.concepts.validate_codes], verbose_name='codes of ICD-10')),
                ('orpha', models.CharField(blank=True, help_text='Such as 586. Commas between.', max_length=250, validators=[django.core.validators.RegexValidator('^\\s*\\d{1,7}(\\s*,\\s*\\d{1,7})*\\s*$', 'Numbers with commas between.')], verbose_name='numbers of Orphanet')),
                ('other_words', models.TextField(blank=True, help_text='Abbreviations, spellings, names of doctors. Commas between.', verbose_name='other words in any language')),
                ('note', models.TextField(blank=True, help_text='For editors. Visitors never see it.', verbose_name='note')),
                ('checked', models.DateField(default=django.utils.timezone.localdate, verbose_name='checked on')),
            ],
            options={
                'verbose_name': 'disease or word',
                'verbose_name_plural': 'diseases and words',
                'ordering': ['kind', 'codes', 'key'],
            },
        ),
        migrations.CreateModel(
            name='ConceptName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('nl', 'Dutch'), ('fr', 'French'), ('de', 'German')], max_length=2, verbose_name='language')),
                ('name', models.CharField(help_text='The one that visitors see.', max_length=160, verbose_name='everyday name')),
                ('others', models.TextField(blank=True, help_text='The medical one first. Commas between.', verbose_name='other words in this language')),
                ('concept', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='members.concept')),
            ],
            options={
                'verbose_name': 'name',
                'verbose_name_plural': 'names',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('concept', 'language'), name='one_name_a_concept_and_language', violation_error_message='This language has its name already.')],
            },
        ),
        migrations.RunPython(allow, forbid),
    ]
