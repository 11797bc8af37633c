"""Single mails to named people, queued by whoever writes one and sent by the worker.

Whatever Django or Wagtail sends (EMAIL_BACKEND) goes this way: no request waits for a mail
server, nobody learns from the time of an answer whether there is an account, and a copy of the
database sends nothing. The newsletter has its own queue, with consent to ask for.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language

from worker import mails, sending_mark
from worker.models import MailState, OutgoingMail
from worker.steps import MINUTE, IsStopping, Step, step
from worker.transport import RETRY_AFTER, Transport, sending_seconds
from worker.verdicts import Verdict, VerdictKind

KEPT = timedelta(days=30)  # that a mail was sent, or why not
MOST_AT_ONCE = 500  # rows deleted in a round
NO_MORE = (VerdictKind.ACCEPTED, VerdictKind.FINAL)

log = logging.getLogger(__name__)


def queue(to: str, subject: str, text: str, html: str = "", language: str = "") -> OutgoingMail:
    """Send a mail soon. `subject` is one line; `language`: of its words, else the one in use."""
    mails.validate_header_line(subject)
    return OutgoingMail.objects.create(
        to=to,
        language=language or get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        text=text,
        html=html,
        not_before=Now(),
    )


class EmailBackend(BaseEmailBackend):
    """For EMAIL_BACKEND: each recipient of a message gets a mail of their own."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            if message.attachments:
                raise ValueError("The outbox takes no attachments.")
            for recipient in message.recipients():
                queue(recipient, str(message.subject), str(message.body), _html_of(message))
        return len(messages)


def _html_of(message: EmailMessage) -> str:
    parts = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, mimetype in parts if mimetype == "text/html"), "")


class Outbox:
    """Sends what is due, one after another, over one connection."""

    def __init__(self, is_stopping: IsStopping) -> None:
        self.is_stopping = is_stopping
        self.transport = Transport()
        self.not_before = 0.0  # on the clock of time.monotonic

    def send_due(self) -> int:
        """One mail. How many there were: 0, or 1."""
        if self.is_stopping() or time.monotonic() < self.not_before:
            return 0
        mail = OutgoingMail.objects.due().first()
        if mail is None:
            self.transport.close_if_idle()
            return 0
        if sending_mark.why_nothing_is_sent():
            self.not_before = time.monotonic() + MINUTE
            return 0
        if _take(mail):
            sending_mark.advance()
            _settle(mail, self._verdict_on(mail))
            sending_mark.advance()  # a copy made meanwhile holds a mail that was sent
        return 1

    def _verdict_on(self, mail: OutgoingMail) -> Verdict:
        if mail.attempts > len(RETRY_AFTER):  # workers ended while they sent it, again and again
            return Verdict(VerdictKind.FINAL, "gave up")
        return self.transport.send(_message(mail))


def _take(mail: OutgoingMail) -> bool:
    """Whether it is ours to send: another worker may have been quicker."""
    same = OutgoingMail.objects.due().filter(pk=mail.pk, state=mail.state, attempts=mail.attempts)
    return bool(
        same.order_by().update(
            state=MailState.SENDING,
            attempts=F("attempts") + 1,
            held_until=Now() + timedelta(seconds=sending_seconds()),
        )
    )


def _message(mail: OutgoingMail) -> EmailMessage:
    headers = mails.headers(mail.message_id, mail.language)
    return mails.written(mail.subject, mail.text, mail.html, to=mail.to, headers=headers)


def _settle(mail: OutgoingMail, verdict: Verdict) -> None:
    """Write down what the mail server said. A server that is down costs the mail no attempt."""
    ours = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.SENDING)
    said = {"error_code": verdict.code, "error_text": verdict.text, "held_until": None}
    attempts = mail.attempts + (verdict.kind != VerdictKind.SHUT)
    if verdict.kind in NO_MORE or attempts > len(RETRY_AFTER):
        is_sent = verdict.kind == VerdictKind.ACCEPTED
        state = MailState.ACCEPTED if is_sent else MailState.REJECTED
        ours.update(state=state, settled_at=timezone.now(), subject="", text="", html="", **said)
    else:
        wait = RETRY_AFTER[max(attempts - 1, 0)]
        ours.update(state=MailState.WAITING, attempts=attempts, not_before=Now() + wait, **said)
    if verdict.kind != VerdictKind.ACCEPTED:
        log.warning("Mail %s was not taken: %s %s", mail.uuid, verdict.code, verdict.text)


def _forget_settled() -> int:
    due = OutgoingMail.objects.filter(settled_at__lt=timezone.now() - KEPT).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return OutgoingMail.objects.filter(pk__in=keys).delete()[0]


# Steps


def send_outbox(is_stopping: IsStopping) -> Step:
    outbox = Outbox(is_stopping)
    return Step(
        outbox.send_due,
        in_thread=True,
        longest=sending_seconds(),
        interrupt=outbox.transport.hang_up,
        close=outbox.transport.close,
    )


forget_settled = step(_forget_settled, every=MINUTE)
