"""Cache invalidation: every change of what visitors see raises the generation."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import post_page_move

from visitors.cache import generation

# Rows that no page for visitors shows: they change while people look, sign in, write or count,
# and to drop every kept page for them would keep none. Any other row counts, a new kind too,
# unless its model says `seen_by_visitors = False`; these are the models that are not ours.
UNSEEN_APPS = {
    "auth",  # who may sign in; a session sees nothing kept
    "contenttypes",
    "migrations",  # what was migrated, before the number has its table
    "sessions",
    "wagtail_localize",  # pieces under translation; what comes of them is saved as a page
    "wagtailadmin",  # who edits what just now
    "wagtailsearch",  # follows the pages; searches are not kept
    "wagtailusers",
}
UNSEEN_MODELS = {
    "wagtailcore.comment",
    "wagtailcore.commentreply",
    "wagtailcore.groupapprovaltask",
    "wagtailcore.groupcollectionpermission",
    "wagtailcore.grouppagepermission",
    "wagtailcore.groupsitepermission",
    "wagtailcore.modellogentry",
    "wagtailcore.pagelogentry",
    "wagtailcore.pagesubscription",
    "wagtailcore.referenceindex",
    "wagtailcore.revision",  # a draft; publishing saves the page
    "wagtailcore.task",
    "wagtailcore.taskstate",
    "wagtailcore.uploadedfile",
    "wagtailcore.workflow",
    "wagtailcore.workflowcontenttype",
    "wagtailcore.workflowpage",
    "wagtailcore.workflowstate",
    "wagtailcore.workflowtask",
    "wagtailimages.rendition",
}


def is_seen(model: type[Model]) -> bool:
    """Whether a page for visitors may show something of such rows."""
    about = model._meta
    listed = about.app_label in UNSEEN_APPS or about.label_lower in UNSEEN_MODELS
    return not listed and getattr(model, "seen_by_visitors", True)


@receiver([post_save, post_delete, m2m_changed])
def on_change(sender: type[Model], **about: Any) -> None:
    # A migration has its own picture of a model, and the number may have no table yet.
    if is_seen(sender) and sender.__module__ != "__fake__":
        generation.raise_it(apart=getattr(sender, "is_kept_apart", False))


@receiver(post_page_move)
def on_move(**about: Any) -> None:
    """Wagtail moves pages by queries of its own, which save nothing."""
    generation.raise_it(apart=False)
