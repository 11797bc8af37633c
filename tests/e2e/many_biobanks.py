"""A site whose biobanks fill more than a page, some with all that the Directory can say."""

import json
from pathlib import Path
from typing import Any

from tests.directory import biobank_row, coded, collection_row, large_reply, reply
from tests.e2e.site import RunningSite

ADDED, COLLECTIONS_EACH = 6, 3
STUDIES, CODES = 57, 620  # of the last one beside these; and of one of them
FIRST = "from tests.e2e.many_biobanks import first_ids; print(first_ids())"
QUALITY = {
    "quality_standard": {"name": "iso20387", "label": "ISO 20387"},
    "assess_level_bio": {"name": "accredited"},
    "certification_number": "BE-17",
}


def import_many(site: RunningSite, folder: Path) -> None:
    """The first biobanks stay as they are; the Directory has others beside them."""
    biobanks, collections = json.loads(site.shell(FIRST))
    more = large_reply(ADDED, COLLECTIONS_EACH)["data"]
    # A town of their own: what is counted of the others stays as it was.
    rows = [row | {"location": "Mons", "quality": [QUALITY]} for row in more["Biobanks"]]
    rows += [biobank_row() | {"url": "", "acronym": ""} | row for row in biobanks]
    parts = more["Collections"] + [collection_row() | row for row in collections]
    parts += [
        collection_row(ADDED - 1, f"s{number}", name=f"Study {number} of {'a long title ' * 9}")
        for number in range(STUDIES)
    ]
    parts[-1] |= {
        "name": "All diseases",
        "description": "Many people. " * 300,
        "diagnosis_available": coded(
            *(f"urn:miriam:icd:{'ACEGIKMORT'[code % 10]}{code // 10:02}" for code in range(CODES))
        ),
    }
    answer = folder / "answer.json"
    answer.write_text(json.dumps(reply(rows, parts)), encoding="utf-8")
    site.manage("import_directory", "--file", str(answer))


def first_ids() -> str:
    """As the Directory would answer them. For a process that has the site's settings."""
    from members.models import Biobank, Collection  # noqa: PLC0415  models are not loadable in the tests' own process before Django's start

    banks: list[dict[str, Any]] = [
        {"id": one.directory_id, "pid": "", "name": one.name, "location": "", "description": ""}
        for one in Biobank.objects.of_directory()
    ]
    parts = [
        {"id": one.directory_id, "name": one.label, "biobank": {"id": one.biobank.directory_id}}
        for one in Collection.objects.select_related("biobank")
    ]
    return json.dumps([banks, parts])
