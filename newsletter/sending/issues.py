"""The newsletter's issues: last in line, at a rate, and only while their mailing is being sent."""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models.functions import Now

from newsletter import mailing as mailings
from newsletter.issue_messages import IssueMessage
from newsletter.models import Delivery, Mailing, Subscription
from newsletter.sending.streams import BATCH, CONSENTED, Stream, why_not_consented
from newsletter.sending.transport import ServerDownError
from newsletter.sending.verdicts import Kind, Verdict

Pause, Skip = Mailing.Pause, Delivery.Skip
FAILURES_IN_A_ROW = 10
UNLIMITED = 10**6  # mails a minute: counting them would be all the work

STILL_SENDING = """
EXISTS (SELECT 1 FROM newsletter_mailing m WHERE m.id = d.mailing_id AND m.state = 'sending')
"""
WANTED = """
EXISTS (SELECT 1 FROM newsletter_subscription w
        JOIN newsletter_mailing_topics t ON t.topic_id = w.topic_id
        WHERE w.subscriber_id = d.subscriber_id AND t.mailing_id = d.mailing_id)
"""


class Issues(Stream):
    kinds = (Delivery.Kind.ISSUE,)
    allowed = f"{CONSENTED} AND {STILL_SENDING} AND {WANTED}"
    related = ("subscriber",)

    def __init__(self) -> None:
        self.mailing: Mailing | None = None
        self._message: IssueMessage | None = None

    def room(self) -> int:
        """Turn to the oldest mailing whose rate has room, and say how much."""
        for mailing in Mailing.objects.filter(state=Mailing.State.SENDING).order_by("started_at"):
            if not mailing.deliveries.filter(state__in=Delivery.WAITING).exists():
                continue
            if room := self._room_of(mailing):
                self._turn_to(mailing)
                return room
        return 0

    def _room_of(self, mailing: Mailing) -> int:
        if mailing.rate_per_minute >= UNLIMITED:
            return BATCH
        a_minute = {"attempt_started_at__gt": Now() - timedelta(minutes=1)}
        return max(
            0, min(BATCH, mailing.rate_per_minute - mailing.deliveries.filter(**a_minute).count())
        )

    def _turn_to(self, mailing: Mailing) -> None:
        if self.mailing is None or self.mailing.pk != mailing.pk:
            self.mailing, self._message = mailing, IssueMessage(mailing)
        self.due = f"d.mailing_id = {mailing.pk:d} AND {STILL_SENDING}"

    def write(self, delivery: Delivery) -> EmailMessage:
        assert self._message  # noqa: S101  made by `room`
        assert delivery.subscriber  # noqa: S101  `allowed` asks for one
        return self._message.to(delivery, delivery.subscriber)

    def is_late(self, delivery: Delivery) -> bool:
        return False  # a mailing has its own deadline, for its beginning

    def why_not(self, delivery: Delivery) -> str:
        mailing = Mailing.objects.get(deliveries=delivery)
        if mailing.state == Mailing.State.CANCELLED:
            return Skip.CANCELLED
        if mailing.state != Mailing.State.SENDING:
            return ""
        if reason := why_not_consented(delivery):
            return reason
        wants = Subscription.objects.filter(
            subscriber=delivery.subscriber_id, topic__in=mailing.topics.all()
        )
        return super().why_not(delivery) if wants.exists() else Skip.TOPIC

    # Pausing by itself

    def shut(self, delivery: Delivery, error: Exception) -> None:
        if isinstance(error, ServerDownError) and error.refused_us:
            self._pause(delivery, Pause.SIGN_IN)

    def settled(self, delivery: Delivery, verdict: Verdict) -> None:
        if verdict.kind == Kind.SHUT and verdict.code.isdigit():
            self._pause(delivery, Pause.SIGN_IN)
        elif verdict.code in {"AnymailUnsupportedFeature", "AnymailSerializationError"}:
            self._pause(delivery, Pause.FEATURE)
        elif verdict.kind != Kind.ACCEPTED and self._has_failed_often(delivery):
            self._pause(delivery, Pause.FAILURES)

    def _pause(self, delivery: Delivery, reason: str) -> None:
        mailings.pause(Mailing(pk=delivery.mailing_id), reason)

    def _has_failed_often(self, delivery: Delivery) -> bool:
        tried = Delivery.objects.filter(
            mailing=delivery.mailing_id, attempt_started_at__isnull=False
        ).exclude(state=Delivery.State.SENDING)
        last = tried.order_by("-attempt_started_at").values_list("state", flat=True)
        states = list(last[:FAILURES_IN_A_ROW])
        return len(states) == FAILURES_IN_A_ROW and Delivery.State.ACCEPTED not in states
