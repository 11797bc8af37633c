"""The sorts of mail, in the order in which they go: what may be sent, and how it is written."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from newsletter import mails
from newsletter.models import Delivery, DeliveryKind, SkipReason, Suppression
from worker.verdicts import Verdict

BATCH = 200

ABOUT_A_SIGN_UP = (DeliveryKind.CONFIRM,)
ABOUT_A_CHANGE = (DeliveryKind.CONFIRM_ADDRESS, DeliveryKind.ADDRESS_CHANGED)
# Asking the owner of a mailbox is how a bounce or an erasure is undone.
ASKS_THE_OWNER = (DeliveryKind.CONFIRM, DeliveryKind.CONFIRM_ADDRESS)
# After so long nobody waits for it any more, or its page is gone.
PATIENCE = dict.fromkeys(DeliveryKind, timedelta(days=7)) | {
    DeliveryKind.CONFIRM: timedelta(hours=72),
    DeliveryKind.CONFIRM_ADDRESS: timedelta(hours=72),
    DeliveryKind.KNOWN: timedelta(hours=72),
    DeliveryKind.MANAGE_LINK: timedelta(hours=24),
    DeliveryKind.CHANGE_LINK: timedelta(hours=24),
    DeliveryKind.DATA_LINK: timedelta(hours=24),
    DeliveryKind.ERASE_LINK: timedelta(hours=24),
    DeliveryKind.RECONSENT: timedelta(days=30),
}


def _listed(values: Sequence[str]) -> str:
    """Choices of ours as SQL: they are letters and low lines."""
    return ", ".join(f"'{value}'" for value in map(str, values))


STANDING = (
    "SELECT 1 FROM newsletter_suppression x WHERE x.subject = d.recipient AND x.lifted_at IS NULL"
)
# Asked of one row, by its keys. Without it PostgreSQL joins the tables first, which takes longer
# to plan than to do, and reads all of a topic's subscribers for each message.
APART = "LIMIT 1 OFFSET 0"
CONSENTED = f"""
EXISTS (SELECT 1 FROM newsletter_subscriber s
        WHERE s.id = d.subscriber_id AND s.state = 'confirmed' AND s.subject = d.recipient {APART})
AND NOT EXISTS ({STANDING} {APART})
"""  # noqa: S608  made of choices of ours
ASKED_FOR = f"""
CASE WHEN d.kind IN ({_listed(ABOUT_A_SIGN_UP)}) THEN d.sign_up_id
     WHEN d.kind IN ({_listed(ABOUT_A_CHANGE)}) THEN d.address_change_id
     ELSE d.subscriber_id END IS NOT NULL
AND NOT EXISTS ({STANDING} AND (d.kind NOT IN ({_listed(ASKS_THE_OWNER)})
                                OR x.reason NOT IN ({_listed(Suppression.CONFIRMATION_LIFTS)}))
                {APART})
"""


class Stream:
    """One sort of mail. A subclass says what is its own; the engine is the same for all.

    `due` and `allowed` are SQL about the row `d`: which rows may be claimed, and which may still
    be sent, asked in the very statement that marks one `sending`.
    """

    kinds: Sequence[str] = ()
    due = "1 = 1"
    allowed = ASKED_FOR
    related: Sequence[str] = ("subscriber", "sign_up", "address_change")

    def room(self) -> int:
        """How many may be claimed now: where a rate is kept."""
        return BATCH

    def write(self, delivery: Delivery) -> EmailMessage:
        """The message. It need not look again at what `allowed` asks."""
        return mails.write(delivery)

    def is_about_nobody(self, delivery: Delivery) -> bool:
        """What the mail would speak of has been erased since."""
        if delivery.kind in ABOUT_A_SIGN_UP:
            return delivery.sign_up is None
        if delivery.kind in ABOUT_A_CHANGE:
            return delivery.address_change is None
        return delivery.subscriber is None

    def is_late(self, delivery: Delivery) -> bool:
        return timezone.now() - delivery.made_at > PATIENCE[DeliveryKind(delivery.kind)]

    def is_allowed(self, delivery: Delivery) -> bool:
        """Whether the row as it is now may be sent: what stood against it may have changed."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM newsletter_delivery d WHERE d.id = %s AND {self.allowed}",  # noqa: S608  made of choices of ours
                [delivery.pk],
            )
            return cursor.fetchone() is not None

    def why_not(self, delivery: Delivery) -> str:
        """Why the fresh row is not `allowed`: a Skip; empty: it may be later, so it goes back."""
        standing = Suppression.objects.standing().filter(subject=delivery.recipient)
        return SkipReason.SUPPRESSED if standing.exists() else SkipReason.GONE

    def shut(self, delivery: Delivery, error: Exception) -> None:
        """Called when the mail server took nothing from a batch that began with this row."""

    def settled(self, delivery: Delivery, verdict: Verdict) -> None:
        """Called when what the mail server said of a row is committed."""


class ServiceMails(Stream):
    kinds = tuple(kind for kind in DeliveryKind if kind not in Delivery.NEED_CONSENT)


class Reconsents(Stream):
    """Sent to many at a time, so they let the mails pass that somebody waits for."""

    kinds = (DeliveryKind.RECONSENT,)
    allowed = CONSENTED

    def why_not(self, delivery: Delivery) -> str:
        return why_not_consented(delivery) or super().why_not(delivery)


def why_not_consented(delivery: Delivery) -> str:
    """For mails that need consent, less what every stream says."""
    subscriber = delivery.subscriber
    return SkipReason.LEFT if subscriber and not subscriber.is_confirmed else ""
