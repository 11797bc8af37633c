"""Every colour of text has 7:1 on every ground it may stand on, in each theme."""

import re
from itertools import product

import pytest

from bbmri_be.environment import BASE_DIR

CSS = (BASE_DIR / "static" / "css" / "site.css").read_text()
GROUNDS = ("bg", "surface", "tint")
WORDS = ("ink", "muted", "heading", "link", "visited", "accent-ink", "ok", "error")
THEMES = ("light", "dark", "hc", "hcl")
LEAST = 7.0  # WCAG 2.2 SC 1.4.6
LEAST_OF_MARKS = 3.0  # WCAG 2.2 SC 1.4.11: borders of fields, the mark of the focus


def tokens(start: str) -> dict[str, str]:
    """The colours that the rule beginning so gives."""
    rule = CSS[CSS.index(start) :]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", rule[: rule.index("}")]))


def theme(name: str) -> dict[str, str]:
    light = tokens(":root {")
    return light if name == "light" else light | tokens(f':root[data-theme="{name}"]')


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("words", "ground"), list(product(WORDS, GROUNDS)))
def test_text_stands_out_from_its_ground(name: str, words: str, ground: str) -> None:
    colours = theme(name)
    assert contrast(colours[words], colours[ground]) >= LEAST


@pytest.mark.parametrize("name", THEMES)
def test_buttons_the_footer_and_the_white_plates_stand_out(name: str) -> None:
    colours = theme(name)
    assert contrast(colours["bg"], colours["link"]) >= LEAST
    assert contrast("#fff", colours["brand"]) >= LEAST
    assert min(contrast("#16212e", "#fff"), contrast("#3f4d5a", "#fff")) >= LEAST


@pytest.mark.parametrize("name", THEMES)
def test_fields_and_the_focus_can_be_seen(name: str) -> None:
    colours = theme(name)
    least = LEAST if name in {"hc", "hcl"} else LEAST_OF_MARKS
    assert min(contrast(colours["line"], colours[g]) for g in GROUNDS) >= least
    assert contrast(colours["focus"], colours["focus-inner"]) >= LEAST_OF_MARKS


@pytest.mark.parametrize(
    ("wish", "name"), [("prefers-color-scheme: dark", "dark"), ("prefers-contrast: more", "hc")]
)
def test_without_a_choice_the_device_gets_the_same_colours(wish: str, name: str) -> None:
    assert tokens(f"@media screen and ({wish})") == tokens(f':root[data-theme="{name}"]')
