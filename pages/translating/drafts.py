"""A translation's draft: a revision made of its pieces. What visitors see is not touched.

wagtail-localize's own `save_target` writes the live row first. Here the row only learns that there
is a newer revision, and an alias stays one, as visitors see it, until a revision of its own is
published (BasePage.with_content_json).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Locale, Page, Revision, TranslatableMixin
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from pages.translating.rights import User
from pages.tree.addresses import refuse_taken


@transaction.atomic
def begin(source_instance: TranslatableMixin, locale: Locale, user: User) -> Translation:
    """A translation of a page or snippet into a language, its draft made.

    Raises ValidationError where its address is that of another page.
    """
    source, _made = TranslationSource.get_or_create_from_instance(source_instance)
    translation, _made = Translation.objects.update_or_create(
        source=source, target_locale=locale, defaults={"enabled": True}
    )
    if not isinstance(source_instance, Page):
        translation.save_target(user=user)
        return translation
    if not source_instance.has_translation(locale):
        place = source_instance.get_parent()
        refuse_taken(place, source_instance.slug, source_instance.translation_key, locale)
        source_instance.copy_for_translation(locale, alias=source_instance.is_shown_untranslated)
    make(translation, user)
    return translation


def make(translation: Translation, user: User | None) -> Revision:
    """Make the draft of a page anew. A piece that its field refuses is marked so, and open."""
    page = translation.source.get_ephemeral_translated_instance(
        translation.target_locale, fallback=True
    )
    page.alias_of = None
    page.slug = find_available_slug(page.get_parent(), slugify(page.slug), ignore_page_id=page.pk)
    try:
        page.full_clean()
    except ValidationError as error:
        _mark(translation, error)
    revision: Revision = page.save_revision(
        user=user, log_action=True, clean=False, overwrite_revision=_own_draft(page, user)
    )
    return revision


def _own_draft(page: Page, user: User | None) -> Revision | None:
    """What the same person wrote last, which nobody has been asked about: it is written over."""
    latest = page.latest_revision
    if user is None or latest is None or latest.pk == page.live_revision_id:
        return None
    if latest.user_id != user.pk:
        return None
    return None if latest.task_states.exists() else latest


def _mark(translation: Translation, error: ValidationError) -> None:
    for path, errors in error.error_dict.items():
        wrong = StringTranslation.objects.filter(
            context__object=translation.source.object_id,
            context__path=path,
            locale=translation.target_locale_id,
            translation_of__in=translation.source.stringsegment_set.values("string"),
        )
        for piece in wrong:
            piece.set_field_error(errors)
