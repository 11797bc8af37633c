"""Words without the signs that nobody sees: no feed can hold them, or they mislead."""

import re
from html import unescape

from django.utils.html import strip_tags

LINE_BREAKS = re.compile(r"[\x0b\x0c]")  # as some slides have between the lines of a title
# All but what XML 1.0 can hold (section 2.2), and the controls that it advises against; the signs
# that turn the direction of the words after them; those that have no width, soft hyphens among
# them; and those that only one program's font can show, like its bullets with the space after them.
UNPRINTABLE = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\uf900-\ufffd\U00010000-\U0010ffff\ue000-\uf8ff]"
    r"|[\u202a-\u202e\u2066-\u2069\xad\u200b\u2060\ufeff]"
    r"|[\ue000-\uf8ff][ \t\xa0]*"
)


def printable(words: str) -> str:
    return UNPRINTABLE.sub("", LINE_BREAKS.sub(" ", words))


def plain_words(markup: str) -> str:
    """Of rich text, a blank between its paragraphs."""
    return " ".join(unescape(strip_tags(markup.replace("<", " <"))).split())
