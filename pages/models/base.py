"""What every page of this site has."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from pages.blocks import BodyBlock
from pages.links import expect, linked_pages

SUMMARY = FieldPanel("summary", widget=AdminAutoHeightTextInput)  # two sentences want two lines


class BasePage(Page):
    """A page with a summary, which stands for it wherever it is listed."""

    summary = models.CharField(
        _("summary"),
        max_length=250,
        blank=True,
        help_text=_("One or two sentences: shown under the title, in lists and when shared."),
    )

    content_panels = [*Page.content_panels, SUMMARY]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2)]

    # One address in every language: only its prefix differs.
    override_translatable_fields = [SynchronizedField("slug")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        expect(linked_pages(self))
        return super().get_context(request, *args, **kwargs)

    def plain_text(self) -> str:
        """The page's words for excerpts, without its title."""
        return self.summary


class BodyPage(BasePage):
    """A page with a body of blocks."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    read_aloud = ["body"]  # the StreamFields that are the page's text, in their order

    content_panels = [*BasePage.content_panels, "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    def plain_text(self) -> str:
        words = (
            strip_tags(part)
            for name in self.read_aloud
            for part in self._meta.get_field(name).get_searchable_content(getattr(self, name))
        )
        return " ".join([super().plain_text(), *words]).strip()
