"""The only words of an issue that differ from reader to reader."""

from dataclasses import dataclass
from html import escape

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


@dataclass(frozen=True)
class Links:
    """One reader's own addresses. `one_click` is asked by mail programs only (RFC 8058)."""

    manage: str
    unsubscribe: str
    one_click: str


INERT = Links("#", "#", "#")  # for those who look at a mail that is nobody's


def personal_html(html: str, links: Links) -> str:
    """The reader's copy. No template is rendered: what looks like one stays as it was written."""
    return html.replace(MANAGE_LINK, escape(links.manage)).replace(
        UNSUBSCRIBE_LINK, escape(links.unsubscribe)
    )


def personal_text(text: str, links: Links) -> str:
    return text.replace(MANAGE_LINK, links.manage).replace(UNSUBSCRIBE_LINK, links.unsubscribe)
