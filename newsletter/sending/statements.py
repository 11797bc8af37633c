"""What is said to the database once a message, so that it is written once, and planned once."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper

from newsletter.models import Delivery, DeliveryState
from newsletter.sending import clock
from newsletter.sending.claims import as_stored, sending_seconds
from worker.verdicts import Verdict

Value = str | int | UUID

# Building it anew for each message takes longer than it does.
BEGIN = """
UPDATE newsletter_delivery AS d
SET state = 'sending', attempts = attempts + 1, attempt_started_at = {now}, claimed_until = {later}
WHERE id = %s AND claim = %s AND state = 'claimed' AND claimed_until > {now}
  AND recipient = %s AND {allowed}
"""
# A row that is uncertain because we were slow is still ours to settle.
SETTLE = """
UPDATE newsletter_delivery
SET state = %s, finished_at = {now}, claim = NULL, claimed_until = NULL, provider_id = %s,
    error_code = %s, error_text = %s, fault = %s
WHERE id = %s AND claim = %s AND state IN ('sending', 'uncertain')
"""
BOTH = """
WITH settled AS ({settle} RETURNING id), begun AS ({begin} RETURNING id)
SELECT (SELECT COUNT(*) FROM settled), (SELECT COUNT(*) FROM begun)
"""


class Statements:
    """Of the claim `token`. `allowed`: SQL about the row `d`, as a stream has it."""

    def __init__(self, token: UUID, allowed: str) -> None:
        self._token = as_stored(token)
        later = clock.later(sending_seconds())
        self._begin = BEGIN.format(now=clock.now(), later=later, allowed=allowed)
        self._settle = SETTLE.format(now=clock.now())
        self._both = BOTH.format(settle=self._settle, begin=self._begin)

    def begin(self, delivery: Delivery, cursor: CursorWrapper) -> bool:
        """Mark it `sending`. False where it is not ours any more, or something forbids it."""
        cursor.execute(self._begin, self._beginning(delivery))
        return cursor.rowcount == 1

    def settle(
        self, delivery: Delivery, state: str, verdict: Verdict, cursor: CursorWrapper
    ) -> bool:
        """Write what became of it. False where another has settled it."""
        cursor.execute(self._settle, self._settling(delivery, state, verdict))
        return cursor.rowcount == 1

    def accept_and_begin(
        self, accepted: Delivery, verdict: Verdict, following: Delivery
    ) -> tuple[bool, bool]:
        """Both in one statement, which is a transaction: only where `can_do_both` says so."""
        said = self._settling(accepted, DeliveryState.ACCEPTED, verdict)
        with _planned_once() as cursor:
            cursor.execute(self._both, [*said, *self._beginning(following)])
            settled, begun = cursor.fetchone()
        return bool(settled), bool(begun)

    def _beginning(self, delivery: Delivery) -> list[Value]:
        return [delivery.pk, self._token, delivery.recipient]

    def _settling(self, delivery: Delivery, state: str, verdict: Verdict) -> list[Value]:
        said = [verdict.provider_id[:128], verdict.code, verdict.text, verdict.fault]
        return [state, *said, delivery.pk, self._token]


def can_do_both() -> bool:
    """PostgreSQL can, which saves three ways to the server and back."""
    return connection.vendor == "postgresql"


def _planned_once() -> CursorWrapper:
    """A cursor whose statements PostgreSQL prepares: to plan ours takes longer than to do it.

    Django leaves this off for the sake of poolers. docs/operations.md says which ones do.
    """
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0
    server_binding: Any = ServerBindingCursor  # psycopg's, which takes a connection
    return CursorWrapper(server_binding(connection.connection), connection)
