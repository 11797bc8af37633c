"""Where an answer comes from: the Directory itself, or a file that was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from members.directory import columns, fetching
from members.directory.fetching import FetchError, Limits
from members.directory.parsing import parse
from members.directory.records import Directory

LONGEST_MESSAGE = 200  # characters of an error of the Directory's
MOST_MESSAGES = 5


class Source(Protocol):
    """Says what the Directory holds, or raises FetchError."""

    def read(self) -> Directory: ...


def limits() -> Limits:
    return Limits(settings.DIRECTORY_MEGABYTES * 1024 * 1024, settings.DIRECTORY_SECONDS)


@dataclass(frozen=True)
class File:
    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def read(self) -> Directory:
        reply = fetching.from_file(self.path, limits())
        refused = _refusals(reply)
        if refused:
            raise FetchError(f"The kept answer has errors: {'; '.join(refused)}")
        return parse(_data(reply), _columns_in(reply))


@dataclass(frozen=True)
class Endpoint:
    url: str

    def __str__(self) -> str:
        return self.url

    def read(self) -> Directory:
        """Everything; else without the columns it refuses; else only what the import can't miss."""
        notes: list[str] = []
        asked: columns.Asked = columns.EVERYTHING
        while True:
            reply = self._ask(asked)
            refused = _refusals(reply)
            if not refused:
                directory = parse(_data(reply), asked)
                return _noted(directory, notes)
            if asked == columns.CORE:
                raise FetchError(f"The Directory refuses even the smallest question: {refused[0]}")
            fewer = columns.without(asked, refused)
            asked = fewer if fewer != asked and not notes else columns.CORE
            notes.append(f"The Directory refused: {'; '.join(refused)}. Fewer columns were asked.")

    def _ask(self, asked: columns.Asked) -> dict[str, Any]:
        agent = f"BBMRI.be website ({settings.SITE_URL})"
        return fetching.ask(self.url, columns.query(asked), limits(), agent)


def _noted(directory: Directory, notes: list[str]) -> Directory:
    return Directory(
        directory.biobanks,
        directory.collections,
        directory.unread,
        (*notes, *directory.notes),
    )


def _refusals(reply: Mapping[str, Any]) -> list[str]:
    """The messages of an answer's errors, of a half answer too."""
    errors = reply.get("errors")
    if not errors:
        return []
    found = errors if isinstance(errors, list) else [errors]
    messages = (one.get("message") if isinstance(one, Mapping) else one for one in found)
    return [str(message)[:LONGEST_MESSAGE] for message in messages][:MOST_MESSAGES]


def _data(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    data = reply.get("data")
    if not isinstance(data, Mapping):
        raise FetchError("The answer has no data.")
    return data


def _columns_in(reply: Mapping[str, Any]) -> columns.Asked:
    """What a file was asked is not written in it: a column that no row has was not."""
    return {
        table: columns.CORE[table]
        | {
            name
            for row in _data(reply).get(table) or []
            if isinstance(row, Mapping)
            for name in row
            if name in known
        }
        for table, known in columns.TABLES.items()
    }
