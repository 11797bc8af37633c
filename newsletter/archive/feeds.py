"""Issues for feed readers."""

from datetime import datetime

from newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from newsletter.models.issues import IssueQuerySet
from pages.formats.feeds import ListFeed


class IssueFeed(ListFeed):
    list_type = NewsletterIndexPage
    url_name = "issue_feed"

    def newest(self) -> IssueQuerySet:
        return NewsletterIssuePage.sent()

    def item_pubdate(self, item: NewsletterIssuePage) -> datetime:
        return item.sent_at

    def item_updateddate(self, item: NewsletterIssuePage) -> datetime:
        return max(filter(None, (item.last_published_at, item.sent_at)))
