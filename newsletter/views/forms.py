"""What visitors and subscribers fill in. Nothing here asks the database."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from newsletter import addresses
from newsletter.addresses import Address
from newsletter.models import ConsentText, Topic

LONGEST_TYPED = (
    4 * addresses.LONGEST_ADDRESS
)  # characters; a name of other letters shortens when it is read
HONEYPOT = "website"  # people do not see this field; whatever fills it in is a program


class AddressField(forms.CharField):
    """A mail address, cleaned to an `Address`."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        missing = {"required": _("Give your e-mail address, like name@example.org.")}
        super().__init__(strip=False, error_messages=missing, **options)

    def clean(self, value: Any) -> Address:  # noqa: ANN401  whatever was sent
        typed = super().clean(value)
        if len(typed) > LONGEST_TYPED:
            raise ValidationError(_("This is too long for an e-mail address."), "long")
        return addresses.read(typed)


class UntickedBox(forms.CheckboxInput):
    """A box that is never ticked beforehand, not even after a mistake elsewhere in the form."""

    def __init__(self) -> None:
        super().__init__(check_test=lambda value: False)


class VisitorForm(forms.Form):
    """Refuses a list where one word is meant: which of them a person saw cannot be known.

    `stands_for`: by the name of a field that nobody sees, the one where its mistakes are told.
    """

    stands_for: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="newsletter-%s")

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            is_list = isinstance(field, forms.MultipleChoiceField)
            sent = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
            if not is_list and len(sent) > 1:
                about = self.stands_for.get(name, name)
                self.add_error(about, _("This was sent more than once: fill it in again."))
        return self.cleaned_data


class AddressForm(VisitorForm):
    email = AddressField(label=_("E-mail address"))


class NewAddressForm(VisitorForm):
    email = AddressField(label=_("New e-mail address"))


def topic_choices(topics: Iterable[Topic]) -> list[tuple[str, Topic]]:
    """By slug; the topic itself as label, for its description."""
    return [(topic.slug, topic) for topic in topics]


def topics_field(**options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the topics that are offered.")},
        **options,
    )


class SignUpForm(AddressForm):
    """`wording`: which consent text the person saw, where the form says so."""

    stands_for: ClassVar = {"wording": "consent"}

    topics = topics_field(required=False)
    wording = forms.CharField(required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        widget=UntickedBox,
        error_messages={"required": _("Tick the box if you agree: else we may not write to you.")},
    )

    def __init__(self, data: QueryDict | None, text: ConsentText, topics: Iterable[Topic]) -> None:
        super().__init__(data, initial={"wording": wording_of(text)})
        self.text = text
        self.offered = topic_choices(topics)
        cast("forms.MultipleChoiceField", self.fields["topics"]).choices = self.offered

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("wording") not in {"", wording_of(self.text)}:
            self.add_error(
                "consent", _("The text has changed meanwhile: read it and tick the box again.")
            )
        return self.cleaned_data

    @property
    def chosen(self) -> list[str]:
        """The topics, all of them where none was ticked."""
        return self.cleaned_data["topics"] or [slug for slug, _topic in self.offered]


def wording_of(text: ConsentText) -> str:
    return f"{text.version}.{text.language}"


class TopicsForm(VisitorForm):
    topics = topics_field()

    def __init__(self, data: QueryDict | None, topics: Iterable[Topic], chosen: list[str]) -> None:
        super().__init__(data, initial={"topics": chosen})
        field = self.fields["topics"]
        field.choices = topic_choices(topics)  # type: ignore[attr-defined]  # `topics` is a choice field
        field.error_messages["required"] = _("Tick at least one, or leave the newsletter below.")


class LanguageForm(VisitorForm):
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        error_messages={"invalid_choice": _("Choose one of the languages.")},
    )
