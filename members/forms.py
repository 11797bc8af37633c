"""Forms of the admin for rows that the Directory import keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from members.directory.fields import BIOBANK_FIELDS
from members.models.kept_with import network_choices

KEPT_BY_IMPORT = ("directory_id", "withdrawn", *BIOBANK_FIELDS)


class NetworkSelect(forms.Select):
    """The networks, as they are when the form is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.choices = lambda: [("", "—"), *network_choices()]  # type: ignore[assignment]  # may be called


class BiobankForm(WagtailAdminModelForm):
    """Locks what the import would write over, and says whose it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_of_directory:
            for name in KEPT_BY_IMPORT:
                self._lock(self, name)
            self.fields.pop("candidate_id", None)
        for mark in self.formsets["quality_marks"].forms:
            if mark.instance.is_of_directory:
                for name in ("standard", "level", "certificate_number", "dated"):
                    self._lock(mark, name)

    def _lock(self, form: forms.BaseForm, name: str) -> None:
        """Django drops what is posted for a disabled field."""
        if name in form.fields:
            form.fields[name].disabled = True
            form.fields[name].required = False
            form.fields[name].help_text = _("From the Directory.")
