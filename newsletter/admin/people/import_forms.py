"""Choosing a file with addresses, and saying what its columns hold."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from newsletter.files import dates, imports, tables
from newsletter.files.columns import LEFT, NEEDED, Reading, cells_of
from newsletter.files.dates import MONTHS, Order
from newsletter.files.tables import Table
from newsletter.models import Topic

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

SHOWN = 60  # characters of a column's name or cell
SAME_FOR_ALL = ("language", "topics", "evidence", "asked_at")
Choice = tuple[str, str]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )

    def clean_file(self) -> bytes:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size and upload.size > tables.LARGEST:
            raise ValidationError(_("The file is larger than 10 MB: split it."))
        return upload.read()


def _column(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, **options)


class ColumnsForm(forms.Form):
    """Which column holds what. What the file does not say is said here, for all its rows."""

    address_column = forms.ChoiceField(label=_("Column with the addresses"))
    language_column = _column(label=_("Column with the language"))
    language = _column(
        label=_("Or the language of everybody"), choices=[*BLANK_CHOICE_DASH, *settings.LANGUAGES]
    )
    topics_column = _column(label=_("Column with the topics"))
    topics = forms.MultipleChoiceField(
        label=_("Or the topics of everybody"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence_column = _column(label=_("Column that says how consent was given"))
    evidence = forms.CharField(
        label=_("Or how everybody gave it"),
        required=False,
        help_text=_("Such as: paper form at the congress of 3 May 2024, folder 3. Name nobody."),
    )
    asked_at_column = _column(label=_("Column that says when it was given"))
    order = forms.ChoiceField(
        label=_("How its dates are to be read"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Its dates can be read in two ways: choose one.")},
    )
    asked_at = forms.DateField(
        label=_("Or the day on which everybody gave it"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    left_column = _column(
        label=_("Column that says who left"),
        help_text=_("Whoever has something there is not asked, unless it says no, 0 or false."),
    )

    def __init__(self, table: Table, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        for fact in (*NEEDED, LEFT):
            self._offer(f"{fact}_column", _choices(table))
        topics = Topic.objects.prefetch_related("labels")
        self._offer("topics", [(topic.slug, str(topic)) for topic in topics])
        self._ask_for_order()

    def _ask_for_order(self) -> None:
        """Unless the dates of the column that is chosen say it."""
        number = str(self["asked_at_column"].value() or "")
        is_chosen = number in dict(_choices(self.table)) and number
        written = list(cells_of(self.table, int(number))) if is_chosen else []
        self.decided = dates.order_of(written)
        if self.decided:
            del self.fields["order"]
        else:
            self._offer("order", _orders(written))

    def _offer(self, field: str, choices: list[Choice]) -> None:
        cast("forms.ChoiceField", self.fields[field]).choices = choices

    def clean_evidence(self) -> str:
        said: str = self.cleaned_data["evidence"]
        return imports.evidence(said) if said else said

    def clean_asked_at(self) -> str:
        said: date | None = self.cleaned_data["asked_at"]
        if said:
            imports.asked_at(said.isoformat(), Order.DAY)
        return said.isoformat() if said else ""

    def clean_topics(self) -> str:
        return " ".join(self.cleaned_data["topics"])

    def clean(self) -> None:
        """Each fact once."""
        for fact in SAME_FOR_ALL:
            is_in_file = bool(self.cleaned_data.get(f"{fact}_column"))
            is_same = bool(self.cleaned_data.get(fact)) or fact in self.errors
            if is_in_file and is_same:
                self.add_error(fact, _("Choose the column or say it here, not both."))
            elif not is_in_file and not is_same:
                self.add_error(f"{fact}_column", _("Choose the column, or say it below."))

    def reading(self) -> Reading:
        said = self.cleaned_data
        columns = {fact: said[f"{fact}_column"] for fact in (*NEEDED, LEFT)}
        return Reading(
            {fact: int(number) for fact, number in columns.items() if number},
            {fact: said[fact] for fact in SAME_FOR_ALL if said[fact]},
            self.decided or str(said["order"]),
        )


def initial_of(reading: Reading) -> dict[str, Any]:
    """The form as it was filled in."""
    columns = {f"{fact}_column": number for fact, number in reading.columns.items()}
    topics = reading.same.get("topics", "").split()
    return {**columns, **reading.same, "topics": topics, "order": reading.order}


def _choices(table: Table) -> list[Choice]:
    named = [
        (str(number), f"{number + 1}. {shown(name)}") for number, name in enumerate(table.names)
    ]
    return [("", str(_("Not in the file"))), *named]


def shown(cell: str) -> str:
    return Truncator(cell).chars(SHOWN)


def _orders(written: Iterable[str]) -> list[Choice]:
    """Each order, with what it makes of a date of the file."""
    read = (
        date
        for date, first, second in dates.open_dates(written)
        if first != second and max(first, second) <= MONTHS
    )
    date = next(read, "")
    return [(order, f"{order.label}{_example(date, order)}") for order in Order]


def _example(written: str, order: Order) -> str:
    moment = dates.moment(written, order)
    if moment is None:
        return ""
    told = {"written": written.split(maxsplit=1)[0], "date": date_format(moment)}
    return f" ({_('%(written)s is %(date)s') % told})"
