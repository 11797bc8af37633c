"""Lists of pages for feed readers: Atom (RFC 4287), one feed a language."""

from datetime import UTC, datetime, time
from typing import Any, cast
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from wagtail.query import PageQuerySet

from pages.formats.reading import read_only
from pages.models import BasePage, NewsIndexPage, NewsPage
from pages.printable import printable
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language
from pages.tree.written import language_told

LONGEST_FEED = 20


class SteadyFeed(Atom1Feed):
    """One that is empty was updated when its list was, not whenever it is asked for."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["list_changed"]


class ListFeed(Feed):
    """The latest pages of a list, in the language of the address."""

    feed_type = SteadyFeed
    csrf_exempt = True
    author_name = settings.WAGTAIL_SITE_NAME
    list_type: type[BasePage]
    url_name: str

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = read_only(super().__call__)(request, *args, **kwargs)
        return cast("HttpResponse", answer)

    def feed_extra_kwargs(self, index: BasePage) -> dict[str, datetime]:
        changed = index.last_published_at or index.first_published_at
        return {"list_changed": changed or datetime.fromtimestamp(0, UTC)}

    def newest(self) -> PageQuerySet[Any]:
        """The pages of every language that visitors may see, newest first."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest) -> BasePage:
        index = in_offered_language(self.list_type).first()
        if index is None:
            raise Http404
        return index

    def title(self, index: BasePage) -> str:
        """A list that is not translated itself has no words in the language of its entries."""
        name = settings.WAGTAIL_SITE_NAME
        return name if index.alias_of_id else f"{name}: {printable(index.title)}"

    def subtitle(self, index: BasePage) -> str:
        return "" if index.alias_of_id else printable(index.summary)

    def feed_url(self, index: BasePage) -> str:
        return settings.SITE_URL + reverse(self.url_name)

    def items(self, index: BasePage) -> list[BasePage]:
        pages = self.newest().filter(locale=index.locale, alias_of=None)
        latest = pages.select_related("locale")[:LONGEST_FEED]
        return [page for page in latest if language_told(page) == get_language()]

    def item_title(self, item: BasePage) -> str:
        return printable(item.title)

    def item_description(self, item: BasePage) -> str:
        return printable(item.summary)

    def item_link(self, item: BasePage) -> str:
        return full_url(item)

    def item_guid(self, item: BasePage) -> str:
        """The same for ever, whatever the address becomes; another in each language."""
        return uuid5(item.translation_key, item.locale.language_code).urn

    # Of the list itself as of each in it.
    link, feed_guid = item_link, item_guid


class NewsFeed(ListFeed):
    list_type = NewsIndexPage
    url_name = "news_feed"

    def newest(self) -> PageQuerySet[NewsPage]:
        return NewsPage.latest()

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time()))

    def item_updateddate(self, item: NewsPage) -> datetime:
        return item.last_published_at or self.item_pubdate(item)
