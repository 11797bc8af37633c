"""Every string of the interface has its translation."""

import polib
import pytest

from pages.initial_content import FOLDER
from pages.initial_translations import LANGUAGES
from scripts import catalogues


def test_the_catalogues_are_complete() -> None:
    assert sorted(catalogues.complaints()) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="Search", msgstr=""), "not translated"),
        (polib.POEntry(msgid="Search", msgstr="Zoeken", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(name)s left", msgstr="weg"), "placeholders differ"),
        (polib.POEntry(msgid="left", msgstr="%(name)s weg"), "placeholders differ"),
    ],
)
def test_a_hole_in_a_catalogue_is_named(entry: polib.POEntry, fault: str) -> None:
    assert list(catalogues._faults(entry)) == [fault]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_initial_content_is_translated(language: str) -> None:
    missing = [e.msgid for e in polib.pofile(str(FOLDER / f"{language}.po")) if not e.msgstr]
    assert missing == []
