"""Words for the text part of a mail: rich text without its markup."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag


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
