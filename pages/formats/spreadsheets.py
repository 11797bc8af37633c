"""Tables as CSV: one for programs, one as Excel in Belgium opens it. No cell is ever a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext

BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
# What begins a formula, or hides its beginning (CWE-1236; OWASP, CSV Injection), where a cell
# begins: a program with another separator than the file's begins one after that, too.
FORMULA = re.compile(r"(^|;|,(?! ))(?=[ \n]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


def without_formula(text: str) -> str:
    return FORMULA.sub(r"\1'", text)


class _Echo:
    """A file whose write() hands back what it is given."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    columns: Sequence[str], rows: Iterable[Iterable[object]], *, for_excel: bool
) -> Iterator[str]:
    """Line by line. For Excel: semicolons, marked as UTF-8, in the reader's words."""
    writer = csv.writer(_Echo(), delimiter=";" if for_excel else ",", quoting=csv.QUOTE_ALL)
    yield (BYTE_ORDER_MARK if for_excel else "") + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([cell(value, for_excel=for_excel) for value in row])


def cell(value: object, *, for_excel: bool = False) -> str:
    """A number stays one, words never become a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        answer = "yes" if value else "no"
        return gettext(answer) if for_excel else answer
    if isinstance(value, int | float):
        # With a point, Excel in Belgium takes 4.5 for a day in May.
        return str(value).replace(".", ",") if for_excel else str(value)
    return without_formula("; ".join(map(str, value)) if isinstance(value, list) else str(value))
