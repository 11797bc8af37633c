"""What editors know of a biobank: facts, each with its language, source and date.

The import never touches them. They are apart from the imported row, so that a draft of them can
hold and bring back no field that the import writes.
"""

from typing import Any, Self
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import PreviewableMixin

YES, NO = "yes", "no"


class FactKind(models.TextChoices):
    NAME = "name", _("Name")
    HOST = "host", _("Host")
    INTRODUCTION = "introduction", _("Introduction")
    WEBSITE = "website", _("Website")
    HOSPITAL_PAGE = "hospital_page", _("Page of the hospital or institute")
    OBJECTION = "objection", _("How to object: page")
    OBJECTION_HOW = "objection_how", _("How to object: in words")
    CONTACT_PAGE = "contact_page", _("Contact page")
    ACCESS = "access", _("Pages on asking for samples")
    SITES = "sites", _("Hospital sites")
    MAILBOX = "mailbox", _("Mailbox of the office")
    COMPANIES = "companies", _("Works with companies")
    NOTIFICATION = "notification", _("Notification number")
    QUALITY = "quality", _("Quality marks")


# What is the same in every language.
LANGUAGELESS = (FactKind.MAILBOX, FactKind.COMPANIES, FactKind.NOTIFICATION, FactKind.QUALITY)
SPOKEN = tuple(kind for kind in FactKind if kind not in LANGUAGELESS)
ADDRESSES = (
    FactKind.WEBSITE, FactKind.HOSPITAL_PAGE, FactKind.OBJECTION, FactKind.CONTACT_PAGE,
    FactKind.ACCESS,
)  # fmt: skip
LISTS = (FactKind.ACCESS, FactKind.SITES, FactKind.QUALITY)  # one a line


class Confidence(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    REPORTED = "reported", _("Reported")
    SUGGESTED = "suggested", _("Suggested")


class BiobankProfile(PreviewableMixin, ClusterableModel):
    """One a biobank."""

    is_kept_apart = True

    biobank = models.OneToOneField(
        "members.Biobank",
        verbose_name=_("biobank"),
        on_delete=models.CASCADE,
        related_name="profile",
    )
    own_language = models.CharField(
        _("its own language"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_(
            "In which it works. What it says in this language stands in for a language in which "
            "nothing is known, and letters to it are written in it."
        ),
    )
    name_language = models.CharField(
        _("language of its name"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Read aloud in this language. Blank: the name belongs to none."),
    )

    class Meta:
        verbose_name = _("what we say of a biobank")
        verbose_name_plural = _("what we say of biobanks")
        default_permissions = ("change", "view")  # it comes and goes with its biobank

    def __str__(self) -> str:
        return self.biobank.name

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def default_preview_mode(self) -> str:
        return self.own_language or settings.LANGUAGE_CODE

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        """The biobank's page, as it would be with what stands in the form."""
        finders: Any = apps.get_model("members.BiobanksPage")  # whose module needs this one
        page = finders.objects.filter(locale__language_code=mode_name).first()
        if page is None:
            return TemplateResponse(request, "members/admin/no_finder.html")
        with override(mode_name):
            return page.show_preview(request, self).render()


class BiobankFactQuerySet(models.QuerySet["BiobankFact"]):
    def confirmed(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds, confidence=Confidence.CONFIRMED)


class BiobankFact(models.Model):
    """One thing that is known of a biobank, in one language or in all."""

    is_kept_apart = True

    profile = ParentalKey(BiobankProfile, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("kind"), max_length=20, choices=FactKind)
    language = models.CharField(
        _("language"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Blank: the same in all."),
    )
    value = models.TextField(_("value"))
    confidence = models.CharField(
        _("how sure"),
        max_length=10,
        choices=Confidence,
        default=Confidence.CONFIRMED,
        help_text=_(
            "What is reported stands on its own page alone, with who says so; what is suggested, "
            "nobody but editors sees."
        ),
    )
    source = models.URLField(_("source"), max_length=500, blank=True)
    said_by = models.CharField(
        _("who says so"),
        max_length=120,
        blank=True,
        help_text=_("Shown with what is reported. Blank: the site that the source stands on."),
    )
    checked = models.DateField(_("checked on"), null=True, blank=True)

    objects = BiobankFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "kind", "language"], name="one_fact_a_kind_and_language"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LANGUAGELESS, language="")
                | Q(kind=FactKind.HOST)
                | (Q(kind__in=SPOKEN) & ~Q(language="")),
                name="a_fact_in_words_has_its_language",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="a_fact_is_known_how_sure"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="a_fact_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.value.splitlines() if line.strip()]

    @property
    def teller(self) -> str:
        """Who says so, of what is only reported."""
        return self.said_by or (urlsplit(self.source).hostname or "").removeprefix("www.")

    def clean(self) -> None:
        super().clean()
        check_value(self.kind, self.value)
        if self.confidence == Confidence.REPORTED and not self.teller:
            raise ValidationError({"source": _("Say who reports it, or give the source.")})


def check_value(kind: str, value: str) -> None:
    """Refuses what could not be shown as what it is to be."""
    checks: list[Any] = []
    if kind in ADDRESSES:
        checks = [URLValidator(["http", "https"])]
    if kind == FactKind.MAILBOX:
        checks = [EmailValidator()]
    for line in value.splitlines() if kind in LISTS else [value]:
        for check in checks:
            if line.strip():
                check(line.strip())
    if kind == FactKind.COMPANIES and value not in {YES, NO}:
        raise ValidationError(_("Yes or no."))
