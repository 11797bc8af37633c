"""The text part of a mail has lines that everybody can read, and links that work."""

import pytest

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
