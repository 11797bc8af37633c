"""What an editor says of a mailing: to whom, when, and that the number is right."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateTimeInput

from newsletter.mailings.editions import readers_by_topic, usual_topics
from newsletter.models import Topic
from newsletter.models.mailings import DEADLINE

TYPE_THE_NUMBER_ABOVE = 500
LONGEST_WAIT = timedelta(days=90)


class TopicsField(forms.ModelMultipleChoiceField):
    """Each topic with how many would get an issue for it, in each of the `languages`."""

    languages: Mapping[str, str]  # names by code

    def label_from_instance(self, topic: Topic) -> str:
        counts = {name: self._readers[topic.pk, code] for code, name in self.languages.items()}
        if len(counts) > 1:
            return f"{topic} ({', '.join(f'{name} {many}' for name, many in counts.items())})"
        many = sum(counts.values())
        told = ngettext("%(topic)s (%(count)d reader)", "%(topic)s (%(count)d readers)", many)
        return told % {"topic": topic, "count": many}

    @cached_property
    def _readers(self) -> Counter[tuple[int, str]]:
        return readers_by_topic()


class PrepareForm(forms.Form):
    """`languages`: those that are prepared, names by code."""

    topics = TopicsField(
        Topic.objects.prefetch_related("labels"),
        label=gettext_lazy("Who gets it"),
        help_text=gettext_lazy("Readers of the issue's language who chose one of these topics."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one topic.")},
        initial=usual_topics,
    )

    def __init__(self, *args: Any, languages: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = ", ".join(map(str, languages.values()))
        cast("TopicsField", self.fields["topics"]).languages = languages


class TestForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("Send a test to"))


class SendForm(forms.Form):
    """When it goes out. `recipients`: how many it would go to now."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("At a chosen time"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    scheduled_for = forms.DateTimeField(
        label=gettext_lazy("Goes out at"), required=False, widget=AdminDateTimeInput
    )
    not_after = forms.DateTimeField(
        label=gettext_lazy("Not later than"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy(
            "If the site cannot send until then, nothing goes out and you are asked again. "
            "Empty: six hours after."
        ),
    )

    def __init__(self, *args: Any, recipients: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients = recipients
        if recipients > TYPE_THE_NUMBER_ABOVE:
            self.fields["number"] = forms.IntegerField(
                label=_("How many people get it"),
                help_text=_("Type the number that is shown above."),
                localize=True,
            )

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number != self.recipients:
            raise forms.ValidationError(
                _("It goes to %(count)d people now: type that number if it is right."),
                "number",
                params={"count": self.recipients},
            )
        return number

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        at = self._begin(said)
        said["scheduled_for"] = at
        if not self.recipients:
            self.add_error(None, _("Nobody would get it: no reader has chosen its topics."))
        said["not_after"] = said.get("not_after") or at + DEADLINE
        if said["not_after"] <= at:
            self.add_error("not_after", _("This is before it goes out."))
        return said

    def _begin(self, said: dict[str, Any]) -> datetime:
        now, at = timezone.now(), said.get("scheduled_for")
        if said.get("when") != self.LATER:
            if at is not None:
                self.add_error("when", _("You chose “Now”, and a time: take one of them back."))
            return now
        if at is None:
            self.add_error("scheduled_for", _("Choose the day and the time."))
        elif at < now:
            self.add_error("scheduled_for", _("This time has passed."))
        elif at > now + LONGEST_WAIT:
            self.add_error("scheduled_for", _("This is more than three months ahead."))
        return at or now


class BeginForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=255,
        help_text=gettext_lazy("The new issue's address is made from it."),
    )
