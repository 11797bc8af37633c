"""Researchers and patients find their way among the biobanks: keyboard only, no script needed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, PdfMargins, expect

from tests.e2e.conftest import Visitor
from tests.e2e.keyboard import press, tab_to
from tests.e2e.looks import (
    COLOURS,
    LANGUAGES,
    MORE_CONTRAST,
    TEXTS,
    Look,
    all_pairs,
    by_turns,
    complaints,
    every_two_choices,
)
from tests.e2e.many_biobanks import import_many
from tests.e2e.site import ONE_PROCESS, RunningSite, running_site
from tests.negotiator import NegotiatorServer, negotiator_server
from tests.unit.test_contrast import LEAST, LEAST_OF_MARKS, contrast

FULL = "biobanks/biobank-1/"
PART = "biobanks/biobank-1/collection-1/"
MANY = "biobanks/biobank-5/"  # 60 collections, one of them with 620 diseases
MOST = f"{MANY}all-diseases/"
UZA, ERASME = "bbmri-eric:ID:BE_71030031000", "bbmri-eric:ID:BE_BERA1"
CHOSEN = f"?c={UZA}:collection:001&c={UZA}:collection:002&c={ERASME}:collection:all_samples"
SHORTLIST = f"biobanks/shortlist/{CHOSEN}"
ADDRESSES = [
    "biobanks/",
    "biobanks/?q=ghnet",
    "biobanks/?q=xyzzyxyzzy&city=Ghent",
    "biobanks/uza/",
    FULL,
    "biobanks/charleroi/",
    "biobanks/shortlist/",
    SHORTLIST,
    f"biobanks/uza/{CHOSEN}&c=uza/none",
    f"biobanks/shortlist/ask/{CHOSEN}",
]
PAGES = [PART, MANY, MOST]
DIRECTORY = "https://directory.bbmri-eric.eu/ERIC/directory/#/collection/"
THEMES = ["auto", "light", "dark", "hc", "hcl"]
MARGIN: PdfMargins = {"top": "15mm", "right": "15mm", "bottom": "15mm", "left": "15mm"}
MAP_COLOURS = """() => {
    const map = document.querySelector(".map");
    const opaque = element => {
        const colour = getComputedStyle(element).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" ? opaque(element.parentElement) : colour;
    };
    const [text, dot] = ["text", "circle:not([fill=none])"].map(name => map.querySelector(name));
    return [opaque(map), getComputedStyle(text).fill, getComputedStyle(dot).fill,
        getComputedStyle(map.querySelector("polygon")).stroke];
}"""


@pytest.fixture(scope="module")
def negotiator() -> Iterator[NegotiatorServer]:
    with negotiator_server() as negotiator:
        yield negotiator


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, negotiator: NegotiatorServer
) -> Iterator[RunningSite]:
    """One of our own, with more biobanks than a page holds."""
    folder = tmp_path_factory.mktemp("biobanks")
    with running_site(folder, NEGOTIATOR_URL=negotiator.url, **ONE_PROCESS) as site:
        import_many(site, folder)
        yield site


def test_axe_finds_nothing_among_the_biobanks(site: RunningSite) -> None:
    assert not complaints(site.url, by_turns([*ADDRESSES, *PAGES]))


@pytest.mark.audit
def test_axe_finds_nothing_where_every_two_choices_meet(site: RunningSite) -> None:
    assert not complaints(site.url, every_two_choices([*ADDRESSES, *PAGES]))


@pytest.mark.audit
def test_axe_finds_nothing_among_the_open_filters(site: RunningSite) -> None:
    rows = all_pairs(LANGUAGES, TEXTS, [*COLOURS, *MORE_CONTRAST])
    looks = [
        Look("biobanks/", language, text, colours, width=320, opened="filters")
        for language, text, colours in rows
    ]
    assert not complaints(site.url, looks)


def sheets(page: Page) -> int:
    """Of A4 that it is printed on."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=MARGIN)))


@pytest.mark.parametrize("address", ["biobanks/uza/", FULL, *PAGES])
def test_a_biobank_and_a_collection_are_printed_on_two_sheets(
    visitor: Visitor, address: str
) -> None:
    page = visitor()
    page.goto(f"/en/{address}")
    page.emulate_media(media="print")
    expect(page.locator("form.choosing")).to_be_visible(visible=address in {"biobanks/uza/", FULL})
    assert sheets(page) <= 2


def test_no_row_is_higher_than_a_screen_and_no_table_wider_than_its_page(visitor: Visitor) -> None:
    for width in (320, 1280):
        page = visitor(width=width, height=800)
        page.goto(f"/de/{MANY}")
        page.locator("form details summary").click()
        expect(page.locator("tbody tr")).to_have_count(60)
        rows = page.locator("tbody tr").evaluate_all("all => all.map(row => row.offsetHeight)")
        assert max(rows) < 800
        assert not page.locator(".table-scroll").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
        )


