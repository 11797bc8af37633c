"""A mailbox that the worker empties over IMAP (RFC 3501): some mails a round, each once."""

import imaplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from worker.steps import IsStopping

ANSWER_SECONDS = 20  # that the server may take
ROUND_SECONDS = 60
LONGEST_ROUND = ROUND_SECONDS + 6 * ANSWER_SECONDS  # to connect, sign in, and end what was begun
MOST_AT_ONCE = 100
LARGEST = 512 * 1024  # bytes of a mail; what is cut off there has this length
KEPT = timedelta(days=7)  # from when it came
# What says that a mail was taken in. \Seen would not do: whoever looks into the mailbox sets it.
TAKEN_IN, DELETED = r"(\Answered)", r"(\Deleted)"
ERRORS = (imaplib.IMAP4.error, OSError)  # what reading comes to where the server is not well


class _Client(imaplib.IMAP4):
    def __init__(self, mailbox: "Mailbox") -> None:
        self._mailbox, self._about = mailbox, settings.BOUNCE_MAILBOX
        super().__init__(self._about["host"], self._about["port"], ANSWER_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        """As imaplib's own, and the line is known before anything has come over it."""
        line = socket.create_connection((self._about["host"], self._about["port"]), timeout)
        self._mailbox.line = line.dup()
        if self._about["encryption"] != "ssl":
            return line
        return ssl.create_default_context().wrap_socket(line, server_hostname=self._about["host"])


class Mailbox:
    """That of BOUNCE_MAILBOX. Its methods raise ERRORS."""

    line: socket.socket | None = None  # beside the one that imaplib reads, whatever wraps that

    def read(self, take_in: Callable[[bytes], None], is_stopping: IsStopping) -> int:
        """Hand over what is new, and mark each mail once it is taken in. How many it was."""
        count, until = 0, time.monotonic() + ROUND_SECONDS
        with self._opened() as client:
            for number in _found(client, "UNANSWERED", "UNDELETED")[:MOST_AT_ONCE]:
                if is_stopping() or time.monotonic() > until:
                    break
                take_in(_content(client, number))
                _ask(client, "STORE", number, "+FLAGS.SILENT", TAKEN_IN)
                count += 1
            _forget_old(client)
        return count

    def hang_up(self) -> None:
        """End what another thread is waiting for, an encryption that is being agreed on too."""
        if line := self.line:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        client = None
        try:
            client = _Client(self)
            _sign_in(client)
            yield client
        finally:
            if client:
                with suppress(*ERRORS):
                    client.logout()
                with suppress(OSError):
                    client.shutdown()
            if self.line:
                self.line.close()
                self.line = None


def _sign_in(client: imaplib.IMAP4) -> None:
    about = settings.BOUNCE_MAILBOX
    if about["encryption"] == "tls":
        client.starttls(ssl.create_default_context())
    secret = f"\0{about['user']}\0{about['password']}".encode()
    client.authenticate("PLAIN", lambda _asked: secret)
    _checked(client.select(f'"{about["folder"]}"'))


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(str(answer[1]))
    return answer[1]


def _ask(client: imaplib.IMAP4, *command: str) -> list[Any]:
    return _checked(client.uid(*command))


def _found(client: imaplib.IMAP4, *criteria: str) -> list[str]:
    return [number.decode() for number in (_ask(client, "SEARCH", *criteria)[0] or b"").split()]


def _content(client: imaplib.IMAP4, number: str) -> bytes:
    """As much of a mail as is read; nothing of one that is gone, or that the server can't give."""
    _answer, parts = client.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _forget_old(client: imaplib.IMAP4) -> None:
    day = imaplib.Time2Internaldate(timezone.now() - KEPT)[1:12]
    if numbers := _found(client, "ANSWERED", "BEFORE", day)[:MOST_AT_ONCE]:
        _ask(client, "STORE", ",".join(numbers), "+FLAGS.SILENT", DELETED)
        _checked(client.expunge())
