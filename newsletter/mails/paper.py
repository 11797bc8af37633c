"""What every mail of ours is written on: who signs it, its styles, and lines that fit."""

import re
import textwrap

import css_inline
from django.conf import settings

from pages.models import SiteIdentity
from visitors.cache.generation import kept

WIDTH = 72  # characters of a line of text (RFC 3676 section 4.2 asks for fewer than 78)
BULLET = re.compile(r"(\*|\d+\.) ")
INLINER = css_inline.CSSInliner(
    keep_at_rules=True,  # how it looks in the dark
    load_remote_stylesheets=False,  # which would read files of this machine, too
)


def sender_in(language: str) -> SiteIdentity:
    """Who writes, in the reader's language."""
    senders = _senders()
    fallback = SiteIdentity(name=settings.WAGTAIL_SITE_NAME)
    return senders.get(language) or senders.get(settings.LANGUAGE_CODE) or fallback


@kept
def _senders() -> dict[str, SiteIdentity]:
    identities = SiteIdentity.objects.select_related("locale").only("name", "tagline", "locale")
    return {each.locale.language_code: each for each in identities}


def wrapped(text: str) -> str:
    """Lines that fit, at most one blank between paragraphs. An address is never broken."""
    lines = "\n".join(_fitted(line.strip()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _fitted(line: str) -> str:
    found = BULLET.match(line)
    return textwrap.fill(
        line,
        WIDTH,
        subsequent_indent=" " * len(found[0]) if found else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
