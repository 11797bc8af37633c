"""The only words of an issue that differ from reader to reader."""

# An issue whose editor wrote one of these is not frozen: each stands only where a template put it.
MANAGE_LINK = "{{manage-link}}"
UNSUBSCRIBE_LINK = "{{unsubscribe-link}}"
# Where a reader's own words stand in the head of the message that is made once.
TO = "to@reader.invalid"
MESSAGE_ID = "<message@reader.invalid>"
DATE = "{{date}}"
ONE_CLICK = "{{one-click-link}}"
LINK_MARKS = (MANAGE_LINK, UNSUBSCRIBE_LINK)
HEAD_MARKS = (TO, MESSAGE_ID, DATE, ONE_CLICK)
MARKS = (*HEAD_MARKS, *LINK_MARKS)


def inert(part: str) -> str:
    """A part of a mail that is nobody's, to be looked at: its own links lead nowhere."""
    return part.replace(MANAGE_LINK, "#").replace(UNSUBSCRIBE_LINK, "#")
