"""How a mail's words look, as its inlined styles and its dark rules have it."""

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

Style = dict[str, str]

DARK = re.compile(
    r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", re.DOTALL
)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
HEX = re.compile(r"#([0-9a-f]{6})")
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:px)?")
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
        return contrast(self.ink, self.paper)

    @property
    def contrast_turned(self) -> float:
        """Where a mail program makes the light dark and the dark light by itself."""
        return contrast(turned(self.ink), turned(self.paper))


def words(soup: BeautifulSoup, *, dark: bool) -> Iterator[Words]:
    """All that a reader sees, piece by piece."""
    rules = dark_styles(soup) if dark else {}
    for piece in pieces(soup):
        styles = [style_of(above) | rules.get(id(above), {}) for above in piece.parents]
        yield Words(
            text=" ".join(piece.split()),
            ink=nearest(styles, "color", BROWSERS_INK),
            paper=nearest(styles, "background-color", BROWSERS_PAPER),
            size=pixels(nearest(styles, "font-size", BROWSERS_SIZE)),
        )


def pieces(soup: BeautifulSoup) -> Iterator[NavigableString]:
    """The words that a reader sees."""
    for piece in soup.find_all(string=True):
        if not isinstance(piece, PreformattedString) and piece.strip() and is_seen(piece):
            yield piece


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


def pixels(size: str) -> float:
    """A number, of px or of nothing; 0 for any other size."""
    found = NUMBER.fullmatch(size)
    return float(found[1]) if found else 0


def contrast(ink: str, paper: str) -> float:
    """WCAG 2.2's contrast ratio; 0 where a colour is not written as #rrggbb."""
    first, second = luminance(ink), luminance(paper)
    if first is None or second is None:
        return 0.0
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def turned(colour: str) -> str:
    """The same hue, as dark as it was light."""
    channels = _channels(colour)
    if not channels:
        return ""
    hue, light, saturation = colorsys.rgb_to_hls(*channels)
    made = colorsys.hls_to_rgb(hue, 1 - light, saturation)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in made)


def luminance(colour: str) -> float | None:
    """Relative luminance (WCAG 2.2) of `#rrggbb`."""
    channels = _channels(colour)
    if not channels:
        return None
    red, green, blue = map(_linear, channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> list[float]:
    """Red, green and blue, from 0 to 1; nothing where it is not written as `#rrggbb`."""
    found = HEX.fullmatch(colour)
    return [int(found[1][start : start + 2], 16) / 255 for start in (0, 2, 4)] if found else []


def _linear(channel: float) -> float:
    is_dark = channel <= 0.04045
    return channel / 12.92 if is_dark else ((channel + 0.055) / 1.055) ** 2.4


def _specificity(selector: str) -> tuple[int, int]:
    return selector.count("."), len(selector.split())


def style_of(element: Tag) -> Style:
    style = parsed(str(element.get("style", "")))
    if element.get("bgcolor"):
        style.setdefault("background-color", str(element["bgcolor"]).lower())
    return style


def nearest(styles: list[Style], name: str, otherwise: str) -> str:
    """Of the nearest element that says it."""
    return next((style[name] for style in styles if name in style), otherwise)


def is_seen(piece: NavigableString) -> bool:
    return not any(
        above.name in UNSEEN or style_of(above).get("display") == "none" for above in piece.parents
    )