def test_one_of_many_collections_is_found_read_and_chosen(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(f"/nl/{MANY}")
    press(page, page.locator('td [name="c"]').nth(1), "Space")
    tab_to(page, page.locator("#find"))
    page.keyboard.type("hartinfarct")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    press(page, page.locator("tbody a"))
    expect(page.get_by_role("heading", level=1)).to_have_text("All diseases")
    expect(page.locator(".chosen h2")).to_contain_text("1")
    press(page, page.locator("summary", has_text="Hart en bloedvaten"))
    expect(page.get_by_text("(ICD-10 I21)")).to_be_visible()
    press(page, page.locator("main form [type=submit]").first)
    expect(page.locator(".chosen h2")).to_contain_text("2")
    press(page, page.locator(".chosen .actions a").first)
    expect(page.locator("tbody tr")).to_have_count(2)


def hexadecimal(colour: str) -> str:
    """Of what a browser says: `rgb(0, 0, 0)`."""
    return "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour)[:3]))


def test_the_map_stands_out_in_every_theme(visitor: Visitor) -> None:
    """axe can't say on what the words of a drawing stand."""
    page = visitor(width=360)
    page.goto("/en/biobanks/")
    for theme in THEMES:
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        ground, words, dot, border = map(hexadecimal, page.evaluate(MAP_COLOURS))
        assert min(contrast(words, ground), contrast(dot, ground)) >= LEAST, theme
        assert contrast(border, ground) >= LEAST_OF_MARKS, theme


@pytest.mark.parametrize("address", ["biobanks/", FULL, SHORTLIST, *ADDRESSES[-2:], *PAGES])
@pytest.mark.parametrize(("width", "text"), [(320, "100"), (320, "200")])
def test_no_page_scrolls_sideways(visitor: Visitor, address: str, width: int, text: str) -> None:
    page = visitor(width=width, height=600)
    page.goto(f"/en/{address}")
    page.evaluate("size => document.documentElement.dataset.text = size", text)
    root = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert root[0] <= root[1]


@pytest.mark.parametrize(
    "language", ["en", *(pytest.param(code, marks=pytest.mark.audit) for code in LANGUAGES[1:])]
)
def test_a_researcher_makes_a_shortlist_and_sends_it(
    visitor: Visitor, negotiator: NegotiatorServer, language: str
) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(f"/{language}/")
    press(page, page.locator(f'#site-menu a[href="/{language}/biobanks/"]'))
    press(page, page.locator('[name="network"][value="cmi"]'), "Space")
    press(page, page.locator('[name="material"][value="TISSUE_FROZEN"]'), "Space")
    press(page, page.locator("#filters [type=submit]"))
    expect(page.locator(".result")).to_have_count(1)
    press(page, page.locator(".result h3 a"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Antwerpen")
    for place in (0, 1):
        press(page, page.locator('td [name="c"]').nth(place), "Space")
    press(page, page.locator("form:has(table) [type=submit]").first)
    expect(page.locator("tbody tr")).to_have_count(2)
    record = page.locator("tbody a.away").first
    expect(record).to_have_attribute("href", f"{DIRECTORY}{UZA}:collection:001")
    press(page, page.locator(f'main .actions a[href^="/{language}/biobanks/?c="]'))
    expect(page.locator(".chosen h2")).to_contain_text("2")
    tab_to(page, page.locator("#q"))
    page.keyboard.type("Erasme")
    page.keyboard.press("Enter")
    press(page, page.locator('.result h3 a[href*="/erasme/"]'))
    expect(page.locator(".chosen h2")).to_contain_text("2")
    press(page, page.locator('td [name="c"]').first, "Space")
    press(page, page.locator("form:has(table) [type=submit]").first)
    expect(page.locator("tbody tr")).to_have_count(3)
    page.emulate_media(media="print")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    assert sheets(page) <= 2
    page.emulate_media(media="screen")
    press(page, page.locator("main .actions a").first)
    press(page, page.locator("main form [type=submit]"))
    onward = page.locator("main .button.away")
    expect(onward).to_be_visible()
    tab_to(page, onward)
    expect(onward).to_have_attribute("href", re.compile(f"^{negotiator.url}requests/"))
    sent = negotiator.requests[-1]
    assert [one["id"] for one in sent["resources"]] == [
        f"{UZA}:collection:001", f"{UZA}:collection:002", f"{ERASME}:collection:all_samples",
    ]  # fmt: skip
    expect(page.locator(".chosen h2")).to_contain_text("3")
    assert page.context.cookies() == []


def test_with_a_script_what_is_ticked_counts_at_once(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/en/biobanks/uza/")
    expect(page.locator(".chosen")).to_be_hidden()
    press(page, page.locator('td [name="c"]').first, "Space")
    expect(page.get_by_role("heading", name="Chosen collections: 1")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Chosen collections: 1")
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator('td [name="c"]').first).to_be_checked()
    page.get_by_role("link", name="Alle biobanken").click()
    expect(page.locator(".chosen h2")).to_contain_text("1")
    page.go_back()
    press(page, page.locator('td [name="c"]').first, "Space")
    expect(page.locator(".chosen")).to_be_hidden()
    assert "c=" not in page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_patient_finds_how_to_object_at_their_hospital(visitor: Visitor, language: str) -> None:
    page = visitor(width=360, java_script_enabled=False)
    page.goto(f"/{language}/biobanks/")
    tab_to(page, page.locator("#q"))
    page.keyboard.type("saint luk")
    page.keyboard.press("Enter")
    press(page, page.locator('.result a[href$="/saint-luc/"]'))
    own = page.locator('section:has(#objecting) a[href="https://saintluc.be/fr/biobanque"]')
    tab_to(page, own)
    expect(own).to_be_visible()
    expect(page.locator("section:has(#objecting) .prose")).to_be_visible()


def test_on_a_phone_filters_open_and_close_without_script(visitor: Visitor) -> None:
    page = visitor(width=360, java_script_enabled=False)
    page.goto("/en/biobanks/")
    expect(page.get_by_role("checkbox").first).to_be_hidden()
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_role("checkbox", name="Ghent").check()
    page.get_by_role("button", name="Close the filters").click()
    expect(page.get_by_role("checkbox").first).to_be_hidden()
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_role("button", name="Show the biobanks").click()
    expect(page.get_by_role("heading", name="1 biobank", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Filters (1)")).to_be_visible()
