"""Collections of samples and data, and what they and their biobanks hold, in codes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from members import codes
from members.models.code_labels import label
from members.slugs import free_slug

DIRECTORY_PAGE = "https://directory.bbmri-eric.eu/ERIC/directory/#/collection/"
AT_ONCE = 500  # rows an UPDATE


class CollectionQuerySet(models.QuerySet["Collection"]):
    def shown(self) -> Self:
        """Neither it nor its biobank is hidden or withdrawn."""
        own = self.filter(withdrawn__isnull=True, is_hidden=False)
        of_shown = own.filter(biobank__withdrawn__isnull=True, biobank__is_hidden=False)
        return of_shown.order_by("name", "directory_id")

    def readable(self) -> Self:
        """What has a page: also the withdrawn ones, which links elsewhere still lead to."""
        return self.filter(is_hidden=False, biobank__is_hidden=False)

    def with_page(self) -> Self:
        """Read with everything its page says."""
        parts = Collection.objects.shown().select_related("biobank").defer("counts", "diagnoses")
        rows = self.select_related("biobank__profile", "parent__biobank")
        return rows.defer("parent__counts", "parent__diagnoses").prefetch_related(
            "biobank__profile__facts",
            Prefetch("traits", Trait.objects.order_by("kind", "code"), to_attr="all_traits"),
            Prefetch("parts", parts, to_attr="shown_parts"),
        )

    def top_level(self) -> Self:
        """Those that are no part of another that visitors see: what is counted."""
        return self.filter(
            Q(parent__isnull=True) | Q(parent__is_hidden=True) | Q(parent__withdrawn__isnull=False)
        )

    def with_traits(self) -> Self:
        """Read with its codes, and what it is part of; without its counts, which may be many."""
        ordered = Trait.objects.order_by("kind", "code")
        rows = self.select_related("parent").defer("counts", "parent__counts")
        return rows.prefetch_related(Prefetch("traits", ordered, to_attr="all_traits"))

    def taken_slugs(self, biobanks: Iterable[int]) -> dict[int, set[str]]:
        """By biobank. Also those that were given up: they lead to where their collection is now."""
        taken: dict[int, set[str]] = defaultdict(set)
        for rows in (self, OldCollectionSlug.objects.all()):
            for biobank, slug in rows.filter(biobank__in=biobanks).values_list("biobank", "slug"):
                taken[biobank].add(slug)
        return taken

    def name_new(self) -> None:
        """Give a slug to each that has none."""
        needed = self.only("biobank", "name", "directory_id")
        new = list(needed.filter(slug="").order_by("pk"))
        taken = Collection.objects.all().taken_slugs({row.biobank_id for row in new})
        for row in new:
            row.slug = free_slug(row.label, taken[row.biobank_id], "collection")
            taken[row.biobank_id].add(row.slug)
        Collection.objects.bulk_update(new, ["slug"], batch_size=AT_ONCE)


class Collection(models.Model):
    """A collection: its fields are the Directory's, but for the slug and the last."""

    is_kept_apart = True

    all_traits: list["Trait"]  # both where it was read with them
    shown_parts: list["Collection"]

    biobank = models.ForeignKey(
        "members.Biobank",
        verbose_name=_("biobank"),
        on_delete=models.PROTECT,
        related_name="collections",
    )
    directory_id = models.CharField(_("Directory id"), max_length=250, unique=True)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        blank=True,
        default="",
        db_default="",  # a row of a version that knew no slug: the next import names it
        help_text=_("The end of its address, below that of its biobank."),
    )
    name = models.CharField(_("name"), max_length=250, blank=True)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
    )
    size = models.PositiveBigIntegerField(_("samples"), null=True, blank=True)
    size_magnitude = models.PositiveSmallIntegerField(
        _("samples, power of ten"), null=True, blank=True
    )
    donors = models.PositiveBigIntegerField(_("donors"), null=True, blank=True)
    donors_magnitude = models.PositiveSmallIntegerField(
        _("donors, power of ten"), null=True, blank=True
    )
    age_low = models.PositiveSmallIntegerField(_("lowest age"), null=True, blank=True)
    age_high = models.PositiveSmallIntegerField(_("highest age"), null=True, blank=True)
    age_unit = models.CharField(_("unit of age"), max_length=10, blank=True, choices=codes.AgeUnit)
    diagnoses = models.JSONField(
        _("diagnoses"), default=list, blank=True, help_text=_("A list of code and label each.")
    )
    counts = models.JSONField(
        _("counts"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("Samples and donors of a disease, sex, age range or sample type; * is any."),
    )
    counted = models.DateField(
        _("counted"), null=True, blank=True, help_text=_("The day that its numbers are of.")
    )
    quality = models.JSONField(
        _("quality"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("A list of standard, level and certificate number each."),
    )
    commercial_use = models.BooleanField(_("open to commercial use"), null=True, blank=True)
    access_description = models.TextField(_("terms of access"), blank=True)
    access_url = models.URLField(_("access policy"), max_length=500, blank=True)
    withdrawn = models.DateField(_("withdrawn"), null=True, blank=True)
    source = models.CharField(
        _("source"),
        max_length=10,
        choices=[("site", _("This site")), ("directory", _("The Directory"))],
        default="site",
    )
    as_of = models.DateField(_("as of"))
    is_hidden = models.BooleanField(_("hidden"), default=False)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["directory_id"]
        default_permissions = ("change", "view")  # only the import makes one
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=models.F("pk")), name="a_collection_is_no_part_of_itself"
            ),
            models.UniqueConstraint(
                fields=["biobank", "slug"], condition=~Q(slug=""), name="one_collection_a_slug"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if not self.slug:
            Collection.objects.filter(pk=self.pk).name_new()
            self.refresh_from_db(fields=["slug"])

    @property
    def is_of_directory(self) -> bool:
        return self.source == "directory"

    @property
    def key(self) -> str:
        """Its name in an address, the same next year: its Directory id where the Directory itself
        told it, else the last steps of its own address.
        """
        return self.directory_id if self.is_of_directory else f"{self.biobank.slug}/{self.slug}"

    @property
    def label(self) -> str:
        """Its name, or the last part of its id where only that is known."""
        return self.name or self.directory_id.rpartition(":")[2].replace("_", " ")

    @property
    def whole(self) -> "Collection | None":
        """What it is part of, where visitors see that below the same biobank."""
        parent = self.parent
        is_here = parent and parent.is_shown and parent.biobank_id == self.biobank_id
        return parent if is_here else None

    @property
    def is_shown(self) -> bool:
        """If its biobank is."""
        return not self.is_hidden and self.withdrawn is None

    @property
    def directory_url(self) -> str:
        return f"{DIRECTORY_PAGE}{self.directory_id}"

    @property
    def address(self) -> str:
        """Below the finder's; empty while it has no slug."""
        return f"{self.biobank.slug}/{self.slug}/" if self.slug else ""

    @property
    def holdings(self) -> list[tuple[str, list[str]]]:
        """Every kind of code that says what it has, with the labels."""
        return self._labelled(codes.HELD)

    @property
    def terms(self) -> list[tuple[str, list[str]]]:
        """Likewise, under which terms."""
        return self._labelled(codes.TERMS)

    @property
    def materials(self) -> list[str]:
        return self.labels(codes.TraitKind.MATERIAL)

    def _labelled(self, kinds: Iterable[codes.TraitKind]) -> list[tuple[str, list[str]]]:
        found = [(str(kind.label), self.labels(kind)) for kind in kinds]
        return [(label, labels) for label, labels in found if labels]

    def labels(self, kind: str) -> list[str]:
        """What it holds of a kind, in the reader's words. Costs no query after `with_traits()`."""
        traits = getattr(self, "all_traits", None)
        if traits is None:
            traits = self.traits.order_by("code")
        return [trait.label for trait in traits if trait.kind == kind]


class OldCollectionSlug(models.Model):
    """An address a collection had, below the biobank it had: it leads to the one it has."""

    biobank = models.ForeignKey("members.Biobank", on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(_("slug"), max_length=80)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a collection")
        verbose_name_plural = _("old addresses of collections")
        constraints = [
            models.UniqueConstraint(fields=["biobank", "slug"], name="one_collection_an_old_slug")
        ]

    def __str__(self) -> str:
        return self.slug


class TraitQuerySet(models.QuerySet["Trait"]):
    def shown(self) -> Self:
        """Of biobanks themselves, and of collections that are shown."""
        return self.filter(
            Q(collection__isnull=True)
            | Q(collection__withdrawn__isnull=True, collection__is_hidden=False)
        )

    def of_biobanks(self) -> Self:
        """Said by us of the biobank, not by the Directory of a collection."""
        return self.filter(collection__isnull=True).order_by("kind", "code")


class Trait(models.Model):
    """One code of one kind that a biobank, or a collection of it, has: what facets count."""

    is_kept_apart = True

    biobank = models.ForeignKey("members.Biobank", on_delete=models.CASCADE, related_name="traits")
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.CASCADE, related_name="traits"
    )
    kind = models.CharField(_("kind"), max_length=15, choices=codes.TraitKind)
    code = models.CharField(_("code"), max_length=60)

    objects = TraitQuerySet.as_manager()

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        indexes = [models.Index(fields=["kind", "code", "biobank"], name="traits_by_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "kind", "code"],
                condition=Q(collection__isnull=False),
                name="one_code_a_collection",
            ),
            models.UniqueConstraint(
                fields=["biobank", "kind", "code"],
                condition=Q(collection__isnull=True),
                name="one_code_a_biobank",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return label(self.kind, self.code)
