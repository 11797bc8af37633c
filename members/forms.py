"""Forms of the admin for rows that the Directory import keeps."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from members import codes
from members.directory.records import Mark
from members.models import Biobank, Trait
from members.models.kept_with import network_choices

KEPT_BY_IMPORT = ("directory_id", "withdrawn")  # and whatever the Directory told


class NetworkSelect(forms.Select):
    """The networks, as they are when the form is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.choices = lambda: [("", "—"), *network_choices()]  # type: ignore[assignment]  # Django takes a callable, too


class BiobankForm(WagtailAdminModelForm):
    """Locks what the import would write over, and says whose it is."""

    OWN_CODES = {"materials": codes.TraitKind.MATERIAL, "categories": codes.TraitKind.CATEGORY}

    materials = forms.MultipleChoiceField(
        label=gettext_lazy("Sample types"),
        choices=codes.Material.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What it keeps as a whole, beside what its collections say."),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Fields of medicine"),
        choices=codes.Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in self.OWN_CODES.items():
            self.initial[name] = sorted(self._own_traits(kind).values_list("code", flat=True))
        if self.instance.is_of_directory:
            for name in (*KEPT_BY_IMPORT, *self.instance.told_by_directory):
                self._lock(self, name)
            self.fields.pop("candidate_id", None)
        for mark in self.formsets["quality_marks"].forms:
            if mark.instance.is_of_directory:
                for name in Mark._fields:
                    self._lock(mark, name)

    def save(self, commit: bool = True) -> Biobank:
        for membership in self.formsets["memberships"].forms:
            if membership.has_changed():  # an editor's now: the import leaves it
                membership.instance.is_of_directory = False
        if self.has_changed():
            self.instance.as_of = timezone.localdate()
        biobank: Biobank = super().save(commit)
        if commit:
            for name, kind in self.OWN_CODES.items():
                self._write_codes(kind, set(self.cleaned_data[name]))
        return biobank

    def _own_traits(self, kind: str) -> QuerySet[Trait]:
        """None of a biobank that is new."""
        return Trait.objects.of_biobanks().filter(biobank=self.instance.pk, kind=kind)

    def _write_codes(self, kind: str, chosen: set[str]) -> None:
        own = self._own_traits(kind)
        own.exclude(code__in=chosen).delete()
        there = set(own.values_list("code", flat=True))
        Trait.objects.bulk_create(
            Trait(biobank=self.instance, kind=kind, code=code) for code in sorted(chosen - there)
        )

    def _lock(self, form: forms.BaseForm, name: str) -> None:
        """Django drops what is posted for a disabled field."""
        if name in form.fields:
            form.fields[name].disabled = True
            form.fields[name].required = False
            form.fields[name].help_text = _("From the Directory.")
