"""What follows in the newsletter when a page moves."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from newsletter.models import NewsletterIndexPage


@receiver(post_page_move, sender=NewsletterIndexPage)
def keep_address(instance: Page, **_about: Any) -> None:
    """Wagtail moves any page as if its address were made of slugs alone."""
    archive = NewsletterIndexPage.objects.get(pk=instance.pk)
    moved_to = archive.url_path
    if archive.set_url_path(archive.get_parent()) != moved_to:
        archive.save(update_fields=["url_path"])
        archive._update_descendant_url_paths(moved_to, archive.url_path)
