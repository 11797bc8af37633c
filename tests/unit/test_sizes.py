"""What every page brings along stays small and plain."""

import re

import brotli
import pytest

from bbmri_be.environment import BASE_DIR

KB = 1024


@pytest.mark.parametrize(("path", "most"), [("css/site.css", 9), ("js/site.js", 2)])
def test_a_file_of_every_page_is_small(path: str, most: int) -> None:
    file = (BASE_DIR / "static" / path).read_bytes()
    assert len(brotli.compress(file)) <= most * KB


def test_no_page_moves_as_it_changes_or_is_fetched_before_it_is_asked_for() -> None:
    folders = [BASE_DIR / name for name in ("static", "templates", "visitors", "deploy")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    wanted = re.compile(rb"view-?transition|speculation-?rules", re.IGNORECASE)
    assert not [path for path in files if wanted.search(path.read_bytes())]
