"""What is published shows at once in every language: as it is, until it is translated there.

What stands in for a page is an alias, which follows it. To make one shows the page and writes no
word of another language, so it asks for no right but the one to publish the page itself.
"""

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from wagtail.models import Locale, Page, get_page_models
from wagtail_localize.models import Translation

from pages.frame import HOME_DEPTH
from pages.models import NodePage

NEVER_PUBLISHED = {"live": False, "alias_of": None, "first_published_at": None}


@transaction.atomic
def show_everywhere(page: Page) -> None:
    """In each language with a home something stands in for a page where nothing else does.

    An address that is another page's stays so: there the page is not shown.
    """
    if not page.live or not getattr(page, "is_shown_untranslated", False) or _is_made(page):
        return
    _let_drafts_stand_in(page)
    home = Page.objects.get(path=page.path[: HOME_DEPTH * Page.steplen])
    written = Page.objects.filter(translation_key=page.translation_key).values("locale")
    homes = Page.objects.filter(translation_key=home.translation_key).exclude(locale__in=written)
    for locale in Locale.objects.filter(pk__in=homes.values("locale")):
        _stand_in(page, locale)


def fill() -> int:
    """For what was published before there was a home, or before the site did so at once."""
    shown = [model for model in get_page_models() if getattr(model, "is_shown_untranslated", False)]
    key = {"translation_key": OuterRef("translation_key")}
    there = Page.objects.filter(**key).exclude(**NEVER_PUBLISHED).order_by()
    count = there.values("translation_key").annotate(count=Count("pk")).values("count")
    originals = Page.objects.live().filter(alias_of=None, depth__gt=HOME_DEPTH).type(*shown)
    lacking = originals.annotate(count=Subquery(count)).filter(count__lt=NodePage.objects.count())
    for page in lacking.specific():
        drafts = _let_drafts_stand_in(page)
        show_everywhere(page)
        if drafts:
            page.update_aliases()
    return 0


def _is_made(page: Page) -> bool:
    """From a page in another language, which is shown in its own time."""
    made = Translation.objects.filter(source__object_id=page.translation_key)
    return made.filter(target_locale=page.locale_id).exists()


def _let_drafts_stand_in(page: Page) -> int:
    """Translations that were begun and never published; their drafts stay. Wagtail opens them."""
    begun = Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    return begun.filter(**NEVER_PUBLISHED).update(alias_of=page)


def _stand_in(page: Page, locale: Locale) -> Page | None:
    """What there is of a page in a language, made with all above it; None where it has no place."""
    there = page.get_translation_or_none(locale)
    if there is not None or page.depth == HOME_DEPTH:
        return there
    parent = _stand_in(page.get_parent().specific, locale)
    if parent is None or not Page._slug_is_available(page.slug, parent):
        return None
    alias = page.create_alias(parent=parent, update_locale=locale, reset_translation_key=False)
    alias.view_restrictions.all().delete()  # the page's own holds for it
    return alias
