"""What an editor writes and sends, and the archive of what was sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self

from django.db import models
from django.db.models import Min, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from newsletter.blocks import IssueBlock
from pages.listing import page_of
from pages.models import BasePage
from pages.tree.published import published
from worker.mails import validate_header_line

NEWSLETTER = "newsletter/"  # in addresses, between the home and the archive


class Preview(NamedTuple):
    """One way to see an issue before it is sent: what its editor calls it, and what shows it."""

    label: Promise
    show: Callable[["NewsletterIssuePage", HttpRequest], HttpResponse]


class NewsletterIndexPage(BasePage):
    """The archive of issues, below the sign-up in the addresses: `newsletter/issues/`."""

    PER_PAGE = 12

    is_list = True
    reserved_slugs = frozenset({"feed"})
    parent_page_types = ["pages.NodePage"]
    subpage_types = ["newsletter.NewsletterIssuePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("Newsletter archive")
        verbose_name_plural = _("Newsletter archives")

    def set_url_path(self, parent: Page | None) -> str:
        super().set_url_path(parent)
        if parent is not None:
            self.url_path = f"{parent.url_path}{NEWSLETTER}{self.slug}/"
        return self.url_path

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        issues = NewsletterIssuePage.sent().filter(pk__in=self.get_children().values("pk"))
        return context | {"rows": page_of(issues, request, self.PER_PAGE)}


class IssueQuerySet(PageQuerySet):
    """Issues by whether somebody may have a copy: nobody has one of what only stands in."""

    def unsent(self) -> Self:
        return self.exclude(mailings__started_at__isnull=False)

    def with_day(self) -> Self:
        """With the moment its first mailing began, as `sent_at`; newest first."""
        begun = NewsletterIssuePage.objects.filter(pk=OuterRef("pk")).order_by()
        first = begun.annotate(first=Min("mailings__started_at")).values("first")
        return self.annotate(sent_at=Subquery(first)).order_by("-sent_at", "-pk")


class NewsletterIssuePage(BasePage):
    """One issue in one language. Visitors see it once a mailing of it has begun."""

    subject = models.CharField(
        _("subject"),
        max_length=150,
        validators=[validate_header_line],
        help_text=_("Of the mail: what it is about, in some 60 characters."),
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        blank=True,
        validators=[validate_header_line],
        help_text=_("What mail programs show after the subject. Empty: the summary."),
    )
    body = StreamField(IssueBlock(), blank=True, verbose_name=_("body"))

    previews: ClassVar[dict[str, Preview]] = {}  # of its mails, by mode; filled at the start

    objects = PageManager.from_queryset(IssueQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("preheader")], heading=_("Mail")),
        "body",
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["newsletter.NewsletterIndexPage"]
    subpage_types: list[str] = []
    is_shown_untranslated = False  # nobody gets a mail of it either

    class Meta:
        verbose_name = _("Newsletter issue")
        verbose_name_plural = _("Newsletter issues")

    @classmethod
    def sent(cls) -> IssueQuerySet:
        """What visitors may see, newest first, with what a list shows."""
        return published(cls).with_day().defer_streamfields()

    @cached_property
    def first_sent_at(self) -> datetime | None:
        """When the first mailing of it began; None while none has."""
        if self.pk is None:
            return None
        issues = NewsletterIssuePage.objects.filter(pk=self.pk).with_day()
        return issues.values_list("sent_at", flat=True).first()

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        others = [(mode, preview.label) for mode, preview in self.previews.items()]
        return [("", _("On the website")), *others]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        preview = self.previews.get(mode_name)
        return preview.show(self, request) if preview else super().serve_preview(request, mode_name)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Not found before anybody may have the mail: its first readers are the subscribers."""
        if not path_components and self.first_sent_at is None:
            raise Http404
        return super().route(request, path_components)
