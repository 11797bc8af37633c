"""Lighthouse gives the home full marks, as a phone gets it over a slow network."""

import shutil
from importlib import import_module

import pytest


@pytest.mark.audit
@pytest.mark.skipif(not shutil.which("npx"), reason="npm brings Lighthouse")
def test_lighthouse_finds_nothing_to_better() -> None:
    rows = list(import_module("bench.web").lighthouse())  # bench is not among what is type-checked
    assert rows
    assert not [row for row in rows if row[1] != row[2]]
