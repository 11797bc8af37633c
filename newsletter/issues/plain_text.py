"""Words for the text part of a mail: rich text without its markup, in lines that fit."""

import re
import textwrap
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

WIDTH = 76  # characters a line: what every mail program shows without a break of its own
BULLET = re.compile(r"(\*|\d+\.) ")


def of(html: str) -> str:
    """Rich text as an editor writes it: paragraphs, lists, links with their addresses."""
    soup = BeautifulSoup(html, "html.parser")
    return "\n\n".join(filter(None, (_block(node).strip() for node in soup.contents)))


def _block(node: PageElement) -> str:
    if isinstance(node, Tag) and node.name in {"ul", "ol"}:
        return "\n".join(_items(node))
    return _words(node)


def _items(rows: Tag) -> Iterator[str]:
    for number, item in enumerate(rows.find_all("li", recursive=False), start=1):
        bullet = "*" if rows.name == "ul" else f"{number}."
        yield f"{bullet} {_words(item).strip()}"


def _words(node: PageElement) -> str:
    if isinstance(node, NavigableString):
        return " ".join(re.split(r"[ \t\r\n]+", str(node)))
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return "\n"
    if node.name in {"ul", "ol"}:
        return "\n" + "\n".join(_items(node))
    words = "".join(map(_words, node.children))
    return _with_address(words, str(node["href"])) if node.get("href") else words


def _with_address(words: str, href: str) -> str:
    address = href.removeprefix("mailto:")
    return words if words.strip() == address else f"{words} ({address})"


def wrapped(text: str) -> str:
    """Lines that fit, at most one blank between paragraphs. An address is never broken."""
    lines = "\n".join(map(_fitted, text.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _fitted(line: str) -> str:
    found = BULLET.match(line)
    return textwrap.fill(
        line.rstrip(),
        WIDTH,
        subsequent_indent=" " * len(found[0]) if found else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
