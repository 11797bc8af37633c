"""The newsletter's issues: last in line, at a rate, and only while their mailing is being sent."""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models.functions import Now

from newsletter.issues.messages import IssueMessage
from newsletter.mailings import transitions
from newsletter.models import Delivery, Mailing, Subscription
from newsletter.models.deliveries import DeliveryKind
from newsletter.models.delivery_states import WAITING, DeliveryState, SkipReason
from newsletter.sending import brakes
from newsletter.sending.streams import APART, BATCH, CONSENTED, Stream, why_not_consented
from worker.faults import Fault
from worker.transport import ServerDownError
from worker.verdicts import Verdict, VerdictKind

Pause = Mailing.Pause
UNLIMITED = 10**6  # mails a minute: counting them would be all the work

STILL_SENDING = f"""
EXISTS (SELECT 1 FROM newsletter_mailing m
        WHERE m.id = d.mailing_id AND m.state = 'sending' {APART})
"""  # noqa: S608  made of words of ours
WANTED = f"""
EXISTS (SELECT 1 FROM newsletter_subscription w
        JOIN newsletter_mailing_topics t ON t.topic_id = w.topic_id
        WHERE w.subscriber_id = d.subscriber_id AND t.mailing_id = d.mailing_id {APART})
"""  # noqa: S608  likewise


class Issues(Stream):
    kinds = (DeliveryKind.ISSUE,)
    allowed = f"{CONSENTED} AND {STILL_SENDING} AND {WANTED}"
    related = ("subscriber",)

    def __init__(self) -> None:
        self.mailing: Mailing | None = None
        self._message: IssueMessage | None = None

    def room(self) -> int:
        """Turn to the oldest mailing whose rate has room, and say how much.

        Holds the mailings until the end of the transaction: workers count one after another.
        """
        held = Mailing.objects.select_for_update(no_key=True)
        for mailing in held.filter(state=Mailing.State.SENDING).order_by("started_at"):
            due = mailing.deliveries.filter(state__in=WAITING, not_before__lte=Now())
            if due.exists() and (room := self._room_of(mailing)):
                self._turn_to(mailing)
                return room
        return 0

    def _room_of(self, mailing: Mailing) -> int:
        if mailing.rate_per_minute >= UNLIMITED:
            return BATCH
        rows, a_minute_ago = mailing.deliveries.all(), Now() - timedelta(minutes=1)
        used = rows.filter(attempt_started_at__gt=a_minute_ago).count()
        used += rows.filter(state=DeliveryState.CLAIMED).count()  # by other workers
        return max(0, min(BATCH, mailing.rate_per_minute - used))

    def _turn_to(self, mailing: Mailing) -> None:
        if self.mailing is None or self.mailing.pk != mailing.pk:
            self.mailing, self._message = mailing, None
        self.due = f"d.mailing_id = {mailing.pk:d} AND {STILL_SENDING}"

    def write(self, delivery: Delivery) -> EmailMessage:
        assert self.mailing  # noqa: S101  chosen by `room`
        assert delivery.subscriber  # noqa: S101  `allowed` asks for one
        if self._message is None:
            self._message = IssueMessage(self.mailing)
        return self._message.to(delivery, delivery.subscriber)

    def is_late(self, delivery: Delivery) -> bool:
        return False  # a mailing has its own deadline, for its beginning

    def why_not(self, delivery: Delivery) -> str:
        mailing = Mailing.objects.get(deliveries=delivery)
        if mailing.state == Mailing.State.CANCELLED:
            return SkipReason.CANCELLED
        if mailing.state != Mailing.State.SENDING:
            return ""
        if reason := why_not_consented(delivery):
            return reason
        wants = Subscription.objects.filter(
            subscriber=delivery.subscriber_id, topic__in=mailing.topics.all()
        )
        return super().why_not(delivery) if wants.exists() else SkipReason.TOPIC

    # Pausing by itself

    def shut(self, delivery: Delivery, error: Exception) -> None:
        if isinstance(error, ServerDownError) and error.refused_us:
            transitions.pause(Mailing(pk=delivery.mailing_id), Pause.SIGN_IN)

    def settled(self, delivery: Delivery, verdict: Verdict) -> None:
        if verdict.kind == VerdictKind.ACCEPTED:
            return
        mailing = Mailing.objects.only("state", "resumed_at").get(deliveries=delivery)
        if mailing.state == Mailing.State.CANCELLED:  # while it was on its way
            Delivery.objects.filter(pk=delivery.pk).skip(SkipReason.CANCELLED)
        if reason := _why_to_pause(mailing, verdict):
            transitions.pause(mailing, reason)


def _why_to_pause(mailing: Mailing, verdict: Verdict) -> str:
    if verdict.kind == VerdictKind.SHUT:
        return Pause.SIGN_IN if verdict.code.isdigit() else ""
    if verdict.code in {"AnymailUnsupportedFeature", "AnymailSerializationError"}:
        return Pause.FEATURE
    if brakes.fails_in_a_row(mailing):
        return Pause.FAILURES
    is_judged = verdict.kind == VerdictKind.FINAL or verdict.fault == Fault.US
    return brakes.unwelcome(mailing) if is_judged else ""
