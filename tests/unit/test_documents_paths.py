"""Each path that a document names is there: whoever carries on follows it."""

import re

import pytest

from tests.parts import PROJECT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md")
CODE = re.compile(r"`([^`\s<>{}*=]+/[^`\s<>{}*=]*|[\w.-]+\.(?:py|md|toml|yaml|html))`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
# Beginnings of what is no path of ours: addresses, what the site writes, what a list leaves open.
NO_PATHS = ("/", "http", "var/", "media/", "steps.py", "text/")


# A text about one room names what is in it from there on.
ROOMS = ("visitors", "worker", "pages", "members", "newsletter")


def _is_there(path: str) -> bool:
    if any((PROJECT / room / path).exists() for room in ("", *ROOMS)):
        return True
    return "/" not in path and any(next((PROJECT / room).rglob(path), None) for room in ROOMS)


def _named(document: str) -> set[str]:
    text = (PROJECT / document).read_text(encoding="utf-8")
    return {path for path in CODE.findall(text) if not path.startswith(NO_PATHS)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_path_that_is_named_is_there(document: str) -> None:
    gone = {path for path in _named(document) if not _is_there(path)}
    assert gone == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_link_leads_somewhere(document: str) -> None:
    links = LINK.findall((PROJECT / document).read_text(encoding="utf-8"))
    folder = (PROJECT / document).parent
    assert [link for link in links if not (folder / link).exists()] == []
