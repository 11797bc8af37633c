"""What is let off a check of lint or types says why, on the same line."""

import re
from pathlib import Path

import pytest

from tests.parts import PROJECT

FILES = [*PROJECT.glob("*.py"), *PROJECT.glob("[a-z]*/**/*.py")]
MARK = re.compile(r"# (?:type: ignore|(?:ruff: )?noqa)\b(.*)")
CHECKS = re.compile(r"\[[a-z, -]+\]|: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*")


def says_why(rest: str) -> bool:
    """`rest` is what follows the mark: the checks, and a word more."""
    checks = CHECKS.match(rest)
    return bool(checks and rest[checks.end() :].strip(" #"))


def test_no_line_is_let_off_without_a_reason() -> None:
    own = Path(__file__)
    lines = [line for file in FILES if file != own for line in file.read_text().splitlines()]
    marks = [mark for mark in map(MARK.search, lines) if mark]
    assert len(marks) > 100
    assert not [mark.string for mark in marks if not says_why(mark[1])]


@pytest.mark.parametrize(
    ("rest", "is_enough"),
    [
        ("", False),
        ("[misc]", False),
        (": S101", False),
        (": E402, F403", False),
        ("[misc]  # a mixin", True),
        (": E402, F403  once the environment is set", True),
    ],
)
def test_a_reason_is_more_than_what_is_ignored(rest: str, is_enough: bool) -> None:
    assert says_why(rest) is is_enough
