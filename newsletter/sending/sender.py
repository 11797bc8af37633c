"""A worker's sending: the streams one after another, and patience with a mail server."""

import logging
import time
from collections.abc import Callable

from newsletter.sending.batch import Batch, BatchStoppedError
from newsletter.sending.claims import Claim, claim_what_fits
from newsletter.sending.issues import Issues
from newsletter.sending.streams import Reconsents, ServiceMails, Stream
from worker import sending_mark
from worker.transport import ServerDownError, Transport

SLICE_SECONDS = 5  # then a look at what may have become due that goes before
SHORTEST_WAIT, LONGEST_WAIT = 2, 60  # seconds before a server that is down is asked again

log = logging.getLogger(__name__)


class Sender:
    """Keeps the connection to the mail server between rounds."""

    def __init__(self, is_stopping: Callable[[], bool] = lambda: False) -> None:
        self.is_stopping = is_stopping
        self.streams = (ServiceMails(), Reconsents(), Issues())
        self.transport = Transport()
        self._wait, self._not_before = 0.0, 0.0

    def send_due(self) -> int:
        """Send a batch of the first stream that has mail due. How many rows it took."""
        if self.is_stopping() or time.monotonic() < self._not_before or self._is_a_copy():
            return 0
        for stream in self.streams:
            taken = claim_what_fits(stream)
            if taken.deliveries:
                count = len(taken.deliveries)
                self._send(stream, taken)
                log.info("%d mails of %s were looked at", count, type(stream).__name__)
                return count
        self.transport.close_if_idle()
        return 0

    def _is_a_copy(self) -> bool:
        """Whether the database was restored or cloned: then nothing goes out."""
        reason = sending_mark.why_nothing_is_sent()
        if reason:
            log.error("Nothing is sent. %s See manage.py release_sending.", reason)
            self._not_before = time.monotonic() + LONGEST_WAIT
        return bool(reason)

    def close(self) -> None:
        self.transport.close()

    def _send(self, stream: Stream, taken: Claim) -> None:
        until = time.monotonic() + SLICE_SECONDS
        try:
            sending_mark.advance()
            Batch(stream, taken, self.transport).send(
                lambda: self.is_stopping() or time.monotonic() > until
            )
        except (ServerDownError, BatchStoppedError) as error:
            self._wait = min(max(2 * self._wait, SHORTEST_WAIT), LONGEST_WAIT)
            self._not_before = time.monotonic() + self._wait
            taken.put_off(self._wait, "connect", str(error)[:300])
            stream.shut(taken.deliveries[0], error)
            log.warning("The mail server takes nothing (%s). Next try in %d s.", error, self._wait)
        else:
            self._wait = 0.0
        finally:
            taken.give_back()
            sending_mark.advance()  # a copy made meanwhile holds rows that were sent
