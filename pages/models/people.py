"""People of the node and the roles they have and had."""

import re
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from pages.blocks.content import PROSE
from pages.models.base import BasePage, BodyPage
from pages.models.pictures import Picture, picture_field
from pages.tree.published import published

ORCID_PATTERN = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def validate_orcid(value: str) -> None:
    """An ORCID iD of four groups whose last character is its ISO 7064 mod 11-2 check."""
    if not ORCID_PATTERN.fullmatch(value):
        raise ValidationError(_("An ORCID iD looks like 0000-0002-1825-0097."))
    total = 0
    for digit in value.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if value[-1] != ("X" if check == 10 else str(check)):  # noqa: PLR2004  X stands for ten
        raise ValidationError(
            _("This ORCID iD has a typing mistake: its last character does not fit.")
        )


class PeoplePage(BodyPage):
    """The people of the node, by body."""

    parent_page_types = ["pages.NodePage"]
    subpage_types = ["pages.PersonPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("People")
        verbose_name_plural = _("People")

    def roles(self) -> "RoleQuerySet":
        return Role.objects.shown().filter(person__in=published(PersonPage).child_of(self))


class PersonPage(BasePage):
    photo = picture_field(_("photo"))
    affiliation = models.CharField(_("affiliation"), max_length=160, blank=True)
    orcid = models.CharField(
        _("ORCID iD"),
        max_length=19,
        blank=True,
        validators=[validate_orcid],
        help_text=_("Four groups of four, like 0000-0002-1825-0097."),
    )
    biography = RichTextField(_("biography"), features=PROSE, blank=True)

    content_panels = [
        *BasePage.content_panels,
        "photo",
        "affiliation",
        FieldPanel("orcid"),
        InlinePanel("roles", heading=_("Roles"), label=_("Role")),
        "biography",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("affiliation"),
        index.SearchField("biography"),
        index.RelatedFields("roles", [index.SearchField("title")]),
    ]
    # A name is the same in every language.
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("title"),
        SynchronizedField("orcid"),
    ]
    parent_page_types = ["pages.PeoplePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Persons")

    @property
    def shared_picture(self) -> tuple[Picture | None, str]:
        return self.photo, self.title

    @cached_property
    def all_roles(self) -> "list[Role]":
        return list(self.roles.all())

    @property
    def current_roles(self) -> "list[Role]":
        return [role for role in self.all_roles if role.is_current]

    @property
    def past_roles(self) -> "list[Role]":
        return [role for role in self.all_roles if role.is_past]


class RoleQuerySet(models.QuerySet["Role"]):
    """Roles by their place in time: past when the end has passed or is known to have been."""

    def current(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.exclude(Q(has_ended=True) | Q(end__lt=day)).exclude(start__gt=day)

    def shown(self) -> Self:
        """With what a card of the person shows, in the order of the bodies."""
        people = self.select_related("person__photo")
        return people.order_by("body", "person__path", "sort_order")


class Role(TranslatableMixin, Orderable):
    """What a person is or was in one of the node's bodies."""

    class Body(models.TextChoices):
        BOARD = "board", _("Board of Directors")
        OFFICE = "office", _("National Node office")

    person = ParentalKey(PersonPage, on_delete=models.CASCADE, related_name="roles")
    body = models.CharField(pgettext_lazy("organ of the node", "body"), max_length=10, choices=Body)
    title = models.CharField(_("title"), max_length=120)
    start = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Leave empty where it is not known.")
    )
    end = models.DateField(_("to"), null=True, blank=True)
    has_ended = models.BooleanField(_("ended, date unknown"), default=False)

    objects = RoleQuerySet.as_manager()

    panels = [
        FieldRowPanel(["body", "title"]),
        FieldRowPanel(["start", "end", "has_ended"]),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="role_ends_after_it_starts",
                violation_error_message=_("A role can't end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(has_ended=False) | Q(end__isnull=True),
                name="role_end_known_or_not",
                violation_error_message=_(
                    "Give the end date or tick “ended, date unknown”, not both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_past(self) -> bool:
        return self.has_ended or bool(self.end and self.end < timezone.localdate())

    @property
    def is_current(self) -> bool:
        return not self.is_past and not (self.start and self.start > timezone.localdate())
