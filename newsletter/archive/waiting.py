"""Until somebody may have it in a mailbox, an issue is nowhere on the site."""

from newsletter.models import NewsletterIssuePage
from newsletter.models.issues import IssueQuerySet


def waiting() -> IssueQuerySet:
    """Published issues no mailing of which has begun."""
    return NewsletterIssuePage.objects.live().unsent()
