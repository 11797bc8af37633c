"""The looks a page can have, and what axe-core says of a page in one of them."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, cycle
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests import parts
from tests.e2e.conftest import SWITCHES

LANGUAGES = ("en", "nl", "fr", "de")
TEXTS = ("100", "125", "150", "200")
WIDTHS = (1280, 768, 320)
SIDE_BY_SIDE = 2  # browsers
# Theme that was chosen, and what the device asks for.
COLOURS: dict[str, tuple[str, dict[str, Any]]] = {
    "auto light": ("auto", {}),
    "auto dark": ("auto", {"color_scheme": "dark"}),
    "light": ("light", {"color_scheme": "dark"}),
    "dark": ("dark", {}),
    "hc": ("hc", {}),
    "hcl": ("hcl", {"color_scheme": "dark"}),
}
# The question has its own page, and an error asks nothing.
UNASKED = {"cookies/", "nowhere/", "newsletter/confirm/x/"}
MORE_CONTRAST = {"more contrast": ("auto", {"contrast": "more"})}
STANDARDS = [
    "wcag2a",
    "wcag2aa",
    "wcag2aaa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
AXE = {
    "runOnly": STANDARDS,
    # What has 7:1 has 4.5:1, and to measure both takes a third of all the time.
    "rules": {"color-contrast-enhanced": {"enabled": True}, "color-contrast": {"enabled": False}},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,  # no rule of these reads the style sheets themselves
    "selectors": False,  # the markup of what is wrong is enough
}
# Wagtail draws its admin for AA, in colours of its own.
DESK = AXE | {"runOnly": [rules for rules in STANDARDS if rules != "wcag2aaa"], "rules": {}}
EXAMINE = """async ([part, options]) => {
    const found = await axe.run(part, options);
    const told = (kind, rules) => rules.flatMap(rule => rule.nodes.map(
        node => `${kind} ${rule.id}: ${node.html} ${node.failureSummary}`));
    const root = document.scrollingElement;
    const beyond = root.scrollWidth - root.clientWidth;
    return [...told("violates", found.violations), ...told("unsure", found.incomplete),
        ...(beyond > 0 ? [`scrolls sideways by ${beyond} px`] : [])];
}"""
STATE = """() => {
    const {text = "100", theme = "auto"} = document.documentElement.dataset;
    return [text, theme, Boolean(document.getElementById("cookie-banner"))];
}"""
# axe does not know that what is opened lies above the page: the page is hidden from it.
OPEN = """id => {
    const opened = document.getElementById(id);
    opened.togglePopover(true);
    document.body.style.visibility = "hidden";
    opened.style.visibility = "visible";
}"""


@dataclass(frozen=True)
class Look:
    """One page as one visitor has it before them."""

    path: str = ""
    language: str = "en"
    text: str = "100"
    colours: str = "auto light"
    is_answered: bool = False
    has_script: bool = True
    width: int = 1280
    opened: str = ""  # id of what a button has opened over the page

    @property
    def part(self) -> str:
        """Selects what is examined."""
        return f"#{self.opened}" if self.opened else "html"

    @property
    def theme(self) -> str:
        return (COLOURS | MORE_CONTRAST)[self.colours][0]

    @property
    def device(self) -> dict[str, Any]:
        asked: dict[str, Any] = {"color_scheme": "light", "contrast": "no-preference"}
        return asked | (COLOURS | MORE_CONTRAST)[self.colours][1]

    @property
    def document(self) -> "Look":
        """The look without what a browser changes on a page that is loaded."""
        return replace(self, colours=self.theme.replace("auto", "auto light"), width=0)

    @property
    def cookies(self) -> dict[str, str]:
        chosen = {"bbmri_ui": f"t{self.text}.{self.theme}"}
        if (self.text, self.theme) == ("100", "auto"):
            chosen = {}
        return chosen | ({"bbmri_consent": "1.a0"} if self.is_answered else {})

    @property
    def state(self) -> list[object]:
        """What STATE tells of a page with this look."""
        is_asked = not self.is_answered and self.path not in UNASKED
        return [self.text, self.theme, is_asked]


def all_pairs(*factors: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Few rows in which every two values of two factors meet: each adds what is missing most."""
    places = range(len(factors))
    missing = dict.fromkeys(
        ((one, x), (other, y))
        for one, other in combinations(places, 2)
        for x in factors[one]
        for y in factors[other]
    )
    rows = []
    while missing:
        row = dict(next(iter(missing)))
        for place in places:
            row.setdefault(place, _most_missing(place, factors[place], row, missing))
        for pair in combinations(sorted(row.items()), 2):
            missing.pop(pair, None)
        rows.append(tuple(row[place] for place in places))
    return rows


