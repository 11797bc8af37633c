"""Where a link may lead, asked when it is drawn: whatever stored it, nobody's script is a link.

Other sites (http, https), mailboxes, telephones and addresses of this site are let through.
"""

import re
from html import unescape

# Browsers drop control characters and white space before they look for a scheme (WHATWG URL).
SAFE_ADDRESS = re.compile(
    r"""(?: https?://[^\s/\\?\#]+(?=[/?\#]|\Z)     # another site
          | (?:mailto|tel):(?=\S)
          | /(?![/\\]) | [?\#] | [\w.~%-]+(?=[/?\#]|\Z)   # this site
        ) (?:[^\s\x00-\x1f\x7f-\x9f]|[ ])*""",
    re.IGNORECASE | re.VERBOSE,
)
TAG = re.compile(r'<(?:"[^"]*"|[^">])*>?')
# What the rich text editor writes, to the letter.
WRITTEN_TAG = re.compile(
    r"</?(?:p|h[2-6]|ol|ul|li|b|strong|i|em|sub|sup|code|blockquote|br|hr)"
    r'(?: data-block-key="[\w-]*")? ?/?>|<a(?: href="(?P<href>[^"]*)")?>|</a>'
)


def safe_href(address: str | None) -> str:
    """The address, if a link may lead there; else nothing."""
    return address if address and SAFE_ADDRESS.fullmatch(address) else ""


def safe_html(html: str) -> str:
    """Rich text whose links all lead where they may: another keeps its words.

    A tag that the editor does not write is left out; all others stay as they are, byte for byte.
    """
    return TAG.sub(_safe_tag, html)


def _safe_tag(found: re.Match[str]) -> str:
    tag = found[0]
    written = WRITTEN_TAG.fullmatch(tag)
    if written and (written["href"] is None or safe_href(unescape(written["href"]))):
        return tag
    return "<a>" if tag[:2].lower() == "<a" and not tag[2:3].isalnum() else ""
