"""How a mail is laid out: what small screens, tired eyes and unsteady hands need of it.

Sizes are in px, as mail programs understand no other.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.utils.translation import gettext_noop as _

from newsletter.proofreading.colours import (
    BROWSERS_SIZE,
    is_seen,
    nearest,
    pieces,
    pixels,
    style_of,
)
from newsletter.proofreading.problems import Problem

WIDEST = 600
LOWEST_LINE = 1.5  # of the size of the letters (WCAG 2.2 SC 1.4.8)
SMALLEST_TARGET = 44  # WCAG 2.2 SC 2.5.5
BROWSERS_LINE = "1.2"
BLOCKS = ["td", "h1", "h2", "h3", "p", "li"]
PROSE = {"p", "li"}  # where a link is one among words, even if there are no others
ALIGNING = {"td", "p", "div", "h1", "h2", "h3", "li"}  # whose `align` is that of their words
SCHEMES = ("color-scheme", "supported-color-schemes")
LETTER = re.compile(r"\w")


def of_layout(soup: BeautifulSoup) -> Iterator[Problem]:
    for check in CHECKS:
        yield from check(soup)


def is_ready_for_the_dark(soup: BeautifulSoup) -> Iterator[Problem]:
    said = {str(meta.get("name")): meta.get("content") for meta in soup.find_all("meta")}
    if any(said.get(name) != "light dark" for name in SCHEMES):
        yield Problem(_("The mail does not say that it can be shown in the dark."))


def begins_with_its_preheader(soup: BeautifulSoup) -> Iterator[Problem]:
    body = soup.find("body")
    words = body.find(string=LETTER) if isinstance(body, Tag) else None
    if words is None or is_seen(words):
        yield Problem(_("The mail has no words for the list of mails, after its subject."))


def links_are_underlined(soup: BeautifulSoup) -> Iterator[Problem]:
    """But those that stand by themselves (WCAG 2.2 SC 1.4.1)."""
    for link in soup.find_all("a"):
        if "none" in style_of(link).get("text-decoration", "") and not _stands_alone(link):
            yield Problem(_("The link “%(words)s” is not underlined."), words=_start(link))


def targets_are_large(soup: BeautifulSoup) -> Iterator[Problem]:
    """Links among words are as high as their line, as everywhere."""
    for link in soup.find_all("a"):
        is_block = style_of(link).get("display") == "inline-block"
        if (is_block or _stands_alone(link)) and _height(link) < SMALLEST_TARGET:
            yield Problem(_("The link “%(words)s” is too low for a finger."), words=_start(link))


def text_is_easy_to_read(soup: BeautifulSoup) -> Iterator[Problem]:
    for piece in pieces(soup):
        start = {"words": " ".join(piece.split())[:40]}
        link = piece.find_parent("a")
        if not any(map(_is_narrow, piece.parents)):
            yield Problem(_("“%(words)s” may run over the width of the screen."), **start)
        if link and _stands_alone(link):
            continue
        if _alignment(piece.parents) not in {"left", "start"}:
            yield Problem(_("“%(words)s” is not aligned to the left."), **start)
        parent = piece.parent
        if parent and not piece.find_parent(re.compile("h[1-6]")) and _line(parent) < LOWEST_LINE:
            yield Problem(_("The lines of “%(words)s” are too close."), **start)


def nothing_is_too_wide(soup: BeautifulSoup) -> Iterator[Problem]:
    for element in soup.find_all(True):
        said = (str(element.get("width", "")), style_of(element).get("width", ""))
        if any(pixels(width) > WIDEST for width in said if width[-1:] != "%"):
            yield Problem(_("A part of the mail is wider than 600 pixels."))
            return


CHECKS: tuple[Callable[[BeautifulSoup], Iterator[Problem]], ...] = (
    is_ready_for_the_dark,
    begins_with_its_preheader,
    links_are_underlined,
    targets_are_large,
    text_is_easy_to_read,
    nothing_is_too_wide,
)


def _start(link: Tag) -> str:
    return " ".join(link.get_text(" ").split())[:40]


def _stands_alone(link: Tag) -> bool:
    place = link.find_parent(BLOCKS)
    if place is None or place.name in PROSE:
        return False
    return place.get_text(strip=True) == link.get_text(strip=True)


def _size(element: Tag) -> float:
    styles = [style_of(each) for each in (element, *element.parents)]
    return pixels(nearest(styles, "font-size", BROWSERS_SIZE))


def _line(element: Tag) -> float:
    """The height of a line, in sizes of its letters."""
    styles = [style_of(each) for each in (element, *element.parents)]
    said = nearest(styles, "line-height", BROWSERS_LINE)
    return pixels(said) / (_size(element) if said.endswith("px") else 1)


def _height(link: Tag) -> float:
    padding = style_of(link).get("padding", "0").split()
    below = padding[2] if len(padding) > 2 else padding[0]  # noqa: PLR2004  the shorthand's third
    return _line(link) * _size(link) + pixels(padding[0]) + pixels(below)


def _alignment(elements: Iterable[Tag]) -> str:
    for element in elements:
        said = style_of(element).get("text-align")
        if element.name in ALIGNING:
            said = said or str(element.get("align", ""))
        if said:
            return said
    return "left"


def _is_narrow(element: Tag) -> bool:
    return 0 < pixels(style_of(element).get("max-width", "")) <= WIDEST
