"""What follows when something is saved or published."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.search import index
from wagtail.signals import copy_for_translation_done, page_published
from wagtail_localize.models import Translation

from pages.models import LegalPage, LegalVersion, Picture
from pages.pictures import make_sizes
from pages.translating.pieces import translation_of
from pages.translating.standing_in import show_everywhere
from visitors.cache import generation


@receiver(post_save, sender=Picture)
def make_sizes_of_new_picture(instance: Picture, created: bool, **_kwargs: Any) -> None:
    """The upload screen saves the model, not the form; a replaced file is the form's work."""
    if created:
        make_sizes(instance)


@receiver(page_published, sender=LegalPage)
def keep_legal_version(instance: LegalPage, **_kwargs: Any) -> None:
    LegalVersion.keep(instance)


@receiver(page_published)
def show_in_every_language(instance: Page, alias: bool = False, **_kwargs: Any) -> None:
    if not alias:
        show_everywhere(instance)


@receiver(page_published)
def keep_draft_of_alias(instance: Page, alias: bool = False, **_kwargs: Any) -> None:
    """An alias that followed its original keeps the draft of its own that is being translated."""
    if alias and instance.latest_revision_id and translation_of(instance):
        draft = instance.latest_revision
        Page.objects.filter(pk=instance.pk).update(
            has_unpublished_changes=True,
            latest_revision_created_at=draft.created_at,
            draft_title=draft.content["title"],
        )


@receiver(page_published)
def index_with_its_parts(instance: Page, **_kwargs: Any) -> None:
    """Wagtail indexes a page when its row is saved: before those of its parts, like roles, are."""
    index.insert_or_update_object(instance)


@receiver(copy_for_translation_done)
def leave_privacy_to_the_source(target_obj: Model, **_kwargs: Any) -> None:
    """Wagtail copies it, and what is a translation's own would stay when the source opens."""
    if isinstance(target_obj, Page):
        target_obj.view_restrictions.all().delete()


@receiver([post_save, post_delete], sender=Translation)
def close_with_another_source(**_kwargs: Any) -> None:
    """What a page was made from says whether visitors may see it."""
    generation.raise_it(apart=False)
