"""The first content as this release has it, and the record of what earlier ones said."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from pages import initial_content, initial_translations
from pages.initial_content import PageFile, RecordFile

FORM = 1  # raised where digests would come out otherwise, or other things are brought
LANGUAGE = settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Release:
    """`words`: by language, what is said for each piece of the English content."""

    pages: list[PageFile]
    records: list[RecordFile]
    words: dict[str, dict[str, str]]

    @classmethod
    def read(cls) -> "Release":
        folder = initial_content.FOLDER / LANGUAGE
        return cls(
            initial_content.read_pages(folder),
            list(initial_content.read_records(folder)),
            {code: initial_translations.words_of(code) for code in initial_translations.LANGUAGES},
        )

    @property
    def files(self) -> list[PageFile | RecordFile]:
        """Pages before what links to them."""
        return [*self.pages, *self.records]


def mark(*more: str) -> str:
    """A digest of all files of the release, and of what else says what is to be done."""
    total = hashlib.sha256(repr((FORM, settings.LANGUAGES, more)).encode())
    for path in sorted(initial_content.FOLDER.rglob("*.*")):
        total.update(str(path.relative_to(initial_content.FOLDER)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def earlier() -> dict[str, dict[str, list[Any]]]:
    """By name and piece: the digests of each version, the last one last."""
    path = initial_content.FOLDER / "earlier.json"
    read: dict[str, dict[str, list[Any]]] = json.loads(path.read_text(encoding="utf-8"))
    return read
