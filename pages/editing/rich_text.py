"""Rich text as it is kept: no signs that nobody sees, no paragraphs that only make room."""

import re
from html import unescape

from wagtail.admin.rich_text import DraftailRichTextArea

from pages.printable import printable

PARAGRAPH = re.compile(r"<(p|h[2-6]|li)( [^>]*)?>((?:[^<]|<br ?/?>)*)</\1>")


def tidy(html: str) -> str:
    return PARAGRAPH.sub(_unless_empty, printable(html)) if html else html


def _unless_empty(found: re.Match[str]) -> str:
    words = re.sub(r"<br ?/?>", "", found[3])
    return found[0] if unescape(words).strip() else ""


class TidyRichText(DraftailRichTextArea):
    """The editor of rich text, on every page, in every block and entry."""

    def value_from_datadict(self, *args: object, **kwargs: object) -> str | None:
        html = super().value_from_datadict(*args, **kwargs)
        return tidy(html) if html else html
