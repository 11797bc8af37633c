"""The evidence of an event of the ledger, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

Line = tuple[str, str]
NAMES = {
    "asked_at": _("Asked for"),
    "page": _("Page"),
    "box": _("Box"),
    "sign_up": _("Sign-up"),
    "confirmation_mail": _("Confirmation mail"),
    "how": _("How consent was given"),
    "file": _("File (SHA-256)"),
    "line": _("Line in the file"),
    "staff": _("Account of the staff"),
    "reason": _("Reason"),
    "to": _("To the address with the mark"),
    "from": _("From the address with the mark"),
}


def lines(said: Mapping[str, Any]) -> Iterator[Line]:
    for name, value in said.items():
        if isinstance(value, Mapping):  # of an import
            yield from lines(value)
        elif value not in ("", None):
            yield str(NAMES.get(name, name)), _in_words(name, value)


def _in_words(name: str, value: object) -> str:
    moment = parse_datetime(str(value)) if name.endswith("_at") else None
    return date_format(timezone.localtime(moment), "Y-m-d H:i") if moment else str(value)
