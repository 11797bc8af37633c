"""What every page of this site has."""

from collections.abc import Set as AbstractSet
from http import HTTPMethod
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from pages.blocks.content import BodyBlock
from pages.models.pictures import Picture
from pages.printable import printable
from pages.translating.pieces import why_not_whole
from pages.tree.addresses import STORED, address_length, refuse_address
from pages.tree.links import expect, linked_pages
from pages.tree.published import is_closed, restrictions_above

BY_THE_CLOCK = "wagtail.publish.scheduled"
SUMMARY = FieldPanel("summary", widget=AdminAutoHeightTextInput)  # two sentences want two lines


class PageForm(WagtailAdminPageForm):
    """Refuses a slug whose address is too long, or taken by something that is no page."""

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in getattr(self.parent_page.specific, "reserved_slugs", ()):
            raise ValidationError(_("This address is taken by the site itself: choose another."))
        if "slug" in self.changed_data:
            page = self.instance if self.instance.pk else None
            refuse_address(self.parent_page, slug, page, self.instance.translation_key)
        return slug


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

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    base_form_class = PageForm
    reserved_slugs: ClassVar[AbstractSet[str]] = frozenset()  # addresses below it that are no page
    is_list: ClassVar[bool] = False  # of what stands below it, and nothing by itself
    is_shown_untranslated: ClassVar[bool] = True  # where it is not translated, as it is

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Text that was pasted may bring signs that nobody sees. They are dropped."""
        for name in ("title", "summary"):
            setattr(self, name, printable(getattr(self, name)))
        super().full_clean(*args, **kwargs)

    def get_route_paths(self) -> list[str]:
        """For redirects from an old address. One that is too long to be kept has none."""
        return super().get_route_paths() if address_length(self.url_path) <= STORED else []

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """An alias is one until a revision of its own is published: that is no alias any more."""
        page: Self = super().with_content_json(content)
        if content["pk"] == self.pk:
            page.alias_of = None
        return page

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """A translation goes live only whole. When its time comes it waits until it is."""
        why = why_not_whole(self)
        if not why:
            super().publish(revision, *args, **kwargs)
        elif kwargs.get("log_action") != BY_THE_CLOCK:
            raise ValidationError(why)

    @property
    def shared_picture(self) -> tuple[Picture | None, str]:
        """Its own picture where its address is shared, and what that tells; None has none."""
        return None, ""

    @property
    def title_language(self) -> str:
        """The language of a title that is a name in another language than the page's."""
        return ""

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """None where no restriction can be meant, which is nearly always, without a query.

        A translation stands behind those of the page it was made from.
        """
        if not is_closed(self):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions() | restrictions_above(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        expect(linked_pages(self))
        return super().get_context(request, *args, **kwargs)


class BodyPage(BasePage):
    """A page with a body of blocks."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [*BasePage.content_panels, "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True
