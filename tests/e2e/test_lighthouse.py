"""Lighthouse gives the home full marks, as a phone gets it over a slow network."""

import shutil

import pytest

from bench import lighthouse


@pytest.mark.audit
@pytest.mark.skipif(not shutil.which("npx"), reason="npm brings Lighthouse")
def test_lighthouse_finds_nothing_to_better() -> None:
    rows = list(lighthouse.measure())
    assert {score for _what, score, _target in rows} == {lighthouse.TARGET}, rows
