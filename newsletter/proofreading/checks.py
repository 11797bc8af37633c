"""What a mail must be before it goes out, so that everybody can read it and every server takes it.

Each check gives the sentences of what it finds; none of them changes anything.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import pairwise
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.conf import settings
from django.utils.translation import gettext_noop as _

from newsletter.personal import HEAD_MARKS, LINK_MARKS, MARKS, UNSUBSCRIBE_LINK
from newsletter.proofreading import colours
from newsletter.proofreading.layout import of_layout
from newsletter.proofreading.problems import Problem

HEAVIEST = 80_000  # bytes of HTML; Gmail cuts at 102 kB, and the link to unsubscribe with it
LONGEST_STYLE = 8_192  # bytes in the head; Gmail drops a longer one
LONGEST_LINE = 998  # bytes (RFC 5322 section 2.1.1)
LONGEST_LINK = 400  # characters of a reader's own link, kept free in the lines that hold one
LONGEST_WORD = 300  # characters; longer ones fit no line and no screen
LOWEST_CONTRAST = 4.5  # WCAG 2.2 SC 1.4.3
SMALLEST_TEXT = 16  # px
SMALLEST_PICTURE = 8  # px: below it a picture shows nothing, it counts readers
FORBIDDEN = [
    "script",
    "iframe",
    "form",
    "input",
    "object",
    "embed",
    "link",
    "video",
    "audio",
    "svg",
]
LOADS = re.compile(r"url\s*\(|@import|fonts\.googleapis", re.IGNORECASE)
HEADINGS = re.compile(r"h[1-6]")
# What tells somebody who hears the links of a page, one after the other, nothing (SC 2.4.9).
SAY_NOTHING = {
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
    words = part.soup.get_text(" ")
    said = [str(value) for tag in part.soup.find_all(True) for value in tag.attrs.values()]
    yield from _without(MARKS, words, *said)
    yield from _of_length(words)


def of_words(*texts: str) -> Iterator[Problem]:
    yield from _without(MARKS, *texts)
    yield from _of_length(*texts)


def _without(marks: Iterable[str], *texts: str) -> Iterator[Problem]:
    for mark in marks:
        if any(mark in text for text in texts):
            yield Problem(_("“%(mark)s” stands for a reader's own words: take it out."), mark=mark)


def has_no_marks_of_the_head(mail: Mail) -> Iterator[Problem]:
    yield from _without(HEAD_MARKS, unescape(mail.html), mail.text)


def _of_length(*texts: str) -> Iterator[Problem]:
    for word in (word for text in texts for word in text.split() if len(word) > LONGEST_WORD):
        yield Problem(_("“%(start)s…” is too long for a word."), start=word[:30])


def has_language(mail: Mail) -> Iterator[Problem]:
    root, first = mail.soup.find("html"), mail.soup.find("div")
    languages = {str(tag.get("lang") or "") for tag in (root, first) if tag}
    if len(languages) != 1 or "" in languages or not root or not first:
        yield Problem(_("The mail does not say its language on its first elements."))


def has_title(mail: Mail) -> Iterator[Problem]:
    title = mail.soup.find("title")
    if title is None or not title.get_text(strip=True):
        yield Problem(_("The mail has no title."))


def has_headings_in_order(mail: Mail) -> Iterator[Problem]:
    levels = [int(heading.name[1]) for heading in mail.soup.find_all(HEADINGS)]
    if levels.count(1) != 1:
        yield Problem(_("The mail needs one title, and no more."))
    for heading in mail.soup.find_all(HEADINGS):
        if not heading.get_text(strip=True):
            yield Problem(_("A heading is empty."))
    if any(below - above > 1 for above, below in pairwise(levels)):
        yield Problem(_("A heading skips a level."))


def has_tables_for_layout_only(mail: Mail) -> Iterator[Problem]:
    for table in mail.soup.find_all("table"):
        sizes = {table.get(name) for name in ("border", "cellpadding", "cellspacing")}
        if table.get("role") != "presentation" or sizes != {"0"}:
            yield Problem(_("A table of the layout would be read aloud as a table of data."))
            return
    if mail.soup.select_one("th, caption, [scope]"):
        yield Problem(_("A table of the layout has headings of a table of data."))


def has_sound_pictures(mail: Mail) -> Iterator[Problem]:
    for picture in mail.soup.find_all("img"):
        source = str(picture.get("src", ""))
        if picture.get("alt") is None:
            yield Problem(_("The picture %(source)s has no alternative text."), source=source)
        sides = [str(picture.get(name, "")) for name in ("width", "height")]
        if not all(side.isdigit() for side in sides):
            yield Problem(_("The picture %(source)s has no size."), source=source)
        elif min(map(int, sides)) < SMALLEST_PICTURE:
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
            yield Problem(hint, words=words, address=href)


def _is_address(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    is_mail = parts.scheme == "mailto" and "@" in parts.path
    return (is_web or is_mail) and href.isprintable() and " " not in href


def links_say_where(mail: Mail) -> Iterator[Problem]:
    for link in mail.links:
        words = " ".join(link.get_text(" ").split())
        if not words:
            yield Problem(_("a link has no words: %(address)s"), address=str(link.get("href")))
        elif words.lower().strip(" .…>»→") in SAY_NOTHING:
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


def is_legible(mail: Mail) -> Iterator[Problem]:
    for dark in (False, True):
        for words in colours.words(mail.soup, dark=dark):
            if words.contrast < LOWEST_CONTRAST:
                sentence = (
                    _("“%(words)s” is hard to see on a dark background.")
                    if dark
                    else _("“%(words)s” is hard to see on its background.")
                )
                yield Problem(sentence, words=words.text[:40])
            if dark:
                continue
            if words.contrast_turned < LOWEST_CONTRAST:
                sentence = _("“%(words)s” is hard to see where a program turns the colours round.")
                yield Problem(sentence, words=words.text[:40])
            if words.size < SMALLEST_TEXT:
                yield Problem(_("“%(words)s” is written too small."), words=words.text[:40])


def is_light_enough(mail: Mail) -> Iterator[Problem]:
    size = len(mail.html.encode())
    if size >= HEAVIEST:
        heavy = _("The mail has %(size)d kB; from %(limit)d kB on it would be cut off: shorten it.")
        yield Problem(heavy, size=size // 1000, limit=HEAVIEST // 1000)
    styles = sum(len(style.get_text().encode()) for style in mail.soup.find_all("style"))
    if styles > LONGEST_STYLE:
        yield Problem(_("The mail's style sheet is too long."))


def has_lines_that_fit(mail: Mail) -> Iterator[Problem]:
    for line in (*mail.html.splitlines(), *mail.text.splitlines()):
        marks = sum(line.count(mark) for mark in LINK_MARKS)
        if len(line.encode()) + marks * LONGEST_LINK > LONGEST_LINE:
            yield Problem(_("A line is too long for a mail: “%(start)s…”"), start=line[:40])


def has_text_with_the_same_links(mail: Mail) -> Iterator[Problem]:
    for link in mail.links:
        address = str(link.get("href") or "").removeprefix("mailto:")
        if address and address not in mail.text:
            yield Problem(_("The text part lacks a link: %(address)s"), address=address)


def lets_readers_leave(mail: Mail) -> Iterator[Problem]:
    for mark in LINK_MARKS:
        if mail.html.count(mark) != 1 or mail.text.count(mark) != 1:
            if mark == UNSUBSCRIBE_LINK:
                yield Problem(_("The link to unsubscribe must stand once in each part."))
            else:
                yield Problem(_("The link to the subscription must stand once in each part."))


CHECKS: tuple[Callable[[Mail], Iterator[Problem]], ...] = (
    has_language,
    has_title,
    has_headings_in_order,
    has_tables_for_layout_only,
    has_sound_pictures,
    links_lead_somewhere,
    links_say_where,
    loads_nothing,
    is_legible,
    is_light_enough,
    has_lines_that_fit,
    has_text_with_the_same_links,
    lets_readers_leave,
    has_no_marks_of_the_head,
    lambda mail: of_layout(mail.soup),
)
