"""News, newest first."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.query import PageQuerySet
from wagtail.search import index

from pages.listing import page_of
from pages.models.base import BasePage, BodyPage
from pages.models.pictures import Picture, picture_field
from pages.tree.published import published


class NewsIndexPage(BasePage):
    PER_PAGE = 12

    is_list = True
    reserved_slugs = frozenset({"feed"})
    parent_page_types = ["pages.NodePage"]
    subpage_types = ["pages.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("News list")
        verbose_name_plural = _("News lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.latest().filter(pk__in=self.get_children().values("pk"))
        return context | {"rows": page_of(news, request, self.PER_PAGE)}


class NewsPage(BodyPage):
    date = models.DateField(
        _("date"), default=timezone.localdate, help_text=_("Shown with the news; newest first.")
    )
    picture = picture_field(_("picture"))
    picture_alt = models.CharField(
        _("alternative text of the picture"),
        max_length=160,
        blank=True,
        help_text=_("What the picture tells. Empty for a picture that only decorates."),
    )

    content_panels = [*BasePage.content_panels, "date", "picture", "picture_alt", "body"]
    search_fields = [*BodyPage.search_fields, index.FilterField("date")]
    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("News")
        verbose_name_plural = _("News")

    @property
    def shared_picture(self) -> tuple[Picture | None, str]:
        return self.picture, self.picture_alt or self.title

    @classmethod
    def latest(cls) -> PageQuerySet["NewsPage"]:
        """What visitors may see, newest first, with what a card shows."""
        news = published(cls).select_related("picture")
        return news.order_by("-date", "-pk").defer_streamfields()
