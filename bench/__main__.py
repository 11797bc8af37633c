"""`make bench`: measures the site on this machine; prints what it does beside what it must.

Times are ratios taken in one run where a target allows it: machines are noisy. Names on the
command line choose parts: `make bench ARGS="pages search"`. After `catalogue` may stand a file, an
answer of the Directory as JSON.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import newsletter, web
from bench.databases import Row, on

PARTS: dict[str, Callable[[], Iterable[Row]]] = {
    "start": web.start,
    "pages": web.pages,
    "page_cache": web.page_cache,
    "search": on("search", "SQLite", "PostgreSQL"),
    "lighthouse": web.lighthouse,
    "newsletter": newsletter.sign_ups,
    "mailing": on("mailing", "SQLite", "PostgreSQL"),
    "kills": newsletter.kills,
    "directory": on("directory", "SQLite", "PostgreSQL"),
    "finder": on("finder", "SQLite", "PostgreSQL"),
    "catalogue": on("catalogue", "SQLite", "PostgreSQL"),
}


def main() -> None:
    chosen = sys.argv[1:]
    after = chosen[chosen.index("catalogue") + 1 :] if "catalogue" in chosen else []
    if after and after[0] not in PARTS:
        os.environ["BENCH_CATALOGUE"] = str(Path(after[0]).absolute())
        chosen.remove(after[0])
    chosen = chosen or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        raise SystemExit(f"No part {', '.join(sorted(unknown))}: give some of {', '.join(PARTS)}.")
    os.environ.setdefault("SECRET_KEY", "measured " * 9)
    print_table([row for part in chosen for row in measured(part)])


def measured(part: str) -> list[Row]:
    print(f"Measuring: {part}", file=sys.stderr)
    return list(PARTS[part]())


def print_table(rows: list[Row]) -> None:
    heads = ("what", "measured", "target")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, tuple("-" * width for width in widths), *rows):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


if __name__ == "__main__":
    main()
