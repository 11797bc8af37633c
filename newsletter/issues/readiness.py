"""Whether an issue can go out as it is. Looks only."""

from django.utils.translation import gettext as _

from newsletter.issues.composing import compose
from newsletter.issues.freezing import all_problems, picture_seen
from newsletter.models.issues import NewsletterIssuePage
from pages.translating.pieces import why_not_whole
from pages.tree.published import is_retracted


def why_not_ready(issue: NewsletterIssuePage) -> list[str]:
    """Why it cannot be frozen as it was approved; empty where it can."""
    if why := why_not_approved(issue):
        return [why]
    return problems(issue.live_revision.as_object())


def why_not_approved(issue: NewsletterIssuePage) -> str:
    if not issue.live or issue.live_revision is None:
        return _("The issue is not published: have it approved first.")
    if is_retracted(issue):
        return _("The issue it was translated from is not published, and so closes this one.")
    if issue.has_unpublished_changes:
        return _("The issue was changed after it was approved: have it approved again.")
    return why_not_whole(issue)


def problems(page: NewsletterIssuePage) -> list[str]:
    """What is to be mended in a page as it stands in memory."""
    return all_problems(page, compose(page, picture_seen))
