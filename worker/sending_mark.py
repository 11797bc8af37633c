"""A restored or cloned database sends nothing until somebody says that it may.

It has forgotten what went out after its copy was made, and would send it again. So the worker
writes down in the database and in a file outside of it for which site it sends and how far it has
come. Where the two differ, one of them is a copy.

How far is a count of steps: one before and one after each batch, so that whatever is sent after a
copy was made, the file is ahead of it. Workers on several machines raise the same count in the
database, and each machine's file keeps what it saw last. A file that is behind has only not sent
for a while; one that is ahead has found a restored database, which from then on stops them all.

A public address tells one site from another. A loopback address does not: every folder in which
somebody tries the site has it, and its port is chosen anew at each start. So there the port is not
compared, and the file keeps instead which folder it was written in: by the folder's number in the
file system, which a copy does not get and which stays when the folder is moved or renamed.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F

from worker.models import OutgoingMail, SendingMark

Stop = SendingMark.Stop
queues: list[Callable[[], bool]] = [OutgoingMail.objects.exists]  # whether each was ever used
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Mark:
    installation: str
    site_url: str
    steps: int
    folder: int = 0  # where it was written, at a loopback address; 0 is not known


def why_nothing_is_sent() -> str:
    """A sentence for the operator; "" where all is well. The answer is kept for the admin."""
    found = _check()
    row = _row()
    if row is None:  # a copy from before the first mark
        SendingMark.objects.get_or_create(pk=SendingMark.ONLY, defaults={"stopped": found})
    elif row.stopped != found:  # where another machine found more meanwhile, that stands
        SendingMark.objects.exclude(stopped=Stop.RESTORED).update(stopped=found)
    return str(Stop(found).label) if found else ""


def last_found() -> str:
    """What the worker found last, for other machines than its own."""
    row = _row()
    return row.get_stopped_display() if row else ""


def _check() -> str:
    """A Stop; "" where all is well. A new site makes its first mark."""
    file = _of_file()
    row = _row()  # read last: another worker may be advancing both, the database first
    if row is None and (file is None or not any(was_used() for was_used in queues)):
        release()
        return ""
    if row is None or file is None or row.installation.hex != file.installation:
        return Stop.OTHER_MACHINE
    if not _are_for_this_address(row.site_url, file):
        return Stop.OTHER_ADDRESS
    if file.folder not in {0, _folder()}:
        return Stop.COPIED
    if file.steps > row.steps or row.stopped == Stop.RESTORED:
        return Stop.RESTORED
    if not file.folder and _is_loopback(file.site_url):
        _write_down()  # the version before did not say where
    return ""


def _are_for_this_address(of_row: str, file: Mark) -> bool:
    """Whether both marks are; of a loopback address the port may differ if the folder is known."""
    here = settings.SITE_URL
    if file.folder and all(map(_is_loopback, (of_row, file.site_url, here))):
        return True
    return of_row == file.site_url == here


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def advance() -> None:
    """Count a step of sending: the database first, as the file may lag behind."""
    SendingMark.objects.filter(pk=SendingMark.ONLY).update(steps=F("steps") + 1)
    _write_down()


def release() -> None:
    """Let this database send for this site from now on, whatever it was before."""
    row, file = _row(), _of_file()
    steps = max(row.steps if row else 0, file.steps if file else 0)
    SendingMark.objects.update_or_create(
        pk=SendingMark.ONLY,
        defaults={"site_url": settings.SITE_URL, "steps": steps, "stopped": ""},
    )
    _write_down()


def _row() -> SendingMark | None:
    return SendingMark.objects.filter(pk=SendingMark.ONLY).first()


def _of_file() -> Mark | None:
    """What the file says. One that cannot be read is as good as none."""
    try:
        return Mark(**json.loads(settings.SENDING_MARK.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_down() -> None:
    """What the database says, to the file. All or nothing: a new one takes the old one's place."""
    row = _row()
    if row is None:
        return
    path = settings.SENDING_MARK
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")  # another worker may be writing, too
    mark = asdict(Mark(row.installation.hex, row.site_url, row.steps, _folder()))
    if not _is_loopback(row.site_url):
        del mark["folder"]  # nobody asks for it, and a code of before can still read the file
    fresh.write_text(json.dumps(mark), encoding="utf-8")
    fresh.replace(path)


def _folder() -> int:
    """Its number in the file system. The device's would change when a machine starts anew."""
    return settings.SENDING_MARK.parent.stat().st_ino
