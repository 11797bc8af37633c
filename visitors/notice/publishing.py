"""Publishing a wording: one form of every language makes one version, and one line in the log."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry

from visitors.notice.wording import SameWordsError, Wording


class WordingForm(forms.Form):
    """A version in every language at once, and whether its meaning changed."""

    pieces: ClassVar[tuple[str, ...]]  # fields of the wording, each asked for in each language
    changed_label: ClassVar[Promise]
    changed_help: ClassVar[str | Promise] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            for piece in self.pieces:
                self.fields[f"{piece}_{code}"] = self.field_of(piece, str(name))
        self.fields["material"] = forms.BooleanField(
            label=str(self.changed_label), required=False, help_text=str(self.changed_help)
        )

    def field_of(self, piece: str, language: str) -> forms.Field:
        raise NotImplementedError

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            code: {piece: self.cleaned_data[f"{piece}_{code}"] for piece in self.pieces}
            for code, _name in settings.LANGUAGES
        }


class PublishWordingView(FormView):
    """Begins with what holds now, and publishes what is made of it."""

    form_class: type[WordingForm]
    wording: ClassVar[type[Wording]]
    action: ClassVar[str]  # as the log knows it
    published: ClassVar[Promise]  # told of the new version's number

    def texts_now(self) -> Mapping[str, Wording]:
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        return {
            f"{piece}_{code}": getattr(text, piece)
            for code, text in self.texts_now().items()
            for piece in self.form_class.pieces
        }

    def form_valid(self, form: WordingForm) -> HttpResponse:
        try:
            version = self._publish(form)
        except IntegrityError:
            refusal = _("Somebody else published a version just now: look at it first.")
        except SameWordsError:
            refusal = _("These words are published already.")
        else:
            messages.success(self.request, str(self.published) % version)
            return super().form_valid(form)
        form.add_error(None, refusal)
        return self.form_invalid(form)

    @transaction.atomic
    def _publish(self, form: WordingForm) -> int:
        version = self.wording.publish(form.texts(), material=form.cleaned_data["material"])
        first = self.wording._default_manager.filter(version=version).order_by("pk")[0]
        about = {"version": version, "material": first.material}
        log(first, self.action, user=self.request.user, data=about)
        return version


class PublishSentence(LogFormatter):
    """In Wagtail's log of who did what."""

    changed: ClassVar[Promise]
    mended: ClassVar[Promise]

    def format_message(self, log_entry: ModelLogEntry) -> str:
        sentence = self.changed if log_entry.data["material"] else self.mended
        return str(sentence) % log_entry.data
