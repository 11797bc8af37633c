"""The home page and the goals: what the node is and what it is for."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pages.blocks.content import LINE, GoalBlock
from pages.blocks.home import BandsBlock, first_bands
from pages.blocks.links import LinkBlock
from pages.models.base import SUMMARY, BodyPage
from pages.tree.published import is_retracted
from pages.tree.written import locale_of


class NodePage(BodyPage):
    """The home: the national node, its host and its standing in BBMRI-ERIC."""

    class Membership(models.TextChoices):
        MEMBER = "member", _("Member")
        OBSERVER = "observer", _("Observer")

    country = models.CharField(_("country"), max_length=60, default="Belgium")
    membership = models.CharField(
        _("membership"),
        max_length=10,
        choices=Membership,
        default=Membership.MEMBER,
        help_text=_("The country's standing in BBMRI-ERIC, shown beside its name."),
    )
    promise = models.CharField(
        _("promise"),
        max_length=120,
        blank=True,
        help_text=_("What visitors find here, in a few words: the largest line of the home."),
    )
    searches = models.CharField(
        _("often looked for"),
        max_length=200,
        blank=True,
        help_text=_("Words under the field for finding biobanks, with commas between them."),
    )
    bands = StreamField(
        BandsBlock(),
        default=first_bands,
        blank=True,
        verbose_name=_("bands"),
        help_text=_("What stands under the title, from top to bottom."),
    )
    introduction = RichTextField(
        _("introduction"), features=LINE, blank=True, help_text=_("Who we are, on the home.")
    )
    host_name = models.CharField(_("host organisation"), max_length=120, blank=True)
    host_address = models.TextField(
        _("address"), max_length=300, blank=True, help_text=_("One line a row.")
    )
    host_url = models.URLField(_("host's website"), blank=True)
    mailbox = models.EmailField(
        _("mailbox"), blank=True, help_text=_("A role's mailbox, not a person's: it is public.")
    )
    linkedin_url = models.URLField(
        _("LinkedIn"), blank=True, help_text=_("No link is shown where this is empty.")
    )
    links = StreamField([("link", LinkBlock())], blank=True, verbose_name=_("other links"))

    content_panels = [
        "title",
        MultiFieldPanel(["promise", SUMMARY, "searches"], heading=_("First words")),
        MultiFieldPanel(["country", "membership"], heading=_("Membership")),
        "bands",
        "introduction",
        "body",
        MultiFieldPanel(
            [
                "host_name",
                "host_address",
                FieldPanel("host_url"),
                FieldPanel("mailbox"),
                FieldPanel("linkedin_url"),
                "links",
            ],
            heading=_("Host and contact"),
        ),
    ]
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("promise"),
        index.SearchField("introduction"),
        index.SearchField("host_name"),
    ]
    reserved_slugs: ClassVar[set[str]] = {"search", "display-settings"}  # other apps add theirs
    parent_page_types = ["wagtailcore.Page"]
    max_count = len(settings.LANGUAGES)
    subpage_types = None  # each type that names this one as its parent, of any app

    class Meta:
        verbose_name = _("Home of the node")
        verbose_name_plural = _("Homes of the node")

    def clean(self) -> None:
        super().clean()
        others = NodePage.objects.filter(locale=self.locale_id).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError(_("This language has its home already."))

    @property
    def heading(self) -> str:
        """ "Belgium (Member)"."""
        return f"{self.country} ({self.get_membership_display()})"

    @property
    def often_looked_for(self) -> list[str]:
        return [word for each in self.searches.split(",") if (word := each.strip())]

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Not found in another language: Wagtail would show this home for one that has none."""
        self.locale = locale_of(self)  # without a query
        if self.locale.language_code != get_language() or is_retracted(self):
            raise Http404
        request.node = self  # type: ignore[attr-defined]  # for the templates of every page below
        page, rest = self._deepest(path_components)
        if is_retracted(page):
            raise Http404
        return super().route(request, rest) if page == self else page.route(request, rest)

    def _deepest(self, path_components: list[str]) -> tuple[Page, list[str]]:
        """The page that most of a path leads to, in one query, and what of the path is left."""
        url_paths = [self.url_path]
        for component in path_components:
            url_paths.append(f"{url_paths[-1]}{component}/")
        found = Page.objects.filter(url_path__in=url_paths[1:]).order_by("-depth").first()
        if found is None:
            return self, path_components
        return found.specific, path_components[url_paths.index(found.url_path) :]


class GoalsPage(BodyPage):
    """The goals of the node, in their order."""

    goals = StreamField([("goal", GoalBlock())], blank=True, verbose_name=_("goals"))

    content_panels = [*BodyPage.content_panels[:-1], "goals", "body"]
    search_fields = [*BodyPage.search_fields, index.SearchField("goals")]
    parent_page_types = ["pages.NodePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("Goals")
        verbose_name_plural = _("Goals")
