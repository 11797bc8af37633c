"""What frames every page in a language: name, menus, and who paid."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import RevisionMixin, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from pages.blocks.content import LINE
from pages.blocks.links import MenuLinkBlock
from worker.mails import validate_header_line


class SiteIdentity(RevisionMixin, TranslatableMixin, models.Model):
    """Name and menus of the site in one language."""

    name = models.CharField(  # in the subject of every mail
        _("name"), max_length=40, default="BBMRI.be", validators=[validate_header_line]
    )
    tagline = models.CharField(
        _("tagline"), max_length=100, blank=True, help_text=_("Beside the name.")
    )
    header_menu = StreamField(
        [("link", MenuLinkBlock())], blank=True, max_num=7, verbose_name=_("header menu")
    )
    footer_menu = StreamField(
        [("link", MenuLinkBlock())], blank=True, max_num=12, verbose_name=_("footer menu")
    )
    footer_text = RichTextField(_("footer text"), features=LINE, blank=True)

    override_translatable_fields = [SynchronizedField("name")]

    panels = ["name", "tagline", "header_menu", "footer_menu", "footer_text"]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("Site identity and menus")
        verbose_name_plural = _("Site identity and menus")
        constraints = [
            models.UniqueConstraint(
                fields=["locale"],
                name="one_identity_a_language",
                violation_error_message=_("This language has its identity already: edit that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.locale.get_display_name()})" if self.locale_id else self.name


class FundingQuerySet(models.QuerySet["Funding"]):
    def shown(self) -> Self:
        return self.filter(is_shown=True).order_by("sort_order", "pk")


class Funding(RevisionMixin, TranslatableMixin, models.Model):
    """Who paid for what, in the words the funder asks for (Horizon 2020 grants: article 29.4)."""

    project = models.CharField(_("project"), max_length=120)
    programme = models.CharField(_("programme"), max_length=160, blank=True)
    grant_number = models.CharField(_("grant number"), max_length=40, blank=True)
    sentence = models.TextField(
        _("sentence"),
        max_length=500,
        help_text=_("Word for word as the funder asks; shown on every page."),
    )
    has_emblem = models.BooleanField(
        _("EU emblem"),
        default=False,
        help_text=_("Show the emblem of the European Union beside the sentence."),
    )
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("to"), null=True, blank=True)
    is_shown = models.BooleanField(_("shown"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = FundingQuerySet.as_manager()

    override_translatable_fields = [SynchronizedField("grant_number")]

    panels = [
        FieldPanel("project"),
        FieldRowPanel(["programme", "grant_number"]),
        "sentence",
        "has_emblem",
        FieldRowPanel(["start", "end"]),
        FieldRowPanel(["is_shown", "sort_order"]),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("Funding record")
        verbose_name_plural = _("Funding records")
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="funding_ends_after_it_starts",
                violation_error_message=_("Funding can't end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.project
