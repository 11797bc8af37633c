"""Cells that no spreadsheet takes for a formula, which could fetch and send (CSV injection)."""

import re

# What begins a formula, or hides its beginning (CWE-1236; OWASP, CSV Injection), where a cell
# begins: a program with another separator than the file's begins one after that, too.
FORMULA = re.compile(r"(^|;|,(?! ))(?=[ \n]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


def without_formula(text: str) -> str:
    return FORMULA.sub(r"\1'", text)
