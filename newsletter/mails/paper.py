"""What every mail of ours is written on: who signs it, its styles, and lines that fit."""

import re
import textwrap

import css_inline
from django.conf import settings

from pages.models import SiteIdentity
from visitors.cache.generation import kept

WIDTH = 72  # characters of a line of text (RFC 3676 section 4.2 asks for fewer than 78)
BULLET = re.compile(r"(?:\*|\d+\.) ")
ADDRESS = re.compile(r"(?:\[\d+\] )?(?:\w+://|[^\s@]+@|\+?\d)\S*")  # alone on its line
TAG = re.compile(r'<(?:[^">]|"[^"]*")*>')
VALUE = re.compile(r'"[^"]*"')
CHARSET = '<meta charset="utf-8">'
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


def finished(html: str) -> str:
    """With every style where it applies, as mail programs need it, and what it is written in first.

    Programs look for that in the first 1,024 bytes; the inliner puts its style sheet before it.
    """
    inlined = INLINER.inline(html).replace(CHARSET, "", 1)
    return TAG.sub(_escaped, inlined.replace("<head>", f"<head>{CHARSET}", 1))


def _escaped(tag: re.Match[str]) -> str:
    """The inliner leaves angle brackets in attributes bare, which not every program understands."""
    inner = VALUE.sub(lambda v: v[0].replace("<", "&lt;").replace(">", "&gt;"), tag[0][1:-1])
    return f"<{inner}>"


def wrapped(text: str) -> str:
    """Lines that fit, at most one blank between paragraphs. An address is never broken."""
    lines = "\n".join(map(_fitted, text.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _fitted(line: str) -> str:
    """What stands in a list keeps its place; what a template leaves blank does not."""
    words = line.strip()
    indent = " " * (len(line) - len(line.lstrip(" ")))
    if ADDRESS.fullmatch(words):
        return indent + words
    found = BULLET.match(words)
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=indent if found else "",
        subsequent_indent=indent + " " * len(found[0]) if found else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
