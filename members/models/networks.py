"""The networks through which Belgium takes part in BBMRI-ERIC."""

from uuid import UUID

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from pages.blocks.content import LINE
from pages.models.base import SUMMARY, BodyPage
from pages.models.pictures import picture_field
from pages.search.words import fold
from pages.tree.published import published

NETWORK_ID = RegexValidator(
    r"^bbmri-eric:networkID:[A-Z]{2,5}_[\w.@:-]{1,120}$",
    _("An id like bbmri-eric:networkID:BE_ and what follows."),
)


class NetworksPage(BodyPage):
    parent_page_types = ["pages.NodePage"]
    subpage_types = ["members.NetworkPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("Networks")
        verbose_name_plural = _("Networks")


class NetworkPage(BodyPage):
    class Level(models.TextChoices):
        FEDERAL = "federal", _("Federal")
        FLANDERS = "flanders", _("Flanders")
        BRUSSELS_WALLONIA = "brussels-wallonia", _("Brussels and Wallonia")

    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    own_name = models.CharField(
        _("name in its own language"),
        max_length=160,
        blank=True,
        help_text=_("Shown where it differs from the title."),
    )
    own_language = models.CharField(
        _("its own language"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Read aloud in this language."),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    directory_id = models.CharField(
        _("Directory id"),
        max_length=160,
        blank=True,
        db_default="",
        validators=[NETWORK_ID],
        help_text=_(
            "The import lists the biobanks of this network by it; without it, by the same name."
        ),
    )
    host = models.CharField(_("host"), max_length=160, blank=True)
    scope = models.CharField(
        _("scope"), max_length=250, blank=True, help_text=_("Which samples it is about.")
    )
    website = models.URLField(_("website"), blank=True)
    founded = models.PositiveSmallIntegerField(_("founding year"), null=True, blank=True)
    logo = picture_field(_("logo"))
    introduction = RichTextField(_("introduction"), features=LINE, blank=True)

    content_panels = [
        "title",
        SUMMARY,
        MultiFieldPanel(
            [
                FieldRowPanel(["acronym", "level"]),
                FieldRowPanel(["own_name", "own_language"]),
                FieldRowPanel(["host", "founded"]),
                "scope",
                FieldRowPanel(["website", "directory_id"]),
                "logo",
            ],
            heading=_("Facts"),
        ),
        "introduction",
        "body",
    ]
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("acronym", boost=5),
        index.SearchField("own_name", boost=5),
        index.SearchField("host"),
        index.SearchField("scope"),
        index.SearchField("introduction"),
    ]
    # What a network calls itself is the same in every language.
    override_translatable_fields = [
        *BodyPage.override_translatable_fields,
        SynchronizedField("acronym"),
        SynchronizedField("own_name"),
        SynchronizedField("directory_id"),
    ]
    is_network = True  # blocks of pages offer it as one
    parent_page_types = ["members.NetworksPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Network")
        verbose_name_plural = _("Networks")

    @property
    def title_language(self) -> str:
        """Set where the title is the name in the network's own language (WCAG 2.2 SC 3.1.2)."""
        return self.own_language if self.title == self.own_name else ""

    @classmethod
    def keys(cls) -> dict[str, UUID]:
        """Of all networks, by what the Directory may call them: its id, else a name, folded."""
        columns = ("translation_key", "directory_id", "title", "own_name", "acronym")
        rows = list(cls.objects.order_by("path").values_list(*columns))
        keys = {
            fold(name): key for key, _id, *names in reversed(rows) for name in names if fold(name)
        }
        return keys | {directory_id: key for key, directory_id, *_ in rows if directory_id}

    @classmethod
    def shown(cls) -> PageQuerySet["NetworkPage"]:
        """What visitors may see, in the editors' order, with what a card shows."""
        networks = published(cls).select_related("logo")
        return networks.order_by("path").defer_streamfields()
