"""Sending what is claimed: one commit a message, and the mail server outside of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.functions import Now

from newsletter.models import (
    Delivery,
    DeliveryQuerySet,
    DeliveryReport,
    DeliveryState,
    SkipReason,
)
from newsletter.sending.claims import GAVE_UP, Claim
from newsletter.sending.statements import Statements, can_do_both
from newsletter.sending.streams import Stream
from worker.faults import Fault
from worker.transport import RETRY_AFTER, Transport
from worker.verdicts import Verdict, VerdictKind

RENEW_SECONDS = 60  # well within the shortest lease that makes sense
PATIENCE_SECONDS = 60  # with a database that is being restarted: what it must hear is in memory
PAUSE_SECONDS = 0.5

T = TypeVar("T")
log = logging.getLogger(__name__)


class BatchStoppedError(Exception):
    """The mail server takes nothing now. `claimed` rows are put off by whoever catches this."""


@dataclass(frozen=True)
class Result:
    delivery: Delivery
    verdict: Verdict


class Batch:
    """The rows of one claim, on their way."""

    def __init__(self, stream: Stream, claim: Claim, transport: Transport) -> None:
        self.stream, self.claim, self.transport = stream, claim, transport
        self._statements = Statements(claim.token, stream.allowed)
        self._unwritten: Result | None = None
        self._renewed = time.monotonic()

    def send(self, is_stopping: Callable[[], bool]) -> None:
        """Send all, or up to the message during which we were told to stop.

        Raises ServerDownError and BatchStoppedError: what is left of the claim is to be put off.
        """
        try:
            left = self.claim.deliveries
            while left and not is_stopping():
                self._send(left[0])
                left.popleft()
        finally:
            if self._unwritten:
                patiently(lambda: self._commit(None))

    def _send(self, delivery: Delivery) -> None:
        self._hold_on()
        if self.stream.is_late(delivery):
            self._mine(delivery).skip(SkipReason.LATE)
            return
        if self.stream.is_about_nobody(delivery):
            self._mine(delivery).skip(SkipReason.GONE)
            return
        message = self._written(delivery)
        if not message:
            return
        self.transport.open()
        if patiently(lambda: self._commit(delivery)) or self._was_begun(delivery):
            self._hand_over(delivery, message)

    def _hold_on(self) -> None:
        if time.monotonic() - self._renewed > RENEW_SECONDS:
            self.claim.renew()
            self._renewed = time.monotonic()

    def _written(self, delivery: Delivery) -> EmailMessage | None:
        """The message; None where it cannot be written, which the row then says."""
        try:
            return self.stream.write(delivery)
        except Exception as error:  # one that cannot be written must not hold up the others
            log.exception("%s %s could not be written", delivery.kind, delivery.pk)
            verdict = self._retry_unwritten(delivery, type(error).__name__)
            self.stream.settled(delivery, verdict)
            return None

    def _hand_over(self, delivery: Delivery, message: EmailMessage) -> None:
        verdict = self.transport.send(message)
        self._unwritten = Result(delivery, verdict)
        if verdict.kind == VerdictKind.SHUT:
            raise BatchStoppedError(f"{verdict.code} {verdict.text}")

    # What is written to the rows

    def _commit(self, following: Delivery | None) -> bool:
        """In one transaction: what became of the last message, and that the next one begins.

        False where the next is not ours any more, or something forbids it by now.
        """
        done = self._unwritten
        if done and following and done.verdict.kind == VerdictKind.ACCEPTED and can_do_both():
            begun = self._write_at_once(done, following)
        else:
            begun = self._write_in_turn(done, following)
        self._unwritten = None
        if done:
            self.stream.settled(done.delivery, done.verdict)
        return begun

    def _write_at_once(self, done: Result, following: Delivery) -> bool:
        accepted, verdict = done.delivery, done.verdict
        settled, begun = self._statements.accept_and_begin(accepted, verdict, following)
        if not settled:
            _warn_of_another(accepted)
        return begun

    def _write_in_turn(self, done: Result | None, following: Delivery | None) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            if done:
                self._write(done, cursor)
            return bool(following and self._statements.begin(following, cursor))

    def _write(self, done: Result, cursor: CursorWrapper) -> None:
        delivery, verdict = done.delivery, done.verdict
        attempts = delivery.attempts + 1  # the row was read before this one began
        is_last = attempts > len(RETRY_AFTER)
        state = delivery.without_success
        match verdict.kind:
            case VerdictKind.ACCEPTED:
                state = DeliveryState.ACCEPTED
            case VerdictKind.FINAL if verdict.fault == Fault.READER:
                DeliveryReport.of_a_refusal(delivery)
            case VerdictKind.FINAL:
                pass
            case VerdictKind.DOUBT if delivery.is_sent_once or is_last:
                state = DeliveryState.UNCERTAIN
            case VerdictKind.SHUT:
                self._retry(delivery, RETRY_AFTER[0], verdict, delivery.attempts)
                return
            case _ if is_last:
                said = f"{verdict.code} {verdict.text}"[:300]
                verdict = Verdict(VerdictKind.FINAL, GAVE_UP, said, fault=verdict.fault)
            case _:
                self._retry(delivery, RETRY_AFTER[attempts - 1], verdict, attempts)
                return
        if not self._statements.settle(delivery, state, verdict, cursor):
            _warn_of_another(delivery)

    def _retry(self, delivery: Delivery, after: timedelta, verdict: Verdict, attempts: int) -> None:
        in_doubt = delivery.in_doubt or verdict.kind == VerdictKind.DOUBT
        said = {"error_code": verdict.code, "error_text": verdict.text, "fault": verdict.fault}
        self._mine(delivery).retry(after, in_doubt=in_doubt, attempts=attempts, **said)

    def _retry_unwritten(self, delivery: Delivery, name: str) -> Verdict:
        verdict = Verdict(VerdictKind.TEMPORARY, name[:32], "The mail could not be written.")
        attempts = delivery.attempts + 1
        noted = {"attempts": attempts, "attempt_started_at": Now(), "fault": Fault.US}
        code, text = verdict.code, verdict.text
        if attempts > len(RETRY_AFTER):
            code, text = GAVE_UP, f"{code}: {text}"
            self._mine(delivery).give_up(error_code=code, error_text=text, **noted)
        else:
            wait = RETRY_AFTER[attempts - 1]
            self._mine(delivery).put_off(wait, error_code=code, error_text=text, **noted)
        return verdict

    # A row that did not begin

    def _was_begun(self, delivery: Delivery) -> bool:
        """Whether it is ours to send all the same; if not, say in the row why not.

        It is where the commit went through, and the connection was lost before we heard so.
        """
        row = self._mine(delivery).select_related(*self.stream.related).first()
        if row and row.state == DeliveryState.CLAIMED:
            self._turn_back(row)
        return bool(row and row.state == DeliveryState.SENDING)

    def _turn_back(self, row: Delivery) -> None:
        lapsed = Delivery.objects.filter(pk=row.pk, claimed_until__lte=Now())
        if lapsed.exists():
            return  # housekeeping gives it to the next worker
        if not self.stream.is_allowed(row) and (reason := self.stream.why_not(row)):
            self._mine(row).skip(reason)
        else:
            self._mine(row).give_back()

    def _mine(self, delivery: Delivery) -> DeliveryQuerySet:
        return Delivery.objects.filter(pk=delivery.pk, claim=self.claim.token)


def _warn_of_another(delivery: Delivery) -> None:
    log.warning("%s %s was settled by another", delivery.kind, delivery.pk)


def patiently(act: Callable[[], T]) -> T:
    """Do it again while the database is away. Raises OperationalError when it stays away."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            log.warning("The database is away: trying again.")
            connection.close()
            time.sleep(PAUSE_SECONDS)
