"""The text part of a mail has lines that everybody can read, and links that work."""

import pytest

from newsletter.issues import plain_text
from newsletter.issues.links import absolute_links, as_uri
from newsletter.mails.paper import WIDTH, wrapped

LINK = "https://bbmri.example/en/newsletter/manage/" + "t0ken-" * 30
WORDS = "A freezer was moved to another well-known room. " * 9


def test_lines_are_as_rfc_3676_asks() -> None:
    assert max(map(len, wrapped(WORDS).splitlines())) <= WIDTH <= 77
    assert wrapped(WORDS).split() == WORDS.split()


@pytest.mark.parametrize("around", ["{}", "Leave here: {} now.", f"{WORDS}({{}})", "* {}"])
def test_a_link_is_never_broken(around: str) -> None:
    assert LINK in wrapped(around.format(LINK))


@pytest.mark.parametrize(("bullet", "indent"), [("* ", "  "), ("12. ", "    ")])
def test_the_lines_of_a_list_stand_below_its_words(bullet: str, indent: str) -> None:
    first, *others = wrapped(bullet + WORDS).splitlines()
    assert first.startswith(bullet)
    assert others
    assert all(line.startswith(indent) and line[len(indent)] != " " for line in others)


def test_what_a_template_leaves_blank_is_one_line() -> None:
    assert wrapped("\n\n One \n \n\n\n  Two\t\n\n") == "One\n\nTwo\n"


def part_of(html: str) -> str:
    return wrapped(plain_text.of(absolute_links(html)))


def test_an_address_stands_alone_on_its_line() -> None:
    html = (
        '<p>See <a href="https://a.example/b_(c)">the text</a>, and'
        ' <a href="mailto:desk@a.example">write</a>.</p>'
        '<p>Or <a href="tel:+32-2-1">call us</a>.</p><p><a href="https://a.example">https://a.example</a></p>'
    )
    assert part_of(html) == (
        "See the text [1], and write [2].\n[1] https://a.example/b_%28c%29\n[2] desk@a.example\n\n"
        "Or call us.\n+32-2-1\n\nhttps://a.example\n"
    )


def test_a_list_within_a_list_stands_further_in() -> None:
    html = (
        f'<ul><li>One <a href="{LINK}">link</a><ol><li>{WORDS}</li><li>Two'
        '<ul><li>Deep <a href="https://a.example">down</a></li></ul></li></ol></li><li>Last</li></ul>'
    )
    lines = part_of(html).splitlines()
    assert lines[:2] == ["* One link", f"  {LINK}"]
    assert lines[2].startswith("  1. A freezer")
    assert lines[3].startswith("     ")
    assert lines[-4:] == ["  2. Two", "     * Deep down", "       https://a.example", "* Last"]
    assert max(len(line) for line in lines if LINK not in line) <= WIDTH


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        (
            "https://example.org/straße?q=a&b=ü#Über-uns",
            "https://example.org/stra%C3%9Fe?q=a&b=%C3%BC#%C3%9Cber-uns",
        ),
        ("https://bücher.example:8080/a%20b", "https://xn--bcher-kva.example:8080/a%20b"),
        ("https://a.example/?q=(a)'b", "https://a.example/?q=%28a%29%27b"),
        (
            "mailto:info@bücher.example?subject=Grüße",
            "mailto:info@xn--bcher-kva.example?subject=Gr%C3%BC%C3%9Fe",
        ),
        ("mailto:a+b@c.example,d@e.example", "mailto:a+b@c.example,d@e.example"),
        ("tel:+32(0)2", "tel:+32(0)2"),
        ("https://a.example/a b", "https://a.example/a b"),
        ("https://[::1/", "https://[::1/"),
        ("/en/news/", "/en/news/"),
        ("{{manage-link}}", "{{manage-link}}"),
    ],
)  # fmt: skip
def test_an_address_is_of_signs_that_every_program_takes_for_part_of_it(
    typed: str, sent: str
) -> None:
    assert as_uri(typed) == sent
