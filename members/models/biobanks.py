"""Biobanks: rows that the Directory import keeps, with a few fields of our own."""

from dataclasses import replace
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from members import codes
from members.models.collections import Collection, Trait
from members.models.kept_with import Membership, OldSlug, OtherName
from members.models.profiles import BiobankProfile, FactKind
from members.profiles.saying import Said, Told
from members.slugs import RESERVED, free_slug
from pages.models.pictures import picture_field

DIRECTORY_PAGE = "https://directory.bbmri-eric.eu/ERIC/directory/#/biobank/"
ROR = RegexValidator(
    r"^https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$",
    _("An address like https://ror.org/04ejags36."),
)


class BiobankQuerySet(models.QuerySet["Biobank"]):
    def shown(self) -> Self:
        """What lists hold: neither hidden by us nor withdrawn by the Directory."""
        return self.filter(is_hidden=False, withdrawn__isnull=True).order_by("name", "pk")

    def readable(self) -> Self:
        """What has a page: also the withdrawn ones, which links elsewhere still lead to."""
        return self.filter(is_hidden=False)

    def with_page(self) -> Self:
        """Read with everything its page says."""
        today = Membership.objects.current()
        shown = Collection.objects.shown().with_traits()
        return self.select_related("logo", "profile").prefetch_related(
            "quality_marks",
            "profile__facts",
            Prefetch("memberships", today, to_attr="current_memberships"),
            Prefetch("traits", Trait.objects.of_biobanks(), to_attr="own_traits"),
            Prefetch("memberships", Membership.objects.order_by("since", "pk")),
            Prefetch("other_names", OtherName.objects.order_by("pk")),
            Prefetch("collections", shown, to_attr="shown_collections"),
        )

    def taken_slugs(self, but_of: int | None = None) -> set[str]:
        """Also those that were given up: they lead to where their biobank is now."""
        now = self.exclude(pk=but_of).values_list("slug", flat=True)
        old = OldSlug.objects.exclude(biobank=but_of).values_list("slug", flat=True)
        return {*now, *old}

    def make_profiles(self) -> None:
        """For those that were made many at once, which saved none by itself."""
        without = self.filter(profile=None).values_list("pk", flat=True)
        BiobankProfile.objects.bulk_create(
            (BiobankProfile(biobank_id=pk) for pk in without), ignore_conflicts=True
        )

    def of_directory(self) -> Self:
        """Those the import answers for."""
        return self.exclude(directory_id="")


