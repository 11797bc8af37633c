"""What a mail's templates must give it: what readers' programs, eyes and hands need of it.

Each check gives a sentence for each fault. Sizes are in px, as mail programs understand no other.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from bs4 import BeautifulSoup
from bs4.element import Tag

from newsletter.personal import LINK_MARKS
from tests import mail_colours
from tests.mail_colours import BROWSERS_SIZE, is_seen, nearest, pieces, pixels, style_of

WIDEST = 600
LONGEST_STYLE = 8_192  # bytes in the head; Gmail drops a longer one
LOWEST_CONTRAST = 4.5  # WCAG 2.2 SC 1.4.3
SMALLEST_TEXT = 16
LOWEST_LINE = 1.5  # of the size of the letters (WCAG 2.2 SC 1.4.8)
SMALLEST_TARGET = 44  # WCAG 2.2 SC 2.5.5
BROWSERS_LINE = "1.2"
BLOCKS = ["td", "h1", "h2", "h3", "p", "li"]
PROSE = {"p", "li"}  # where a link is one among words, even if there are no others
ALIGNING = {"td", "p", "div", "h1", "h2", "h3", "li"}  # whose `align` is that of their words
SCHEMES = ("color-scheme", "supported-color-schemes")
LETTER = re.compile(r"\w")
HEADINGS = re.compile(r"h[1-6]")


def faults(html: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    return [fault for check in CHECKS for fault in check(soup)]


def faults_between(html: str, text: str) -> Iterator[str]:
    """What only one of an issue's two parts has."""
    for link in BeautifulSoup(html, "html.parser").find_all("a"):
        address = str(link.get("href") or "").removeprefix("mailto:").removeprefix("tel:")
        if address and address not in text:
            yield f"The text part lacks a link: {address}"
    for mark in LINK_MARKS:
        if html.count(mark) != 1 or text.count(mark) != 1:
            yield f"The link {mark} must stand once in each part."


def has_language(soup: BeautifulSoup) -> Iterator[str]:
    root, first = soup.find("html"), soup.find("div")
    languages = {str(tag.get("lang") or "") for tag in (root, first) if tag}
    if len(languages) != 1 or "" in languages or not root or not first:
        yield "The mail does not say its language on its first elements."


def has_title(soup: BeautifulSoup) -> Iterator[str]:
    title = soup.find("title")
    if title is None or not title.get_text(strip=True):
        yield "The mail has no title."


def has_headings_in_order(soup: BeautifulSoup) -> Iterator[str]:
    levels = [int(heading.name[1]) for heading in soup.find_all(HEADINGS)]
    if levels.count(1) != 1:
        yield "The mail needs one title, and no more."
    if any(below - above > 1 for above, below in pairwise(levels)):
        yield "A heading skips a level."


def has_tables_for_layout_only(soup: BeautifulSoup) -> Iterator[str]:
    for table in soup.find_all("table"):
        sizes = {table.get(name) for name in ("border", "cellpadding", "cellspacing")}
        if table.get("role") != "presentation" or sizes != {"0"}:
            yield "A table of the layout would be read aloud as a table of data."
    if soup.select_one("th, caption, [scope]"):
        yield "A table of the layout has headings of a table of data."


def has_pictures_with_words_and_size(soup: BeautifulSoup) -> Iterator[str]:
    for picture in soup.find_all("img"):
        if picture.get("alt") is None:
            yield f"The picture {picture.get('src')} has no alternative text."
        if not all(str(picture.get(name, "")).isdigit() for name in ("width", "height")):
            yield f"The picture {picture.get('src')} has no size."


def has_a_short_style_sheet(soup: BeautifulSoup) -> Iterator[str]:
    styles = sum(len(style.get_text().encode()) for style in soup.find_all("style"))
    if styles > LONGEST_STYLE:
        yield "The mail's style sheet is too long."


def is_legible(soup: BeautifulSoup) -> Iterator[str]:
    for words in mail_colours.words(soup, dark=False):
        start = words.text[:40]
        if words.contrast < LOWEST_CONTRAST:
            yield f"“{start}” is hard to see on its background."
        if words.contrast_turned < LOWEST_CONTRAST:
            yield f"“{start}” is hard to see where a program turns the colours round."
        if words.size < SMALLEST_TEXT:
            yield f"“{start}” is written too small."
    for words in mail_colours.words(soup, dark=True):
        if words.contrast < LOWEST_CONTRAST:
            yield f"“{words.text[:40]}” is hard to see on a dark background."


def is_ready_for_the_dark(soup: BeautifulSoup) -> Iterator[str]:
    said = {str(meta.get("name")): meta.get("content") for meta in soup.find_all("meta")}
    if any(said.get(name) != "light dark" for name in SCHEMES):
        yield "The mail does not say that it can be shown in the dark."


def begins_with_its_preheader(soup: BeautifulSoup) -> Iterator[str]:
    body = soup.find("body")
    words = body.find(string=LETTER) if isinstance(body, Tag) else None
    if words is None or is_seen(words):
        yield "The mail has no words for the list of mails, after its subject."


def links_are_underlined(soup: BeautifulSoup) -> Iterator[str]:
    """But those that stand by themselves (WCAG 2.2 SC 1.4.1)."""
    for link in soup.find_all("a"):
        if "none" in style_of(link).get("text-decoration", "") and not _stands_alone(link):
            yield f"The link “{_start(link)}” is not underlined."


def targets_are_large(soup: BeautifulSoup) -> Iterator[str]:
    """Links among words are as high as their line, as everywhere."""
    for link in soup.find_all("a"):
        is_block = style_of(link).get("display") == "inline-block"
        if (is_block or _stands_alone(link)) and _height(link) < SMALLEST_TARGET:
            yield f"The link “{_start(link)}” is too low for a finger."


def buttons_have_room_in_outlook(soup: BeautifulSoup) -> Iterator[str]:
    """Word, which draws a mail there, gives room to a cell and none to a link."""
    for link in soup.select("a.button"):
        cell = link.find_parent("td")
        if not cell or style_of(cell).get("mso-padding-alt") != style_of(link).get("padding"):
            yield f"The button “{_start(link)}” has no room in Outlook."


def text_is_easy_to_read(soup: BeautifulSoup) -> Iterator[str]:
    for piece in pieces(soup):
        start = " ".join(piece.split())[:40]
        link = piece.find_parent("a")
        if not any(map(_is_narrow, piece.parents)):
            yield f"“{start}” may run over the width of the screen."
        if link and _stands_alone(link):
            continue
        if _alignment(piece.parents) not in {"left", "start"}:
            yield f"“{start}” is not aligned to the left."
        parent = piece.parent
        if parent and not piece.find_parent(HEADINGS) and _line(parent) < LOWEST_LINE:
            yield f"The lines of “{start}” are too close."


def nothing_is_too_wide(soup: BeautifulSoup) -> Iterator[str]:
    for element in soup.find_all(True):
        said = (str(element.get("width", "")), style_of(element).get("width", ""))
        if any(pixels(width) > WIDEST for width in said if width[-1:] != "%"):
            yield "A part of the mail is wider than 600 pixels."


CHECKS: tuple[Callable[[BeautifulSoup], Iterator[str]], ...] = (
    has_language,
    has_title,
    has_headings_in_order,
    has_tables_for_layout_only,
    has_pictures_with_words_and_size,
    has_a_short_style_sheet,
    is_legible,
    is_ready_for_the_dark,
    begins_with_its_preheader,
    links_are_underlined,
    targets_are_large,
    buttons_have_room_in_outlook,
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
    below = padding[2] if len(padding) > 2 else padding[0]
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
