"""The catalogues of translations: gathered, checked and compiled, without GNU gettext.

`python -m scripts.catalogues gather` after strings changed; translators fill in the rest.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent
LOCALES = PROJECT / "bbmri_be" / "locale"
ROOMS = (*sorted(path.parent.name for path in PROJECT.glob("*/apps.py")), "templates")
PLURALS = {
    "nl": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[sd]|\{(\w*)\}")
Message = tuple[str, str, str]  # context, singular, plural


def catalogue(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def compile_all() -> None:
    """Write the compiled catalogue beside each that is newer than it."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


def messages() -> dict[Message, list[str]]:
    """Every string of code and templates that asks for a translation, and where it stands."""
    found: dict[Message, list[str]] = {}
    for path in sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".xml"} and "migrations" not in path.parts:
            for message in _messages_of(path):
                found.setdefault(message, []).append(path.relative_to(PROJECT).as_posix())
    return found


def _messages_of(path: Path) -> Iterator[Message]:
    from babel.messages.extract import extract  # noqa: PLC0415  gathering alone needs it

    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = _as_python(source)
    for _line, words, _comments, context in extract(
        "python", io.BytesIO(source.encode()), KEYWORDS
    ):
        singular, plural = words if isinstance(words, tuple) else (words, "")
        yield context or "", singular, plural


def _as_python(template: str) -> str:
    """Django's own view of a template for gettext, each line from the left as Python wants it."""
    from django.utils.translation.template import templatize  # noqa: PLC0415  gathering alone needs it

    return "\n".join(line.strip() for line in templatize(template).splitlines()) + "\n"


def gather() -> None:
    """Bring every catalogue up to date: new strings untranslated, old ones taken out."""
    wanted = messages()
    for language, plurals in PLURALS.items():
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        known = {_key(entry): entry for entry in old}
        new = polib.POFile(wrapwidth=100)
        new.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": language,
            "Plural-Forms": plurals,
        }
        new.extend(_entry(message, places, known) for message, places in sorted(wanted.items()))
        new.save(str(path))


def _key(entry: polib.POEntry) -> Message:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def _entry(
    message: Message, places: list[str], known: dict[Message, polib.POEntry]
) -> polib.POEntry:
    context, singular, plural = message
    entry = known.get(message) or polib.POEntry(msgctxt=context or None, msgid=singular)
    if plural and not entry.msgid_plural:
        entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
    entry.occurrences = [(place, "") for place in sorted(set(places))]
    return entry


def complaints() -> Iterator[str]:
    """What keeps a catalogue from being complete: missing, fuzzy, left over, other holes."""
    wanted = set(messages())
    for language in PLURALS:
        path = catalogue(language)
        entries = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        yield from (
            f"{language}: not gathered: {message[1]!r}" for message in wanted - set(entries)
        )
        yield from (
            f"{language}: no longer used: {message[1]!r}" for message in set(entries) - wanted
        )
        for entry in entries.values():
            yield from (f"{language}: {fault}: {entry.msgid!r}" for fault in _faults(entry))


def _faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "fuzzy"
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    if not all(translations):
        yield "not translated"
        return
    allowed = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
    needed = _placeholders(entry.msgid) & _placeholders(entry.msgid_plural or entry.msgid)
    if not all(needed <= _placeholders(words) <= allowed for words in translations):
        yield "placeholders differ"


def _placeholders(words: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(words)}


def main(task: str) -> int:
    tasks = {"gather": gather, "compile": compile_all}
    if task in tasks:
        tasks[task]()
        return 0
    found = sorted(complaints())
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["check"])))
