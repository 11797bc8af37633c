"""Pages of running text: plain ones, questions and answers, dated legal ones."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.fields import StreamField
from wagtail.search import index

from pages.blocks.content import BodyBlock, QuestionBlock
from pages.models.base import BasePage, BodyPage


class StandardPage(BodyPage):
    """A page of text with the pages below it."""

    parent_page_types = ["pages.NodePage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage", "pages.FaqPage"]

    class Meta:
        verbose_name = _("Text page")
        verbose_name_plural = _("Text pages")


class FaqPage(BodyPage):
    """Questions with answers; each question has an address of its own."""

    questions = StreamField(
        [("question", QuestionBlock())], blank=True, verbose_name=_("questions")
    )

    content_panels = [*BasePage.content_panels, "questions", "body"]
    search_fields = [*BodyPage.search_fields, index.SearchField("questions")]
    parent_page_types = ["pages.NodePage", "pages.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Questions and answers")
        verbose_name_plural = _("Questions and answers")

    def clean(self) -> None:
        super().clean()
        anchors = [block.value["anchor"] for block in self.questions]
        twice = next((anchor for anchor in anchors if anchors.count(anchor) > 1), None)
        if twice:
            raise ValidationError({"questions": _("Two questions have the anchor “%s”.") % twice})


class LegalPage(RoutablePageMixin, BodyPage):
    """A text the law asks for, dated; each earlier version stays readable under its date."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Privacy notice")
        COOKIES = "cookies", _("Cookies")
        ACCESSIBILITY = "accessibility", _("Accessibility statement")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    dated = models.DateField(
        _("dated"),
        default=timezone.localdate,
        help_text=_(
            "Change it when the meaning changes: the old text stays readable under its date."
        ),
    )

    content_panels = [*BasePage.content_panels, "kind", "dated", "body"]
    parent_page_types = ["pages.NodePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Legal page")
        verbose_name_plural = _("Legal pages")

    def clean(self) -> None:
        super().clean()
        if self.dated and self.dated > timezone.localdate():
            raise ValidationError({"dated": _("This day is still to come.")})
        twins = LegalPage.objects.filter(kind=self.kind, locale=self.locale_id).exclude(pk=self.pk)
        if twins.exists():
            raise ValidationError({"kind": _("This language has such a page already.")})

    @path("")
    def today(self, request: HttpRequest) -> TemplateResponse:
        return self.render(request)

    @re_path(r"^(?P<day>\d{4}-\d{2}-\d{2})/$", name="version")
    def version(self, request: HttpRequest, day: str) -> TemplateResponse:
        try:
            version = self.versions.filter(dated=date.fromisoformat(day)).first()
        except ValueError as error:
            raise Http404 from error
        if version is None:
            raise Http404
        return self.render(request, context_overrides={"version": version})

    @property
    def earlier_versions(self) -> "models.QuerySet[LegalVersion]":
        others = LegalVersion.objects.filter(page_id=self.pk).exclude(dated=self.dated)
        return others.defer("body")


class LegalVersion(models.Model):
    """A legal page as it stood under one date, kept at each publication under that date."""

    page = models.ForeignKey(LegalPage, on_delete=models.CASCADE, related_name="versions")
    dated = models.DateField(_("dated"))
    title = models.CharField(_("title"), max_length=255)
    body = StreamField(BodyBlock(), blank=True)

    class Meta:
        ordering = ["-dated"]
        constraints = [models.UniqueConstraint(fields=["page", "dated"], name="one_version_a_date")]

    def __str__(self) -> str:
        return f"{self.title} ({self.dated:%Y-%m-%d})"

    @classmethod
    def keep(cls, page: LegalPage) -> "LegalVersion":
        now: dict[str, Any] = {"title": page.title, "body": page.body}
        return cls.objects.update_or_create(page=page, dated=page.dated, defaults=now)[0]
