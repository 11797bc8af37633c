"""Times of imports of many rows, in a process with the measured database's settings."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbmri_be.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  the registry comes first
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

ROWS = ("members_biobank", "members_collection", "members_trait", "members_qualitymark")
WRITES = ("INSERT", "UPDATE", "DELETE")


def main(file: Path) -> None:
    first = seconds(file)
    with CaptureQueriesContext(connection) as queries:
        again = seconds(file)
    writes = [
        query["sql"]
        for query in queries
        if query["sql"].startswith(WRITES) and any(name in query["sql"] for name in ROWS)
    ]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(
        {"first": first, "again": again, "writes": len(writes), "megabytes": megabytes}, sys.stdout
    )


def seconds(file: Path) -> float:
    began = time.monotonic()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("import_directory", file=str(file), stdout=nowhere)
    return time.monotonic() - began


if __name__ == "__main__":
    main(Path(sys.argv[1]))
