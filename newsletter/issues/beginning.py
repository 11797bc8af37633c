"""What an issue begins with: the one before it, and what was published since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page
from wagtail.query import PageQuerySet

from newsletter.models.issues import NewsletterIndexPage, NewsletterIssuePage
from newsletter.models.mailings import Mailing
from pages.models import EventPage, NewsPage
from pages.models.base import BodyPage
from pages.tree.addresses import refuse_too_long
from pages.tree.published import published

PageType = TypeVar("PageType", bound=BodyPage)
NAMELESS = "issue"  # the slug of a title that has no letter of an address


@dataclass(frozen=True)
class Since:
    """What visitors may read in an issue's language and no issue before it told."""

    last: NewsletterIssuePage | None
    news: list[NewsPage]
    events: list[EventPage]

    @property
    def count(self) -> int:
        return len(self.news) + len(self.events)


def last_sent(archive: Page) -> NewsletterIssuePage | None:
    """The issue that went out last, in the archive's language."""
    issues = NewsletterIssuePage.objects.child_of(archive).filter(
        mailings__started_at__isnull=False
    )
    return issues.with_day().first()


def since_the_last(issue: NewsletterIssuePage) -> Since:
    """`issue`: as it is written; what stands in it is not told again. Past events are left out."""
    last = last_sent(issue.get_parent())
    begun = Mailing.objects.filter(issue=last, started_at__isnull=False)
    words = begun.select_related("revision").order_by("started_at").first()
    since = words.revision.created_at if words else None
    told = set(_told(issue)) | (set(_told(last)) if last else set())
    upcoming = EventPage.objects.upcoming().values("pk")
    news = _published(NewsPage, issue, since).order_by("-date", "-pk")
    events = _published(EventPage, issue, since).filter(pk__in=upcoming).order_by("start", "pk")
    return Since(last, _but(news, told), _but(events, told))


def _published(
    model: type[PageType], issue: NewsletterIssuePage, since: datetime | None
) -> PageQuerySet[PageType]:
    pages = published(model, issue.locale).filter(alias_of=None).defer_streamfields()
    return pages.filter(first_published_at__gt=since) if since else pages


def _but(pages: PageQuerySet[PageType], told: set[UUID]) -> list[PageType]:
    return [page for page in pages if page.translation_key not in told]


def _told(issue: NewsletterIssuePage) -> Iterator[UUID]:
    """The pages that an issue tells of, whichever copy was chosen."""
    for block in issue.body:
        if block.block_type in {"news", "events"}:
            yield from (page.translation_key for page in block.value if page)


@transaction.atomic
def put_in(issue: NewsletterIssuePage, user: User) -> Since:
    """Add what was published since the last issue to the end of the draft, where there is any."""
    draft: NewsletterIssuePage = issue.get_latest_revision_as_object()
    found = since_the_last(draft)
    for kind, pages in (("news", found.news), ("events", found.events)):
        if pages:
            draft.body.append((kind, pages))
    if found.count:
        draft.save_revision(user=user, log_action=True, clean=False)
    return found


def begin_from(last: NewsletterIssuePage, title: str, user: User) -> NewsletterIssuePage:
    """A draft with all that an issue says, under a title and address of its own.

    It is no translation of anything. Raises ValidationError where its address is too long.
    """
    archive = last.get_parent().specific
    slug = _free_slug(archive, slugify(title) or NAMELESS)
    refuse_too_long(archive, slug)
    about = {"title": title, "slug": slug, "go_live_at": None, "expire_at": None, "expired": False}
    copy: NewsletterIssuePage = last.copy(
        update_attrs=about, copy_revisions=False, keep_live=False, user=user
    )
    return copy


def _free_slug(archive: NewsletterIndexPage, wanted: str) -> str:
    """The wanted one, or it with a number: no other issue has it, in any language."""
    taken = set(archive.reserved_slugs)
    for each in Page.objects.filter(translation_key=archive.translation_key):
        taken |= set(each.get_children().values_list("slug", flat=True))
    tries = (f"{wanted}-{number}" if number > 1 else wanted for number in range(1, len(taken) + 2))
    return next(slug for slug in tries if slug not in taken)
