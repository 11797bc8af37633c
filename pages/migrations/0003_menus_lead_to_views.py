import pages.blocks.menu_views
import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0002_name_in_one_line'),
    ]

    operations = [
        migrations.AlterField(
            model_name='siteidentity',
            name='footer_menu',
            field=wagtail.fields.StreamField([('link', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Label', 'max_length': 60}), 1: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 2: ('wagtail.blocks.URLBlock', (), {'label': 'or address of another site', 'required': False}), 3: ('wagtail.blocks.ChoiceBlock', [], {'choices': pages.blocks.menu_views.choices, 'label': 'or part of this site without a page', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('label', 0), ('page', 1), ('url', 2), ('view', 3)]], {})}, verbose_name='footer menu'),
        ),
        migrations.AlterField(
            model_name='siteidentity',
            name='header_menu',
            field=wagtail.fields.StreamField([('link', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Label', 'max_length': 60}), 1: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 2: ('wagtail.blocks.URLBlock', (), {'label': 'or address of another site', 'required': False}), 3: ('wagtail.blocks.ChoiceBlock', [], {'choices': pages.blocks.menu_views.choices, 'label': 'or part of this site without a page', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('label', 0), ('page', 1), ('url', 2), ('view', 3)]], {})}, verbose_name='header menu'),
        ),
    ]
