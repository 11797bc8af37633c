"""From a draft to what visitors see, and who may take it there; a translation goes only whole.

Acts raise ValidationError where a piece is open; they answer with what they did.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, WorkflowState

from pages.translating import drafts, rights
from pages.translating.pieces import translation_of, why_not_whole
from pages.translating.rights import Refusal, User


def submit(page: Page, user: User) -> str:
    """To who approves; what was sent back, once more."""
    _whole(page, user)
    page = Page.objects.get(pk=page.pk).specific
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        page.get_workflow().start(page, user)
    return _("Page '%(title)s' has been submitted for moderation.") % {"title": page.title}


def publish(page: Page, user: User) -> str:
    _whole(page, user).publish(user=user)
    return _("Page '%(title)s' has been published.") % {"title": page.title}


def review(page: Page, user: User, name: str = "approve", **said: str) -> str:
    """What a reviewer mended in the pieces is in the draft that is approved."""
    if name == "approve":
        _whole(page, user)
    task = page.current_workflow_task
    task.on_action(page.current_workflow_task_state, user, name, **said)
    return _("Done. The page's history says who did it.")


def _whole(page: Page, user: User) -> Revision:
    """The draft, made of the pieces as they are now."""
    if why := why_not_whole(page):
        raise ValidationError(why)
    translation = translation_of(page)
    latest: Revision = page.get_latest_revision()
    return drafts.make(translation, user) if translation else latest


def to_submit(user: User, page: Page) -> Refusal:
    may = page.permissions_for_user(user).can_submit_for_moderation()
    return rights.to_write(user, page) or ("" if may else rights.refused(page))


def to_review(user: User, page: Page) -> Refusal:
    task = page.current_workflow_task
    may = task and task.get_actions(page, user)
    return "" if may else rights.refused(page)
