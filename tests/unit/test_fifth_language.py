"""Where the site's languages are written by hand: a fifth one is missed at none of these."""

import re

from django.conf import settings

from members.formats import dcat
from pages.initial_content import FOLDER
from scripts import catalogues
from tests.parts import PROJECT

EVERY = {code for code, _name in settings.LANGUAGES}
TRANSLATED = EVERY - {settings.LANGUAGE_CODE}


def test_each_language_has_a_code_in_the_catalogue_for_machines() -> None:
    assert dcat.LANGUAGES.keys() == EVERY


def test_the_interface_is_gathered_in_each_language() -> None:
    assert catalogues.PLURALS.keys() == TRANSLATED


def test_the_first_content_is_there_in_each_language() -> None:
    assert {file.stem for file in FOLDER.glob("*.po")} == TRANSLATED


def test_maintenance_is_announced_in_each_language() -> None:
    page = (PROJECT / "deploy" / "maintenance.html").read_text(encoding="utf-8")
    assert set(re.findall(r'lang="(\w+)"', page)) == EVERY
