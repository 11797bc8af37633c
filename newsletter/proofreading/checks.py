"""What an editor's words, links and pictures must be before a mail goes out.

Each check gives the sentences of what it finds; none of them changes anything. What only a
template can spoil is not looked for here: tests render every block and look at the layout.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.conf import settings
from django.utils.translation import gettext_noop as _

from newsletter.personal import HEAD_MARKS, LINK_MARKS, MARKS
from newsletter.proofreading.problems import Problem

HEAVIEST = 80_000  # bytes of HTML; Gmail cuts at 102 kB, and the link to unsubscribe with it
LONGEST_LINK = 900  # characters of its address: some programs cut a longer one
LONGEST_WORD = 300  # characters; longer ones fit no line and no screen
SMALLEST_PICTURE = 8  # px: below it a picture shows nothing, it counts readers
FORBIDDEN = (
    "script", "iframe", "form", "input", "object", "embed", "link", "video", "audio", "svg",
)  # fmt: skip
LOADS = re.compile(r"url\s*\(|@import|fonts\.googleapis", re.IGNORECASE)
HEADINGS = re.compile(r"h[1-6]")
# What other programs fill in: `*|FNAME|*`, `{{ name }}`, `{% if %}`, `%%name%%`.
GAP = re.compile(r"\*\|[^|\n]+\|\*|\{\{[^}\n]*\}\}|\{%[^%\n]*%\}|%%[\w.]+%%")
NO_LETTER = re.compile(r"[\W_]+")
TELEPHONE = re.compile(r"\+?[\d().-]*\d[\d().-]*")
# What tells somebody who hears the links of a page, one after the other, nothing (SC 2.4.9).
SAY_NOTHING = {
    "",
    "click", "click here", "here", "link", "more", "read more", "this link",
    "klik", "klik hier", "hier", "lees meer", "meer", "deze link",
    "cliquez", "cliquez ici", "ici", "lire la suite", "en savoir plus", "ce lien", "plus",
    "klicken", "hier klicken", "mehr", "mehr lesen", "weiterlesen", "dieser link",
}  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """Both parts of a mail, with the marks of the reader's links in them."""

    html: str
    text: str

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def links(self) -> Iterator[Tag]:
        yield from self.soup.find_all("a")


def of_mail(html: str, text: str) -> list[Problem]:
    """Everything that keeps a whole mail from being sent."""
    mail = Mail(html, text)
    return [problem for check in CHECKS for problem in check(mail)]


def of_part(html: str) -> Iterator[Problem]:
    """What can be said of one block, before it is put into its mail."""
    part = Mail(html, "")
    yield from links_lead_somewhere(part)
    yield from links_say_where(part)
    said = [str(value) for tag in part.soup.find_all(True) for value in tag.attrs.values()]
    yield from _without(MARKS, *said)
    yield from _without_gaps(*said)
    yield from of_words(part.soup.get_text(" "))


def of_words(*texts: str) -> Iterator[Problem]:
    yield from _without(MARKS, *texts)
    yield from _without_gaps(*texts)
    yield from _of_length(*texts)


def _without(marks: Iterable[str], *texts: str, most: int = 0) -> Iterator[Problem]:
    for mark in marks:
        if any(text.count(mark) > most for text in texts):
            yield Problem(_("“%(mark)s” stands for a reader's own words: take it out."), mark=mark)


def _without_gaps(*texts: str) -> Iterator[Problem]:
    for gap in {gap for text in texts for gap in GAP.findall(text)} - set(MARKS):
        yield Problem(
            _("“%(gap)s” is filled in by other programs, not here: take it out."), gap=gap
        )


def has_no_marks_of_its_own(mail: Mail) -> Iterator[Problem]:
    parts = unescape(mail.html), mail.text
    yield from _without(HEAD_MARKS, *parts)
    yield from _without(LINK_MARKS, *parts, most=1)  # which is the template's


