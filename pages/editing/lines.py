"""Text of several lines as it is kept: each ends alike, whatever a browser sends.

A piece of a translation is known by its words: with other ends of lines it would be another piece.
"""

from typing import Any

from django.forms import Textarea


def value_from_datadict(widget: Textarea, *args: Any) -> str | None:
    """In the place of the method of Wagtail's field for lines, on every page, in every block."""
    text = super(Textarea, widget).value_from_datadict(*args)
    return text and text.replace("\r\n", "\n").replace("\r", "\n")