class Biobank(ClusterableModel):
    """A biobank. The first group of fields is the Directory's wherever it has a record."""

    is_kept_apart = True

    class Source(models.TextChoices):
        SITE = "site", _("This site")
        DIRECTORY = "directory", _("The Directory")

    directory_id = models.CharField(_("Directory id"), max_length=160, blank=True)
    pid = models.CharField(_("persistent identifier"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    juridical_person = models.CharField(_("juridical person"), max_length=250, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    open_to_companies = models.BooleanField(_("works with companies"), null=True, blank=True)
    open_to_non_profit = models.BooleanField(
        _("works with non-profit organisations"), null=True, blank=True
    )
    location = models.CharField(
        _("place"), max_length=120, blank=True, db_default="", help_text=_("As the Directory says.")
    )
    services = models.JSONField(_("services"), default=list, db_default=[], blank=True)
    told_networks = models.JSONField(
        _("networks"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("As the Directory lists them: id and name each."),
    )
    withdrawn = models.DateField(
        _("withdrawn"),
        null=True,
        blank=True,
        help_text=_("The day the Directory stopped listing it. Lists leave it out."),
    )

    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("The end of its address. An old one leads to the new one."),
    )
    city = models.CharField(
        _("city"), max_length=80, blank=True, help_text=_("Its English name, as in Ghent or Liège.")
    )
    district = models.CharField(_("district"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    ror = models.CharField(_("ROR of the host"), max_length=40, blank=True, validators=[ROR])
    logo = picture_field(_("logo"))
    is_hidden = models.BooleanField(
        _("hidden"),
        default=False,
        help_text=_("Visitors don't see it, whatever the Directory says."),
    )

    candidate_id = models.CharField(
        _("candidate Directory id"),
        max_length=160,
        blank=True,
        help_text=_("Not confirmed, and never shown: only the import looks for it."),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.SITE)
    as_of = models.DateField(
        _("as of"), default=timezone.localdate, help_text=_("When these facts were last changed.")
    )
    told_by_directory = models.JSONField(
        default=list, editable=False, help_text=_("The fields that the Directory filled.")
    )
    # Facts of the profile by now: for a version before it, which may still answer.
    host = models.CharField(max_length=250, blank=True, editable=False)
    notification_number = models.CharField(max_length=20, blank=True, editable=False)

    objects = BiobankQuerySet.as_manager()

    class Meta:
        verbose_name = _("biobank")
        verbose_name_plural = _("biobanks")
        ordering = ["name", "pk"]
        default_permissions = ("add", "change", "view")  # withdrawn or hidden, never deleted
        indexes = [models.Index(fields=["withdrawn", "is_hidden", "name"], name="shown_biobanks")]
        constraints = [
            models.UniqueConstraint(
                fields=["directory_id"], condition=~Q(directory_id=""), name="one_biobank_an_id"
            ),
            models.UniqueConstraint(
                fields=["candidate_id"],
                condition=~Q(candidate_id=""),
                name="one_biobank_a_candidate_id",
            ),
            models.CheckConstraint(
                condition=Q(source="site") | ~Q(directory_id=""),
                name="a_biobank_of_the_directory_has_its_id",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,  # of a NULL, a CHECK would say that it may be
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="a_biobank_is_on_earth",
                violation_error_message=_("Give latitude and longitude in degrees, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.slug = self.slug or free_slug(self.name, Biobank.objects.taken_slugs(but_of=self.pk))
        if self.slug in RESERVED:
            raise ValidationError({"slug": _("This address is taken by the site itself.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An address that was given up leads to the new one."""
        old = Biobank.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        super().save(*args, **kwargs)
        if old is None:
            BiobankProfile.objects.create(biobank=self)
        OldSlug.objects.filter(slug=self.slug).delete()
        if old and old != self.slug:
            OldSlug.objects.update_or_create(slug=old, defaults={"biobank": self})

    @property
    def is_of_directory(self) -> bool:
        return self.source == self.Source.DIRECTORY

    @property
    def is_shown(self) -> bool:
        return not self.is_hidden and self.withdrawn is None

    @property
    def directory_url(self) -> str:
        return f"{DIRECTORY_PAGE}{self.directory_id}" if self.directory_id else ""

    @property
    def pid_url(self) -> str:
        return f"https://hdl.handle.net/{self.pid}" if self.pid else ""

    @property
    def city_name(self) -> str:
        """Else the place as the Directory writes it."""
        return codes.city_name(self.city) or self.location

    @cached_property
    def told(self) -> Told:
        """What editors know of it, as a reader gets it."""
        return Told.of(getattr(self, "profile", None), self.juridical_person)

    @property
    def other_names_said(self) -> list[Said]:
        return [said for said in self.told[FactKind.NAME] if said.text != self.name]

    @property
    def quality_said(self) -> list[Said]:
        """What its quality marks do not say already."""
        marks = {mark.standard for mark in self.quality_marks.all()}
        said = self.told[FactKind.QUALITY]
        return [replace(one, text=line) for one in said for line in one.lines if line not in marks]

    @property
    def works_with_companies(self) -> bool | None:
        """As an editor knows it, else as the Directory says."""
        known = self.told.works_with_companies
        return self.open_to_companies if known is None else known

    @property
    def own_website(self) -> str:
        """The one address for machines: of the reader's language, else as the Directory says."""
        said = self.told.first(FactKind.WEBSITE)
        return said.text if said else self.website
