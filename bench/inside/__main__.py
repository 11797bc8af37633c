"""`python -m bench.inside PART`: prints the part's rows, a line each, as JSON."""

import json
import logging
import sys
from importlib import import_module

import django

MEASURES = {
    "pages": "pages.measure",
    "search": "search.measure",
    "mailing": "mailing.measure",
    "directory": "members.directory",
    "finder": "members.finder",
    "catalogue": "catalogue.measure",
}


def main(part: str) -> None:
    django.setup()
    logging.disable(logging.INFO)
    module, _dot, name = MEASURES[part].partition(".")
    for row in getattr(import_module(f"bench.inside.{module}"), name)():
        sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