def _most_missing(
    place: int, values: Sequence[Any], row: dict[int, Any], missing: dict[Any, None]
) -> Any:  # noqa: ANN401  whatever the factor has
    def gain(value: object) -> int:
        pairs = (tuple(sorted([(place, value), known])) for known in row.items())
        return sum(pair in missing for pair in pairs)

    return max(values, key=gain)


def every_two_choices(paths: Sequence[str]) -> list[Look]:
    """Few looks of these pages, in which every two choices meet."""
    colours = [*COLOURS, *MORE_CONTRAST]
    asked, scripted = [False, True], [True, False]
    return [
        Look(*row) for row in all_pairs(paths, LANGUAGES, TEXTS, colours, asked, scripted, WIDTHS)
    ]


def by_turns(paths: Sequence[str]) -> list[Look]:
    """Two looks of each page, taken by turns from those in which every two choices meet."""
    looks = cycle(every_two_choices([""]))
    return [replace(look, path=path) for path in paths for look in (next(looks), next(looks))]


def complaints_at_desk(page: Page) -> list[str]:
    """What is wrong with a screen of the newsletter in the admin; the menu beside it is Wagtail's.

    Doubts are left out: Wagtail's fields have pictures behind them, and its tables scroll by
    themselves, so that axe cannot tell the colours.
    """
    page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(EXAMINE, ["main", DESK])
    return [each for each in found if not each.startswith("unsure")]


def complaints(url: str, looks: Sequence[Look]) -> dict[Look, list[str]]:
    """What is wrong with each look of a site that is not as it must be, found by a few browsers."""
    size = -(-len(looks) // SIDE_BY_SIDE)
    shares = [looks[start : start + size] for start in range(0, len(looks), size)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as browsers:
        found = browsers.map(partial(_complaints_of_one, url), shares)
        return {look: wrongs for share in found for look, wrongs in share.items()}


def _complaints_of_one(url: str, looks: Iterable[Look]) -> dict[Look, list[str]]:
    """Of one browser. The same markup in the same window and colours, as it is with the script
    and without, is examined once.
    """
    found, known = {}, {}
    with _window(url) as page:
        seen = None
        for look in looks:
            if look.document != seen:
                _open(page, look, url)
                seen = look.document
            page.set_viewport_size({"width": look.width, "height": 800})
            page.emulate_media(**look.device)
            if look.opened:
                page.evaluate(OPEN, look.opened)
            face = (page.content(), look.part, look.colours, look.width)
            if face not in known:
                known[face] = page.evaluate(EXAMINE, [look.part, AXE])
            found[look] = known[face]
    return {look: wrongs for look, wrongs in found.items() if wrongs}


@contextmanager
def _window(url: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=parts.browser(), args=SWITCHES)
        context = browser.new_context(base_url=url)
        context.add_init_script(Axe().axe_script)
        yield context.new_page()
        browser.close()


def _open(page: Page, look: Look, url: str) -> None:
    _choose(page.context, look, url)
    if "#" in look.path:
        page.goto("about:blank")  # else, from the same address, nothing would be loaded
    page.goto(f"/{look.language}/{look.path}")
    assert page.evaluate(STATE) == look.state, look


def _choose(context: BrowserContext, look: Look, url: str) -> None:
    context.unroute_all()
    if not look.has_script:
        context.route("**/*.js", lambda route: route.abort())
    context.clear_cookies()
    context.add_cookies(
        [{"name": name, "value": value, "url": url} for name, value in look.cookies.items()]
    )
