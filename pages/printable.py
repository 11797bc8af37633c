"""Words without the signs that show nowhere, and that make a feed unreadable."""

import re

LINE_BREAKS = re.compile(r"[\x0b\x0c]")  # as some slides have between the lines of a title
# All but what XML 1.0 can hold (section 2.2), and the controls that it advises against.
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(words: str) -> str:
    return UNPRINTABLE.sub("", LINE_BREAKS.sub(" ", words))
