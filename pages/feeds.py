"""News for feed readers: Atom (RFC 4287), one feed a language."""

from datetime import datetime, time
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from pages.addresses import full_url
from pages.languages import in_offered_language
from pages.models import NewsIndexPage, NewsPage

LONGEST_FEED = 20


class NewsFeed(Feed):
    """The latest news in the language of the address."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> NewsIndexPage:
        index = in_offered_language(NewsIndexPage).first()
        if index is None:
            raise Http404
        return index

    def title(self, index: NewsIndexPage) -> str:
        return f"{settings.WAGTAIL_SITE_NAME}: {index.title}"

    def subtitle(self, index: NewsIndexPage) -> str:
        return index.summary

    def link(self, index: NewsIndexPage) -> str:
        return full_url(index)

    def feed_url(self, index: NewsIndexPage) -> str:
        return full_url(index) + "feed/"

    def feed_guid(self, index: NewsIndexPage) -> str:
        return self.item_guid(index)

    def items(self, index: NewsIndexPage) -> list[NewsPage]:
        return list(
            NewsPage.latest()
            .filter(locale=index.locale, alias_of=None)
            .select_related("locale")[:LONGEST_FEED]
        )

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.summary

    def item_link(self, item: NewsPage) -> str:
        return full_url(item)

    def item_guid(self, item: NewsPage | NewsIndexPage) -> str:
        """The same for ever, whatever the address becomes; another in each language."""
        return uuid5(item.translation_key, item.locale.language_code).urn

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time()))

    def item_updateddate(self, item: NewsPage) -> datetime:
        return item.last_published_at or self.item_pubdate(item)
