"""One import from the question to the log, and when the next one is due."""

import logging
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.directory import storing
from members.directory.changes import Action, Plan
from members.directory.fetching import FetchError
from members.directory.planning import plan
from members.directory.records import Directory
from members.directory.sources import Endpoint, File, Source
from members.models import ImportRun
from visitors.cache import generation

NIGHTLY_AT = time(3, 30)  # the Directory publishes about 02:00
NEXT_TRY = timedelta(hours=1)  # after a failure: it has been down for hours
LONGEST_LOG = 50_000  # characters of each text of a run

log = logging.getLogger(__name__)


class TooMuchWithdrawnError(Exception):
    """The answer would withdraw more than half: a person decides."""


class BusyError(Exception):
    """Another import is running."""


def source_of(file: str | None, url: str | None) -> Source:
    """A file, an address, or the address of the settings. Raises FetchError where there is none."""
    if file:
        return File(Path(file))
    if not (url or settings.DIRECTORY_URL):
        raise FetchError("No address to ask: set DIRECTORY_URL.")
    return Endpoint(url or settings.DIRECTORY_URL)


def planned(source: Source) -> Plan:
    return _planned(source.read(), source.written)


def _planned(fetched: Directory, written: datetime | None) -> Plan:
    """Dated as the data is: today, unless a kept answer is older."""
    return plan(storing.stored(), fetched, timezone.localdate(written))


def begin(source: Source, *, is_forced: bool) -> ImportRun:
    """A run in the log. Raises BusyError."""
    ImportRun.objects.give_up_lapsed()
    try:
        with transaction.atomic():
            return ImportRun.objects.create(
                source=str(source), is_forced=is_forced, started=timezone.now()
            )
    except IntegrityError as error:
        raise BusyError("Another import is running.") from error


def carry_out(run: ImportRun, source: Source) -> Plan:
    """Import, all or nothing, or only try it; write down how it ended. Raises what went wrong."""
    run.source = str(source)
    try:
        run.written = source.written
        fetched = source.read()  # before the transaction: the Directory may be slow
        with transaction.atomic():
            made = _planned(fetched, run.written)
            run.notes = _shortened(made.notes)
            run.report = _shortened(made.lines())
            if not run.is_trial:
                _store(made, run)
            _finish(run, made)
    except TooMuchWithdrawnError as error:
        _fail(run, ImportRun.State.REFUSED, error)
        raise
    except Exception as error:
        _fail(run, ImportRun.State.FAILED, error)
        raise
    if made.left_out:
        log.warning("The Directory's answer is degraded, without %s.", ", ".join(made.left_out))
    return made


def _store(made: Plan, run: ImportRun) -> None:
    if made.withdraws_too_much and not run.is_forced:
        raise TooMuchWithdrawnError(f"It would withdraw more than half: {made.summary()}.")
    storing.apply(made)
    generation.raise_it()  # also without a change: pages say how old the data is


def do_what_is_due() -> None:
    """What an editor asked for, else the nightly import. A Directory that is down is only logged:
    the last good copy stays, and the next try comes.
    """
    if not settings.DIRECTORY_URL:
        return
    ImportRun.objects.give_up_lapsed()
    asked = ImportRun.objects.asked().first()
    source = source_of(None, None)
    try:
        if asked:
            if asked.start():
                carry_out(asked, source)
        elif is_due(timezone.now()):
            carry_out(begin(source, is_forced=False), source)
    except BusyError:
        return
    except (FetchError, TooMuchWithdrawnError) as error:
        log.warning("The Directory was not imported: %s", error)


def is_due(now: datetime) -> bool:
    """Not done since the last night; and not tried within the hour, nor stopped for a person.

    A kept answer does not count: it says nothing of last night.
    """
    night = _last_night(now)
    runs = ImportRun.objects.of_the_directory()
    last = runs.exclude(started=None).order_by("-started").first()
    if last is None or last.started is None:
        return True
    done = runs.latest_done()
    if done and done.started and done.started >= night:
        return False
    if last.state == ImportRun.State.REFUSED and last.started >= night:
        return False
    return last.started < now - NEXT_TRY


def _last_night(now: datetime) -> datetime:
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHTLY_AT.hour, minute=NIGHTLY_AT.minute, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


def _finish(run: ImportRun, made: Plan) -> None:
    run.added, run.changed = made.count(Action.ADDED), made.count(Action.CHANGED)
    run.withdrawn, run.returned = made.count(Action.WITHDRAWN), made.count(Action.RETURNED)
    run.state, run.finished = _end(run, made), timezone.now()
    run.save()
    ImportRun.objects.prune()


def _end(run: ImportRun, made: Plan) -> ImportRun.State:
    if run.is_trial:
        return ImportRun.State.TRIED
    return ImportRun.State.DEGRADED if made.left_out else ImportRun.State.DONE


def _fail(run: ImportRun, state: ImportRun.State, error: Exception) -> None:
    run.state, run.finished = state, timezone.now()
    run.problem = _shortened([str(error) or type(error).__name__])
    run.save()


def _shortened(lines: list[str] | tuple[str, ...]) -> str:
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_LOG else f"{text[:LONGEST_LOG]}\n…"
