"""What can become of a delivery: each state, and each way from one to another.

pending, retry ──take──> claimed ──begin──> sending ──settle──> accepted, rejected, uncertain
uncertain ──settle──> accepted, rejected, uncertain
claimed ──give_back──> pending
claimed ──put_off──> retry
claimed ──give_up──> rejected, uncertain
sending, uncertain ──retry──> retry
sending ──lose──> uncertain
pending, retry, claimed ──skip──> skipped, uncertain
pending, retry, claimed, uncertain ──reconcile──> accepted
pending, retry, claimed, uncertain, rejected ──arrive──> accepted
pending, retry, claimed, uncertain, accepted ──turn_down──> rejected
uncertain ──treat_as_sent──> accepted
uncertain, rejected ──send_again──> pending

Each verb is one UPDATE that names the states it leaves, so that who comes second changes nothing;
it says how many rows it moved. Nothing else writes `state`, but for `begin` and `settle`, which are
said once a message and stand in `newsletter/sending/statements.py` as SQL.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from worker.faults import Fault

Row = TypeVar("Row", bound=models.Model)


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("waiting")
    CLAIMED = "claimed", _("next in line")
    SENDING = "sending", _("being sent")
    RETRY = "retry", _("tried again later")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    UNCERTAIN = "uncertain", _("uncertain")
    SKIPPED = "skipped", _("not sent")


class SkipReason(models.TextChoices):
    GONE = "gone", _("nothing is known of the recipient any more")
    LEFT = "left", _("has left")
    SUPPRESSED = "suppressed", _("is not to be written to")
    LATE = "late", _("came too late")
    CANCELLED = "cancelled", _("the mailing was cancelled")
    TOPIC = "topic", _("no longer wants the topic")
    TWICE = "twice", _("the new address is in the mailing already")


WAITING = (DeliveryState.PENDING, DeliveryState.RETRY)
NOT_BEGUN = (*WAITING, DeliveryState.CLAIMED)
OPEN = (*NOT_BEGUN, DeliveryState.SENDING)


class DeliveryTransitions(models.QuerySet[Row]):
    """`noted`: columns that are written beside it, as the error and the attempts."""

    def take(self, claim: UUID, lease: timedelta) -> int:
        """For one worker, until the lease runs out."""
        until = Now() + lease
        return self._move(WAITING, DeliveryState.CLAIMED, claim=claim, claimed_until=until)

    def give_back(self) -> int:
        """Let others have what was certainly not handed over."""
        return self._move([DeliveryState.CLAIMED], DeliveryState.PENDING)

    def put_off(self, wait: timedelta, **noted: Any) -> int:
        """The mail server takes nothing now, or the mail cannot be written."""
        return self._move(
            [DeliveryState.CLAIMED], DeliveryState.RETRY, not_before=Now() + wait, **noted
        )

    def give_up(self, **noted: Any) -> int:
        """The mail can still not be written, after all that time."""
        return self._move(
            [DeliveryState.CLAIMED], _unless_in_doubt(DeliveryState.REJECTED), **noted
        )

    def retry(self, wait: timedelta, **noted: Any) -> int:
        """Not taken, or in doubt for the first time. Who was slow may hear so after it was lost."""
        leaving = [DeliveryState.SENDING, DeliveryState.UNCERTAIN]
        return self._move(leaving, DeliveryState.RETRY, not_before=Now() + wait, **noted)

    def lose(self, **noted: Any) -> int:
        """Its worker ended, so that nobody can know whether it went out (RFC 1047).

        The claim stays: should the worker only have been slow, it settles the row after all.
        """
        claim = F("claim")
        return self._move([DeliveryState.SENDING], DeliveryState.UNCERTAIN, claim=claim, **noted)

    def skip(self, reason: str) -> int:
        """Take out what no worker has begun to send. What is being sent is already on its way.

        What may have been sent at an earlier attempt is uncertain, and not sent again.
        """
        skipped = _unless_in_doubt(DeliveryState.SKIPPED)
        return self._move(NOT_BEGUN, skipped, skip_reason=reason)

    def reconcile(self) -> int:
        """Who reports on a mail has had it: it is not tried again."""
        leaving = [*NOT_BEGUN, DeliveryState.UNCERTAIN]
        return self._move(leaving, DeliveryState.ACCEPTED, fault="")

    def arrive(self) -> int:
        """It is in the mailbox, whatever was said before."""
        leaving = [*NOT_BEGUN, DeliveryState.UNCERTAIN, DeliveryState.REJECTED]
        return self._move(leaving, DeliveryState.ACCEPTED, fault="")

    def turn_down(self, **noted: Any) -> int:
        """A provider took it, and could not or would not deliver it: for a fault of ours."""
        leaving = [*NOT_BEGUN, DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED]
        return self._move(leaving, DeliveryState.REJECTED, fault=Fault.US, **noted)

    def treat_as_sent(self) -> int:
        """Leave it at that: who has no copy misses one, nobody has two."""
        return self._move([DeliveryState.UNCERTAIN], DeliveryState.ACCEPTED)

    def send_again(self) -> int:
        """What is uncertain: who has a copy may get a second. What was refused for our fault."""
        may = self.filter(models.Q(state=DeliveryState.UNCERTAIN) | models.Q(fault=Fault.US))
        leaving = [DeliveryState.UNCERTAIN, DeliveryState.REJECTED]
        anew = {"not_before": Now(), "attempts": 0, "attempt_started_at": None, "fault": ""}
        return may._move(leaving, DeliveryState.PENDING, **anew)

    def _move(self, leaving: Iterable[str], entering: str | Case, **noted: Any) -> int:
        """What is settled has a time, and nobody holds a row but who is said to."""
        finished_at = None if entering in OPEN else Now()
        free = {"claim": None, "claimed_until": None, "finished_at": finished_at}
        return self.filter(state__in=leaving).update(state=entering, **(free | noted))


def _unless_in_doubt(state: DeliveryState) -> Case:
    in_doubt = When(in_doubt=True, then=Value(DeliveryState.UNCERTAIN))
    return Case(in_doubt, default=Value(state))
