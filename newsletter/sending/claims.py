"""Taking rows to send, for a while: no other worker touches them before the lease has run out."""

import uuid
from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from newsletter.models import Delivery, DeliveryState
from newsletter.models.deliveries import DeliveryQuerySet
from newsletter.sending import clock
from newsletter.sending.streams import Stream
from worker import transport

GAVE_UP = "gave up"

# The states stand in the text, not beside it: else SQLite does not see that its index fits.
DUE = """
SELECT d.id FROM newsletter_delivery d
WHERE d.state IN ('pending', 'retry') AND d.kind IN ({kinds}) AND d.not_before <= {now} AND {due}
ORDER BY d.not_before, d.id LIMIT %s {lock}
"""


@dataclass(frozen=True)
class Claim:
    """Rows that are ours until the lease runs out, oldest first: what is left of them."""

    token: uuid.UUID
    deliveries: deque[Delivery]

    def _mine(self) -> DeliveryQuerySet:
        keys = [delivery.pk for delivery in self.deliveries]
        return Delivery.objects.filter(pk__in=keys, claim=self.token)

    def renew(self) -> None:
        """Hold on to what is not sent yet."""
        self._mine().filter(state=DeliveryState.CLAIMED).update(claimed_until=Now() + lease())

    def give_back(self) -> None:
        """Let others have what is not sent yet."""
        self._mine().give_back()

    def put_off(self, seconds: float, code: str, text: str) -> None:
        """The mail server takes nothing: no row's fault, so that no attempt is counted."""
        self._mine().put_off(timedelta(seconds=seconds), error_code=code, error_text=text)


def lease() -> timedelta:
    return timedelta(seconds=settings.NEWSLETTER_LEASE)


def sending_seconds() -> int:
    """How long a message may be `sending`: longer than the slowest mail server takes."""
    return max(settings.NEWSLETTER_LEASE, transport.sending_seconds())


def claim_what_fits(stream: Stream) -> Claim:
    """As many as the stream has room for; what other workers take meanwhile counts."""
    with transaction.atomic():
        room = stream.room()
        return claim(stream, room) if room > 0 else Claim(uuid.uuid4(), deque())


def claim(stream: Stream, limit: int) -> Claim:
    """Take up to `limit` rows that are due. None are left for this stream where it is empty."""
    token = uuid.uuid4()
    with transaction.atomic():  # on SQLite it is IMMEDIATE: the only writer
        keys = _due(stream, limit)
        if keys:
            Delivery.objects.filter(pk__in=keys).take(token, lease())
    mine = Delivery.objects.filter(pk__in=keys, claim=token, state=DeliveryState.CLAIMED)
    return Claim(token, deque(mine.select_related(*stream.related).order_by("not_before", "pk")))


def _due(stream: Stream, limit: int) -> list[int]:
    statement = DUE.format(
        kinds=", ".join(["%s"] * len(stream.kinds)),
        now=clock.now(),
        due=stream.due,
        lock="" if connection.vendor == "sqlite" else "FOR UPDATE OF d SKIP LOCKED",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*stream.kinds, limit])
        return [row[0] for row in cursor.fetchall()]


def as_stored(token: uuid.UUID) -> str | uuid.UUID:
    """As the database driver takes it."""
    return Delivery._meta.get_field("claim").get_db_prep_value(token, connection)


def return_lapsed() -> int:
    """Settle what a worker that died, or hangs, had taken. How many rows it was.

    What was claimed had certainly not been handed over. Of what was `sending` nobody can know: a
    mail that somebody just asked for is sent once more, under the same Message-ID; others are not.
    """
    lapsed = Delivery.objects.filter(claimed_until__lt=Now())
    no_more = Q(kind__in=Delivery.NEED_CONSENT) | Q(in_doubt=True)
    no_more |= Q(attempts__gt=len(transport.RETRY_AFTER))
    noted = {"error_code": "worker", "error_text": "The worker ended while it was being sent."}
    count = lapsed.give_back() + lapsed.filter(no_more).lose(**noted)
    # asked once again, and of the state too: more may have lapsed since
    sending = lapsed.filter(state=DeliveryState.SENDING).exclude(no_more)
    return count + sending.retry(timedelta(), in_doubt=True, **noted)
