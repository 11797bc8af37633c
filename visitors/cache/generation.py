"""One number for the state that visitors see, the same in every process within a second.

Whoever keeps something made from the database keeps it under this number. A saved or deleted row
raises it (`visitors.cache.invalidation`). A bulk write, which sends no signal, calls `raise_it()`.
"""

import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import Error, models, transaction
from django.db.models import F, QuerySet
from wagtail.models import Site

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
CHECK_EVERY = 1.0  # seconds: what is published shows everywhere within two
ONLY_ROW = 1

_lock = Lock()
_kept: dict[tuple[Callable[..., Any], tuple[Any, ...]], tuple[int, Any]] = {}


class Generation(models.Model):
    """One row: the number of the state that visitors see. It rises with every change of it."""

    seen_by_visitors = False

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class _Known:
    """What this process knows of the number, and when it must look again."""

    number: int | None = None
    look_again_at = 0.0  # of the monotonic clock


def current() -> int:
    """The number, at most a second old.

    Ask for it before reading what is kept under it: then what is kept is never older than it says.
    While the database does not answer, the last number known stands, and so do the pages kept.
    """
    if known() is None:
        with _lock:
            if known() is None:
                _look()
    return _Known.number or 0


def known() -> int | None:
    """The number, at most a second old; None where the database must be asked for it."""
    return _Known.number if time.monotonic() < _Known.look_again_at else None


def raise_it() -> None:
    """Let every process drop what it keeps, once the running transaction is committed."""
    waiting = transaction.get_connection().run_on_commit
    if not any(call is _raise for _savepoints, call, _robust in waiting):
        # Robust: what was saved is saved, and an editor is not told otherwise.
        transaction.on_commit(_raise, robust=True)


def kept(function: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keep what a function makes of the database, in this process, until the number changes.

    For each of its arguments, which are few: languages, or today.
    """

    @wraps(function)
    def keeping(*args: Asked.args, **options: Asked.kwargs) -> Made:
        number, question = current(), (function, args)
        held = _kept.get(question)
        if held is None or held[0] != number:
            held = _kept[question] = (number, function(*args, **options))
        return held[1]

    return keeping


def forget() -> None:
    """Know nothing: the next question goes to the database."""
    _kept.clear()
    _Known.number, _Known.look_again_at = None, 0.0


def _raise() -> None:
    if not _row().update(number=F("number") + 1):
        Generation.objects.bulk_create([Generation(pk=ONLY_ROW)], ignore_conflicts=True)
        _row().update(number=F("number") + 1)
    with _lock:
        _look()  # who saved sees it at once


def _look() -> None:
    """Read the number. Until it is read, who else asks waits for the lock: theirs may be old."""
    asked_at = time.monotonic()
    try:
        number = _row().values_list("number", flat=True).first() or 0
    except Error:
        if _Known.number is None:
            raise
        number = _Known.number
        asked_at = time.monotonic()  # it may have taken long: who waits must not ask again
    if number != _Known.number:
        Site.clear_site_root_paths_cache()  # Wagtail's own, which another process can't reach
        _kept.clear()
        _Known.number = number
    _Known.look_again_at = asked_at + CHECK_EVERY


def _row() -> QuerySet[Generation]:
    return Generation.objects.filter(pk=ONLY_ROW)
