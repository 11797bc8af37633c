"""The way out: one connection to the mail server, used again for message after message."""

import logging
import socket
import time
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPAuthenticationError

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import filebased
from django.core.mail.backends.base import BaseEmailBackend

from worker.verdicts import Verdict, VerdictKind, verdict_on, without_address

IDLE_SECONDS = 60  # many servers hang up after a few minutes
STEPS_OF_A_MESSAGE = 6  # each may take EMAIL_TIMEOUT: greeting, sender, recipient, body, ...
RETRY_AFTER = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]
DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
OUR_SMTP = "worker.smtp.EmailBackend"

log = logging.getLogger(__name__)


def sending_seconds() -> int:
    """How long handing over a message may take: longer than the slowest mail server does."""
    return STEPS_OF_A_MESSAGE * settings.EMAIL_TIMEOUT


class ServerDownError(Exception):
    """The mail server does not answer, or does not let us in. Says why, free of addresses."""

    refused_us = False  # it answered, and did not like our name or password


class Transport:
    """Whatever MAIL_TRANSPORT names. Opened late, reopened when the server has hung up."""

    _backend: BaseEmailBackend | None = None
    _last_used = 0.0

    def open(self) -> bool:
        """Be ready to send. True when the connection is new. Raises ServerDownError."""
        self.close_if_idle()
        if self._backend:
            return False
        try:
            is_smtp = settings.MAIL_TRANSPORT == DJANGOS_SMTP
            self._backend = get_connection(OUR_SMTP if is_smtp else settings.MAIL_TRANSPORT)
            if not isinstance(self._backend, filebased.EmailBackend):  # it writes a file a mail
                self._backend.open()
        except (OSError, AnymailError) as error:  # an SMTPException is an OSError
            self.close()
            down = ServerDownError(without_address(f"{type(error).__name__}: {error}"))
            down.refused_us = isinstance(error, SMTPAuthenticationError)
            raise down from error
        self._last_used = time.monotonic()
        return True

    def close_if_idle(self) -> None:
        if time.monotonic() - self._last_used > IDLE_SECONDS:
            self.close()

    def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        backend, self._backend = self._backend, None
        if backend:
            try:
                backend.close()
            except (OSError, AnymailError) as error:
                log.info("The mail server had hung up: %s", type(error).__name__)

    def hang_up(self) -> None:
        """End what another thread is waiting for: it meets an error, as if the server had left."""
        waits_at = getattr(self._backend, "waits_at", None)
        if isinstance(waits_at, socket.socket):
            with suppress(OSError):
                waits_at.shutdown(socket.SHUT_RDWR)

    def send(self, message: EmailMessage) -> Verdict:
        """Hand one message over, and say what became of it. Never raises.

        A connection that was used before may have been ended by the server meanwhile; where
        nothing of this message had left, it is sent over a new one.
        """
        try:
            is_new = self.open()
            verdict = self._hand_over(message)
            if not is_new and verdict.kind == VerdictKind.TEMPORARY and not self._backend:
                self.open()
                verdict = self._hand_over(message)
        except ServerDownError as error:
            return Verdict(VerdictKind.SHUT, "connect", str(error))
        return verdict

    def _hand_over(self, message: EmailMessage) -> Verdict:
        """Send over the open connection, and close it unless it can be used again."""
        backend = self._backend
        assert backend  # noqa: S101  for the type checker
        recipient = "".join(message.recipients())
        try:
            backend.send_messages([message])
        except Exception as error:  # noqa: BLE001  each says what became of the message
            handed_over = getattr(backend, "body_is_out", False)
            verdict = verdict_on(error, recipient, handed_over=handed_over)
            if _has_ended(error, verdict):
                self.close()
            return verdict
        self._last_used = time.monotonic()
        status = getattr(message, "anymail_status", None)
        provider_id = str(getattr(status, "message_id", "") or "")
        return Verdict(VerdictKind.ACCEPTED, provider_id=provider_id)


def _has_ended(error: Exception, verdict: Verdict) -> bool:
    """After an answer the connection goes on; after 421, or none, it does not."""
    return verdict.code == "421" or not verdict.code.isdigit()
