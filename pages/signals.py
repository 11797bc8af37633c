"""What follows when something is saved or published."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.search import index
from wagtail.signals import page_published

from pages.models import LegalPage, LegalVersion, Picture
from pages.pictures import make_sizes


@receiver(post_save, sender=Picture)
def make_sizes_of_new_picture(instance: Picture, created: bool, **_kwargs: Any) -> None:
    """The upload screen saves the model, not the form; a replaced file is the form's work."""
    if created:
        make_sizes(instance)


@receiver(page_published, sender=LegalPage)
def keep_legal_version(instance: LegalPage, **_kwargs: Any) -> None:
    LegalVersion.keep(instance)


@receiver(page_published)
def index_with_its_parts(instance: Page, **_kwargs: Any) -> None:
    """Wagtail indexes a page when its row is saved: before those of its parts, like roles, are."""
    index.insert_or_update_object(instance)
