"""Diseases and other things that readers ask for, in their words."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from members.diseases.ranges import ranges_of

LONGEST_KEY = 80
NUMBERS = RegexValidator(r"^\s*\d{1,7}(\s*,\s*\d{1,7})*\s*$", _("Numbers with commas between."))


def validate_codes(text: str) -> None:
    try:
        ranges_of(text)
    except ValueError as refused:
        raise ValidationError(
            _("“%(part)s” is no code of ICD-10 and no range like C50-C58, lowest code first."),
            params={"part": refused},
        ) from refused


class ConceptQuerySet(models.QuerySet["Concept"]):
    def with_names(self) -> Self:
        return self.prefetch_related("names")


class Concept(ClusterableModel):
    """A row of the table: what it is called in each language, and the codes it stands for."""

    class Kind(models.TextChoices):
        DISEASE = "disease", _("Disease")
        CHAPTER = "chapter", _("Chapter of ICD-10")
        WORD = "word", _("Other word")

    key = models.SlugField(_("key"), max_length=LONGEST_KEY, unique=True, editable=False)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.DISEASE,
        help_text=_("Other words are no diseases: they have no codes, and one finds the others."),
    )
    codes = models.CharField(
        _("codes of ICD-10"),
        max_length=250,
        blank=True,
        validators=[validate_codes],
        help_text=_(
            "Codes and ranges with commas between, such as C50 or C51-C58, G12.2. ORPHA stands"
            " for any rare disease."
        ),
    )
    orpha = models.CharField(
        _("numbers of Orphanet"),
        max_length=250,
        blank=True,
        validators=[NUMBERS],
        help_text=_("Such as 586. Commas between."),
    )
    other_words = models.TextField(
        _("other words in any language"),
        blank=True,
        help_text=_("Abbreviations, spellings, names of doctors. Commas between."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("For editors. Visitors never see it.")
    )
    checked = models.DateField(_("checked on"), default=timezone.localdate)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        verbose_name = _("disease or word")
        verbose_name_plural = _("diseases and words")
        ordering = ["kind", "codes", "key"]

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def name(self) -> str:
        """In the site's first language, or any."""
        names = {name.language: name.name for name in self.names.all()}
        return names.get(settings.LANGUAGE_CODE) or next(iter(names.values()), "")

    def clean(self) -> None:
        super().clean()
        self.codes = self.codes.upper().strip()
        has_codes = bool(self.codes or self.orpha)
        if self.kind == self.Kind.WORD and has_codes:
            raise ValidationError({"kind": _("What has codes is a disease or a chapter.")})
        if self.kind != self.Kind.WORD and not has_codes:
            raise ValidationError({"codes": _("Give the codes it stands for, or make it a word.")})

    def give_key(self, name: str) -> None:
        """From its first name, once: what a release changes is found by it."""
        plain = slugify(name)[: LONGEST_KEY - 6].strip("-") or "row"
        taken = set(Concept.objects.filter(key__startswith=plain).values_list("key", flat=True))
        numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
        self.key = (
            plain if plain not in taken else next(key for key in numbered if key not in taken)
        )


class ConceptName(models.Model):
    """What a concept is called in one language."""

    concept = ParentalKey(Concept, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    name = models.CharField(
        _("everyday name"), max_length=160, help_text=_("The one that visitors see.")
    )
    others = models.TextField(
        _("other words in this language"),
        blank=True,
        help_text=_("The medical one first. Commas between."),
    )

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["concept", "language"],
                name="one_name_a_concept_and_language",
                violation_error_message=_("This language has its name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
