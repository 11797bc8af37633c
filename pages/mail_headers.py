"""What may stand in the head of a mail."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BREAKING = {"Cc", "Cs", "Zl", "Zp"}  # what ends a header's line, or hides in it


def validate_header_line(value: str) -> None:
    """Nothing that could end a mail's header and begin another (RFC 5322 section 2.2)."""
    if any(unicodedata.category(sign) in BREAKING for sign in value):
        raise ValidationError(
            _("This goes into the head of a mail: one line, no control characters."), "line_break"
        )
