from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.models import Q


def drop_copies(apps: Any, _schema_editor: Any) -> None:
    """A translation is closed by its source. What was copied would stay when that opens again.

    Safe because each copy is like the restriction of its source, which goes on to close it.
    """
    copies = list(_copies(apps))
    apps.get_model("wagtailcore", "PageViewRestriction").objects.filter(pk__in=copies).delete()


def _copies(apps: Any) -> Iterator[int]:
    restrictions = apps.get_model("wagtailcore", "PageViewRestriction").objects
    translations = apps.get_model("wagtail_localize", "Translation").objects
    for one in restrictions.select_related("page"):
        sources = translations.filter(
            source__object_id=one.page.translation_key, target_locale=one.page.locale_id
        ).values("source__locale")
        of_source = restrictions.filter(
            Q(page__translation_key=one.page.translation_key, page__locale__in=sources)
            | Q(page=one.page.alias_of_id)
        )
        if any(_is_like(one, other) for other in of_source.exclude(pk=one.pk)):
            yield one.pk


def _is_like(one: Any, other: Any) -> bool:
    return (
        one.restriction_type == other.restriction_type
        and one.password == other.password
        and set(one.groups.all()) == set(other.groups.all())
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0004_same_words_are_meant"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    # Backwards nothing: the site before kept copies of its own where a translation was made anew.
    operations = [migrations.RunPython(drop_copies, migrations.RunPython.noop)]