def _of_length(*texts: str) -> Iterator[Problem]:
    for word in (word for text in texts for word in text.split() if len(word) > LONGEST_WORD):
        yield Problem(_("“%(start)s…” is too long for a word."), start=word[:30])


def has_words_in_its_headings(mail: Mail) -> Iterator[Problem]:
    if any(not heading.get_text(strip=True) for heading in mail.soup.find_all(HEADINGS)):
        yield Problem(_("A heading is empty."))


def has_pictures_to_be_seen(mail: Mail) -> Iterator[Problem]:
    for picture in mail.soup.find_all("img"):
        source = str(picture.get("src", ""))
        sides = [str(picture.get(name, "")) for name in ("width", "height")]
        if any(side.isdigit() and int(side) < SMALLEST_PICTURE for side in sides):
            yield Problem(_("The picture %(source)s is too small to be seen."), source=source)
        if not source.startswith(settings.SITE_URL + settings.MEDIA_URL):
            yield Problem(_("The picture %(source)s is loaded from elsewhere."), source=source)


def links_lead_somewhere(mail: Mail) -> Iterator[Problem]:
    for link in mail.links:
        href, words = str(link.get("href") or ""), link.get_text(" ", strip=True)
        if not href:
            yield Problem(_("the link “%(words)s” leads to no page visitors may see."), words=words)
        elif href not in LINK_MARKS and not _is_address(href):
            hint = _("the link “%(words)s” leads to %(address)s: give a full web or mail address.")
            yield Problem(hint, words=words, address=href[:LONGEST_LINK])
        elif len(href) > LONGEST_LINK:
            long = _(
                "the address of the link “%(words)s” has %(length)d characters, and may have"
                " %(limit)d: give a shorter one."
            )
            yield Problem(long, words=words, length=len(href), limit=LONGEST_LINK)


def _is_address(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    is_mail = parts.scheme == "mailto" and "@" in parts.path
    is_telephone = parts.scheme == "tel" and TELEPHONE.fullmatch(parts.path)
    return bool(is_web or is_mail or is_telephone) and href.isprintable() and " " not in href


def links_say_where(mail: Mail) -> Iterator[Problem]:
    for link in mail.links:
        words = " ".join(link.get_text(" ").split())
        if not words:
            yield Problem(_("a link has no words: %(address)s"), address=str(link.get("href")))
        elif NO_LETTER.sub(" ", words.lower()).strip() in SAY_NOTHING:
            yield Problem(_("the link “%(words)s” does not say where it leads."), words=words)


def loads_nothing(mail: Mail) -> Iterator[Problem]:
    for tag in mail.soup.find_all(FORBIDDEN):
        yield Problem(_("The mail holds a “%(name)s”, which no mail may."), name=tag.name)
    styles = [style.get_text() for style in mail.soup.find_all("style")]
    styles += [str(tag["style"]) for tag in mail.soup.find_all(style=True)]
    if any(map(LOADS.search, styles)) or "fonts.googleapis" in mail.html:
        yield Problem(_("The mail's styles load something from a server."))
    attributes = (name for tag in mail.soup.find_all(True) for name in tag.attrs)
    if any(name.lower().startswith("on") for name in attributes):
        yield Problem(_("The mail holds a script."))


def is_light_enough(mail: Mail) -> Iterator[Problem]:
    size = len(mail.html.encode())
    if size >= HEAVIEST:
        heavy = _("The mail has %(size)d kB; from %(limit)d kB on it would be cut off: shorten it.")
        yield Problem(heavy, size=size // 1000, limit=HEAVIEST // 1000)


CHECKS: tuple[Callable[[Mail], Iterator[Problem]], ...] = (
    has_words_in_its_headings,
    has_pictures_to_be_seen,
    links_lead_somewhere,
    links_say_where,
    loads_nothing,
    is_light_enough,
    has_no_marks_of_its_own,
)
