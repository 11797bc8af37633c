"""Where an answer comes from: the Directory itself, or a file that was kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from members.directory import columns, fetching
from members.directory.fetching import FetchError, Limits
from members.directory.parsing import parse
from members.directory.records import Directory
from pages.printable import printable

LONGEST_MESSAGE = 200  # characters of an error of the Directory's, in the log
MOST_MESSAGES = 5  # in the log
MOST_ROUNDS = 40  # each drops a column; all together have the time of one import


class Source(Protocol):
    """Says what the Directory holds, or raises FetchError.

    `written`: when a kept answer was; None of the Directory itself, which answers now.
    """

    @property
    def written(self) -> datetime | None: ...

    def read(self) -> Directory: ...


def limits() -> Limits:
    return Limits(settings.DIRECTORY_MEGABYTES * 1024 * 1024, settings.DIRECTORY_SECONDS)


@dataclass(frozen=True)
class File:
    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def written(self) -> datetime | None:
        try:
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        except OSError as error:
            raise FetchError(f"The file can't be read: {error}") from error

    def read(self) -> Directory:
        reply = fetching.from_file(self.path, limits())
        refused = _refusals(reply)
        if refused:
            raise FetchError(f"The kept answer has errors: {_said(refused)}")
        return parse(_data(reply), _columns_in(reply))


@dataclass(frozen=True)
class Endpoint:
    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def written(self) -> datetime | None:
        return None

    def read(self) -> Directory:
        given = limits()
        return answered(lambda asked: self._ask(asked, given))

    def _ask(self, asked: columns.Asked, given: Limits) -> dict[str, Any]:
        agent = f"BBMRI.be website ({settings.SITE_URL})"
        return fetching.ask(self.url, columns.query(asked), given, agent)


def answered(ask: Callable[[columns.Asked], Mapping[str, Any]]) -> Directory:
    """The answer to everything; else, as often as it is refused, to all but the columns that the
    refusal names, of which the Directory says one a time; where that does not help, to what the
    import can't miss.
    """
    notes = list[str]()
    asked: columns.Asked = columns.EVERYTHING
    while True:
        reply = ask(asked)
        refused = _refusals(reply)
        if not refused:
            return _with(parse(_data(reply), asked), notes, columns.left_out(asked))
        if asked == columns.CORE:
            raise FetchError(f"It refuses even the smallest question: {_said(refused)}")
        fewer = columns.without(asked, refused)
        asked = fewer if fewer != asked and len(notes) < MOST_ROUNDS else columns.CORE
        notes.append(f"The Directory refused: {_said(refused)}. Fewer columns were asked.")


def _with(directory: Directory, notes: Sequence[str], left_out: tuple[str, ...]) -> Directory:
    if left_out:
        names = ", ".join(left_out)
        notes = [*notes, f"Degraded: left out, and kept as they were before: {names}."]
    return replace(directory, notes=(*notes, *directory.notes), left_out=left_out)


def _refusals(reply: Mapping[str, Any]) -> list[str]:
    """The messages of an answer's errors, of a half answer too."""
    errors = reply.get("errors")
    if not errors:
        return []
    found = errors if isinstance(errors, list) else [errors]
    messages = (one.get("message") if isinstance(one, Mapping) else one for one in found)
    return [" ".join(printable(str(message)).split()) for message in messages]


def _said(refused: Sequence[str]) -> str:
    """The messages as the log has them."""
    return "; ".join(message[:LONGEST_MESSAGE] for message in refused[:MOST_MESSAGES])


def _data(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    data = reply.get("data")
    if not isinstance(data, Mapping):
        raise FetchError("The answer has no data.")
    for table in columns.TABLES:
        if not isinstance(data.get(table) or [], list):
            raise FetchError(f"The answer's {table} are no list.")
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
