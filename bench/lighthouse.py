"""Lighthouse's four scores of the home, as a phone gets it over a slow network."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import parts
from tests.e2e.conftest import SWITCHES
from tests.e2e.site import running_site

Row = tuple[str, str, str]
LIGHTHOUSE = "lighthouse@12.8.2"  # newer ones ask for a newer node than distributions have
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 3  # the median is told: one run depends on what else the machine does
FLAGS = ("--headless=new", "--no-first-run", "--disable-dev-shm-usage", *SWITCHES)
TARGET = "100"


def measure() -> Iterator[Row]:
    npx = shutil.which("npx")
    if not npx or not shutil.which("node"):
        yield "Lighthouse, home", "not run: no npm", TARGET
        return
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        runs = [_scores(npx, f"{site.url}/en/", Path(folder)) for _run in range(RUNS)]
    for category in CATEGORIES:
        score = statistics.median(scores[category] for scores in runs)
        yield f"Lighthouse, home, {category}", f"{score:.0f}", TARGET


def _scores(npx: str, address: str, folder: Path) -> dict[str, float]:
    """Each category's score, out of a hundred."""
    report = folder / "lighthouse.json"
    command = [
        *(npx, "--yes", LIGHTHOUSE, address),
        *("--quiet", "--no-enable-error-reporting", "--output=json", f"--output-path={report}"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    environment = os.environ | {"CHROME_PATH": str(parts.whole_browser())}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    categories = json.loads(report.read_text())["categories"]
    return {name: 100 * categories[name]["score"] for name in CATEGORIES}
