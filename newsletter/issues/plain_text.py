"""Words for the text part of a mail: rich text without its markup."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

LISTS = {"ul", "ol"}
SCHEME = re.compile(r"(?:mailto|tel):")
Numbers = dict[int, str]  # of a block's links, by their identity, as they stand among its words


def of(html: str) -> str:
    """Rich text as an editor writes it: paragraphs, lists; the addresses of links stand below."""
    soup = BeautifulSoup(html, "html.parser")
    return "\n\n".join(filter(None, ("\n".join(_block(node)) for node in soup.contents)))


def _block(node: PageElement) -> Iterator[str]:
    if not isinstance(node, Tag):
        yield _words(node, {}).strip()
    elif node.name in LISTS:
        yield from _items(node, "")
    else:
        yield from _with_addresses(node)


def _items(rows: Tag, indent: str) -> Iterator[str]:
    for number, item in enumerate(rows.find_all("li", recursive=False), start=1):
        bullet = "* " if rows.name == "ul" else f"{number}. "
        below = indent + " " * len(bullet)
        words, *addresses = _with_addresses(item)
        yield f"{indent}{bullet}{words}"
        yield from (below + address for address in addresses)
        for inner in item.find_all(LISTS, recursive=False):
            yield from _items(inner, below)


def _with_addresses(block: Tag) -> Iterator[str]:
    """Its words, then each address alone on a line: whatever else stood there, some programs would
    take for a part of it. Numbers tell several apart.
    """
    links = [link for link in block.find_all("a", href=True) if _is_told(link, block)]
    several = enumerate(links, start=1) if len(links) > 1 else ()
    numbers = {id(link): f" [{number}]" for number, link in several}
    yield _words(block, numbers).strip()
    for link in links:
        yield f"{numbers.get(id(link), '')} {_address(link)}".strip()


def _is_told(link: Tag, block: Tag) -> bool:
    """Not where it says its own address, or belongs to a list within the block."""
    inner = link.find_parent(LISTS)
    is_within = inner is not None and block in inner.parents
    return not is_within and link.get_text().strip() != _address(link)


def _address(link: Tag) -> str:
    return SCHEME.sub("", str(link["href"]), count=1)


def _words(node: PageElement, numbers: Numbers) -> str:
    if isinstance(node, NavigableString):
        return " ".join(re.split(r"[ \t\r\n]+", str(node)))
    if not isinstance(node, Tag) or node.name in LISTS:
        return ""
    if node.name == "br":
        return "\n"
    return "".join(_words(child, numbers) for child in node.children) + numbers.get(id(node), "")
