"""What is kept with a biobank, a row each: texts, names, addresses, networks, quality."""

from datetime import date
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField

from members import codes
from members.models.networks import NetworkPage
from pages.blocks.content import LINE


class BiobankText(models.Model):
    """What a version before profiles knows of a biobank, as it may still answer."""

    biobank = ParentalKey("members.Biobank", on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    introduction = RichTextField(_("introduction"), features=LINE, blank=True)
    objection_url = models.URLField(
        _("how to object"),
        max_length=500,
        blank=True,
        help_text=_("The page on which patients object, or through which they ask how to."),
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["biobank", "language"],
                name="one_text_a_language",
                violation_error_message=_("This language has its text already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_language_display()


class OtherName(models.Model):
    """A name it had, or has beside its own."""

    is_kept_apart = True

    class Kind(models.TextChoices):
        FORMER = "former", _("Former name")
        ALSO = "also", _("Also called")

    biobank = ParentalKey("members.Biobank", on_delete=models.CASCADE, related_name="other_names")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.FORMER)
    name = models.CharField(_("name"), max_length=250)
    language = models.CharField(
        _("its language"), max_length=2, blank=True, choices=settings.LANGUAGES
    )

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class OldSlug(models.Model):
    """An address a biobank had: it leads to the one it has."""

    biobank = models.ForeignKey(
        "members.Biobank", on_delete=models.CASCADE, related_name="old_slugs"
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, day: date | None = None) -> Self:
        """Those that hold today, or on another day."""
        day = day or timezone.localdate()
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day)
        )


def network_choices() -> list[tuple[UUID, str]]:
    """The networks as an editor picks one: by the page of the site's first language."""
    pages = NetworkPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return [(page.translation_key, page.title) for page in pages.order_by("path")]


class Membership(models.Model):
    """A biobank's time in a network. The dates are blank where nobody wrote them down."""

    is_kept_apart = True

    biobank = ParentalKey("members.Biobank", on_delete=models.CASCADE, related_name="memberships")
    # A network is four pages, one a language: they share this key, and it outlives each of them.
    network = models.UUIDField(_("network"), db_index=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    is_of_directory = models.BooleanField(
        _("from the Directory"), default=False, db_default=False, editable=False
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_membership_ends_after_it_starts",
                violation_error_message=_("A membership can't end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["biobank", "network"],
                condition=Q(until__isnull=True),
                name="one_open_membership_a_network",
                violation_error_message=_("It is a member of this network already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.network)


class QualityMark(models.Model):
    """A standard it is certified or accredited for, with the evidence."""

    is_kept_apart = True

    biobank = ParentalKey("members.Biobank", on_delete=models.CASCADE, related_name="quality_marks")
    standard = models.CharField(_("standard"), max_length=120)
    level = models.CharField(
        _("assessed by"),
        max_length=60,
        blank=True,
        choices=codes.Level,
    )
    certificate_number = models.CharField(_("certificate number"), max_length=120, blank=True)
    dated = models.DateField(_("dated"), null=True, blank=True)
    is_of_directory = models.BooleanField(_("from the Directory"), default=False, editable=False)

    class Meta:
        verbose_name = _("quality mark")
        verbose_name_plural = _("quality marks")
        ordering = ["standard", "pk"]

    def __str__(self) -> str:
        return self.standard
