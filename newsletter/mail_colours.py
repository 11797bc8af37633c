"""The colours and sizes of a mail's words, as its inlined styles and its dark rules have them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

Style = dict[str, str]

DARK = re.compile(
    r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", re.DOTALL
)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
HEX = re.compile(r"#([0-9a-f]{6})")
UNSEEN = {"style", "title", "script", "head"}
BROWSERS_INK, BROWSERS_PAPER, BROWSERS_SIZE = "#000000", "#ffffff", "16px"


@dataclass(frozen=True)
class Words:
    """Some words and how they look."""

    text: str
    ink: str
    paper: str
    size: float  # px

    @property
    def contrast(self) -> float:
        """WCAG 2.2's contrast ratio; 0 where a colour is not written as #rrggbb."""
        first, second = luminance(self.ink), luminance(self.paper)
        if first is None or second is None:
            return 0.0
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def words(soup: BeautifulSoup, *, dark: bool) -> Iterator[Words]:
    """All that a reader sees, piece by piece."""
    rules = dark_styles(soup) if dark else {}
    for piece in soup.find_all(string=True):
        if isinstance(piece, Comment) or not piece.strip() or _is_unseen(piece):
            continue
        styles = [_style(above) | rules.get(id(above), {}) for above in piece.parents]
        yield Words(
            text=" ".join(piece.split()),
            ink=_first(styles, "color", BROWSERS_INK),
            paper=_first(styles, "background-color", BROWSERS_PAPER),
            size=float(_first(styles, "font-size", BROWSERS_SIZE).removesuffix("px")),
        )


def dark_styles(soup: BeautifulSoup) -> dict[int, Style]:
    """What the rules for dark mode say of each element, the more specific ones last."""
    sheet = "".join(style.get_text() for style in soup.find_all("style"))
    rules = [
        (selector.strip(), declarations)
        for block in DARK.findall(sheet)
        for selectors, declarations in RULE.findall(block)
        for selector in selectors.split(",")
    ]
    styles: dict[int, Style] = {}
    for selector, declarations in sorted(rules, key=lambda rule: _specificity(rule[0])):
        for element in soup.select(selector):
            styles.setdefault(id(element), {}).update(parsed(declarations))
    return styles


def parsed(declarations: str) -> Style:
    pairs = (declaration.partition(":") for declaration in declarations.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, colon, value in pairs
        if colon
    }


def luminance(colour: str) -> float | None:
    """Relative luminance (WCAG 2.2) of `#rrggbb`."""
    found = HEX.fullmatch(colour)
    if found is None:
        return None
    channels = (int(found[1][start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = map(_linear, channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    is_dark = channel <= 0.04045  # noqa: PLR2004  the formula's, as are the next
    return channel / 12.92 if is_dark else ((channel + 0.055) / 1.055) ** 2.4


def _specificity(selector: str) -> tuple[int, int]:
    return selector.count("."), len(selector.split())


def _style(element: Tag) -> Style:
    style = parsed(str(element.get("style", "")))
    if element.get("bgcolor"):
        style.setdefault("background-color", str(element["bgcolor"]).lower())
    return style


def _first(styles: list[Style], name: str, otherwise: str) -> str:
    """Of the nearest element that says it."""
    return next((style[name] for style in styles if name in style), otherwise)


def _is_unseen(piece: NavigableString) -> bool:
    return any(
        above.name in UNSEEN or _style(above).get("display") == "none" for above in piece.parents
    )
