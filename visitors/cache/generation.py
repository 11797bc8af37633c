"""One number for the state that visitors see, the same in every process within a second.

Whoever keeps something made from the database keeps it under this number. A saved or deleted row
raises it (`visitors.cache.invalidation`). A bulk write, which sends no signal, calls `raise_it()`.

What is long in the making, and made of some models alone, is kept under a number of its own: these
models say `is_kept_apart`, and what is published elsewhere leaves it (`kept_apart`).
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
ELSEWHERE = 2**32  # what a change adds to the row that leaves what is kept apart; others add one

_lock = Lock()
_kept: dict[tuple[Callable[..., Any], tuple[Any, ...]], tuple[int, Any]] = {}
_making = Lock()
_kept_apart: dict[Callable[..., Any], tuple[int, tuple[Any, ...], Any]] = {}


class Generation(models.Model):
    """One row: the number of the state that visitors see. It rises with every change of it.

    Its lower half is the number of what is kept apart, so that one query knows both.
    """

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
    return sum(divmod(_Known.number or 0, ELSEWHERE))


def known() -> int | None:
    """The number, at most a second old; None where the database must be asked for it."""
    is_fresh = _Known.number is not None and time.monotonic() < _Known.look_again_at
    return sum(divmod(_Known.number or 0, ELSEWHERE)) if is_fresh else None


def raise_it(*, apart: bool = True) -> None:
    """Let every process drop what it keeps, once the running transaction is committed.

    `apart`: also what is kept apart.
    """
    calls = [call for _savepoints, call, _robust in transaction.get_connection().run_on_commit]
    raising = _raise if apart else _raise_elsewhere
    if raising not in calls and _raise not in calls:
        # Robust: what was saved is saved, and an editor is not told otherwise.
        transaction.on_commit(raising, robust=True)


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


def kept_apart(function: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keep what a function makes until a row of a model changes that is kept apart.

    Of one set of arguments, the last. Who asks while it is made waits: it is large.
    """

    @wraps(function)
    def keeping(*args: Asked.args, **options: Asked.kwargs) -> Made:
        with _making:
            current()
            number, held = (_Known.number or 0) % ELSEWHERE, _kept_apart.get(function)
            if held is None or held[:2] != (number, args):
                _kept_apart.pop(function, None)  # never two of them in memory
                held = _kept_apart[function] = (number, args, function(*args, **options))
        return held[2]

    return keeping


def forget() -> None:
    """Know nothing: the next question goes to the database."""
    _kept.clear()
    _kept_apart.clear()
    _Known.number, _Known.look_again_at = None, 0.0


def _raise() -> None:
    _add(1)


def _raise_elsewhere() -> None:
    _add(ELSEWHERE)


def _add(step: int) -> None:
    if not _row().update(number=F("number") + step):
        Generation.objects.bulk_create([Generation(pk=ONLY_ROW)], ignore_conflicts=True)
        _row().update(number=F("number") + step)
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
