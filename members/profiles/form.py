"""The form of a profile: a place for each fact, whether it is known or not.

A fact is a row. On the screen each has its place, by kind and language, so that an editor sees
what is missing, and a language's tab reads like its page.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.widgets import AdminDateInput

from members.models.profiles import (
    ADDRESSES,
    LANGUAGELESS,
    LISTS,
    NO,
    SPOKEN,
    YES,
    BiobankFact,
    BiobankProfile,
    Confidence,
    FactKind,
)
from pages.blocks.content import LINE

HELP = {
    FactKind.NAME: _("What it calls itself in this language, where that is not its name above."),
    FactKind.HOST: _(
        "The hospital or institute, as it writes its own name in this language. Do not translate "
        "a name yourself: leave it blank, and its own language stands in, marked as such."
    ),
    FactKind.INTRODUCTION: _("Two or three plain sentences, for patients and researchers alike."),
    FactKind.WEBSITE: _("The biobank's own page in this language."),
    FactKind.HOSPITAL_PAGE: _("Where the biobank has no page of its own."),
    FactKind.OBJECTION: _(
        "The page in this language on which patients read how to object, with its form if any."
    ),
    FactKind.OBJECTION_HOW: _("Whom to tell, and how, in a sentence a patient understands."),
    FactKind.CONTACT_PAGE: _("A page with a form or the office's address."),
    FactKind.ACCESS: _("For researchers. One address a line."),
    FactKind.SITES: _("The hospitals and sites whose samples it keeps. One a line."),
    FactKind.MAILBOX: _("Of the office, never of a person: biobank@, not firstname.lastname@."),
    FactKind.COMPANIES: _("Only where the biobank says so. It stands before the Directory's."),
    FactKind.NOTIFICATION: _(
        "Given by the Federal Agency for Medicines and Health Products, as in BB190057."
    ),
    FactKind.QUALITY: _("Standards it holds a certificate for, as in ISO 9001. One a line."),
}


class Place(NamedTuple):
    """Where one fact stands on the screen."""

    kind: FactKind
    language: str

    @property
    def field(self) -> str:
        return f"{self.kind}_{self.language}" if self.language else str(self.kind.value)

    @property
    def label(self) -> str:
        return str(self.kind.label)


OF_EVIDENCE = ("confidence", "checked", "source", "said_by")
SHOWN_AS: dict[str, Any] = {
    "checked": {"widget": AdminDateInput},
    "source": {"assume_scheme": "https"},
}
IN_ALL = [Place(kind, "") for kind in (*LANGUAGELESS, FactKind.HOST)]


def places_of(language: str) -> list[Place]:
    return [Place(kind, language) for kind in SPOKEN] if language else IN_ALL


PLACES = [place for code in ("", *dict(settings.LANGUAGES)) for place in places_of(code)]


def _value_field(place: Place) -> forms.Field:
    about: dict[str, Any] = {
        "label": place.kind.label,
        "required": False,
        "help_text": HELP[place.kind],
    }
    if place == Place(FactKind.HOST, ""):
        about["help_text"] = _("Only where it is the same in every language.")
    if place.kind == FactKind.COMPANIES:
        choices = [("", _("Not known")), (YES, _("Yes")), (NO, _("No"))]
        return forms.ChoiceField(choices=choices, **about)
    if place.kind == FactKind.INTRODUCTION:
        return forms.CharField(**about)
    if place.kind in LISTS or place.kind == FactKind.OBJECTION_HOW:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **about)
    if place.kind in ADDRESSES:
        return forms.CharField(widget=forms.URLInput, max_length=500, **about)
    return forms.CharField(max_length=250, **about)


def _evidence_fields(place: Place) -> Iterator[tuple[str, forms.Field]]:
    for name in OF_EVIDENCE:
        field: Any = BiobankFact._meta.get_field(name)
        yield f"{place.field}__{name}", field.formfield(required=False, **SHOWN_AS.get(name, {}))


def _fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for place in PLACES:
        fields[place.field] = _value_field(place)
        fields |= _evidence_fields(place)
    return fields


def panels_of(language: str) -> list[Panel]:
    return [
        MultiFieldPanel(
            [
                FieldPanel(place.field, heading=_("What it is")),
                FieldRowPanel([FieldPanel(f"{place.field}__{name}") for name in OF_EVIDENCE[:2]]),
                FieldRowPanel([FieldPanel(f"{place.field}__{name}") for name in OF_EVIDENCE[2:]]),
            ],
            heading=place.label,
        )
        for place in places_of(language)
    ]


class _ProfileForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in PLACES:
            if place.kind == FactKind.INTRODUCTION:
                # The editor's features are not registered yet when this module is read.
                self.fields[place.field].widget = DraftailRichTextArea(features=LINE)
        self._there = {Place(FactKind(one.kind), one.language): one for one in self._facts()}
        for place, fact in self._there.items():
            self.initial[place.field] = fact.value
            for name in OF_EVIDENCE:
                self.initial[f"{place.field}__{name}"] = getattr(fact, name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for place in PLACES:
            words = cleaned.get(place.field, "").strip()
            # The editor of rich text sends an empty paragraph.
            cleaned[place.field] = words if strip_tags(words).strip() else ""
            if cleaned[place.field]:
                self._check(place)
        return cleaned

    def save(self, commit: bool = True) -> BiobankProfile:
        facts = [self._fact(place) for place in PLACES if self.cleaned_data[place.field]]
        self.instance.facts.set(facts)
        profile: BiobankProfile = super().save(commit)
        if commit and self.has_changed():
            profile.biobank.as_of = timezone.localdate()
            profile.biobank.save(update_fields=["as_of"])
        return profile

    def _facts(self) -> list[BiobankFact]:
        return list(self.instance.facts.all())

    def _fact(self, place: Place) -> BiobankFact:
        """The row that is there, with what the form says."""
        fact = self._there.get(place) or BiobankFact(kind=place.kind, language=place.language)
        fact.value = self.cleaned_data[place.field]
        for name in OF_EVIDENCE:
            setattr(fact, name, self.cleaned_data.get(f"{place.field}__{name}"))
        fact.confidence = fact.confidence or Confidence.CONFIRMED
        return fact

    def _check(self, place: Place) -> None:
        try:
            self._fact(place).clean()
        except ValidationError as error:
            said = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, messages in said.items():
                self.add_error(f"{place.field}__{name}" if name else place.field, messages)


ProfileForm = type("ProfileForm", (_ProfileForm,), _fields())
