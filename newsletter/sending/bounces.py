"""Bounces and complaints that come as mail: which delivery they are about, and what they say.

Mails as any stranger may have written them: what is not built as RFC 3464 or RFC 5965 has it, or
names no delivery of ours together with that delivery's own address, is counted and does nothing.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from newsletter import addresses
from newsletter.models import Delivery, ReportKind, StrayReport
from newsletter.sending.reports import NOT_AS_WRITTEN, Told, leave_aside, put_down
from newsletter.sending.words import NOTHING, OPPOSITE
from worker import sending_mark
from worker.faults import Fault, fault_of
from worker.mailbox import ERRORS, LARGEST, Mailbox
from worker.steps import IsStopping
from worker.verdicts import LONGEST_TEXT, without_address

BY = "BOUNCE_MAILBOX"
DELIVERY_STATUS, FEEDBACK = "message/delivery-status", "message/feedback-report"
DEEPEST, MOST_PARTS, MOST_NUMBERS = 5, 20, 50
# A delivery's number wherever it stands: in the address it came back to, the envelope's number, the
# Message-ID. Nobody guesses one.
NUMBER = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)
OF_FAULT = {
    Fault.READER: ReportKind.BOUNCED,
    Fault.US: ReportKind.REJECTED,
    Fault.MOMENT: ReportKind.DEFERRED,
}
OF_FEEDBACK = {"abuse": ReportKind.COMPLAINED, "not-spam": OPPOSITE}
Why = StrayReport.Why

log = logging.getLogger(__name__)


class Reported(NamedTuple):
    """What a mail reports of one recipient. `sent_to`: where it was passed on, whom we wrote to."""

    word: str
    kind: str | None  # as of Told
    recipient: str
    sent_to: str = ""
    said: str = ""


def read(mailbox: Mailbox, is_stopping: IsStopping) -> int:
    """A round of the mailbox, where one is set. How many mails were taken in.

    A test site's copy of the database reads none: it would take away what the site is told.
    """
    is_set = settings.BOUNCE_MAILBOX and not settings.MAIL_PROVIDER
    if not is_set or sending_mark.why_nothing_is_sent():
        return 0
    try:
        return mailbox.read(take_in, is_stopping)
    except ERRORS as error:
        kind, said = type(error).__qualname__, without_address(str(error))
        log.warning("The mailbox of bounces cannot be read (%s: %s).", kind, said)
        StrayReport.add(BY, kind, Why.UNREADABLE)
        return 0


def take_in(raw: bytes) -> None:
    """One mail of the mailbox. Never raises for what stands in it."""
    try:
        if len(raw) >= LARGEST:
            leave_aside(BY, "too large", Why.UNREADABLE)
            return
        mail = message_from_bytes(raw)
        reported, at = list(reported_in(mail)), _date_of(mail)
    except (*NOT_AS_WRITTEN, MessageError) as error:
        leave_aside(BY, type(error).__name__, Why.UNREADABLE)
        return
    if not reported:
        is_machine = str(mail["Auto-Submitted"]).lower().startswith("auto-replied")
        leave_aside(BY, "auto-replied" if is_machine else "no report", Why.UNREADABLE)
    numbers = numbers_in(raw)
    for each in reported:
        _take_in(each, numbers, at)


def _take_in(reported: Reported, numbers: list[str], at: datetime) -> None:
    kind, delivery = reported.kind, _delivery_of(numbers, reported.recipient)
    if delivery is None and reported.sent_to:
        delivery = _delivery_of(numbers, reported.sent_to)
        # the reader's own mailbox took it and passed it on: that one exists
        kind = ReportKind.DEFERRED if kind == ReportKind.BOUNCED else kind
    key = f"{BY}\0{delivery.uuid.hex if delivery else ''}\0{kind}"
    put_down(Told(BY, reported.word, kind, reported.said, at, key), delivery)


def _delivery_of(numbers: list[str], address: str) -> Delivery | None:
    try:
        subject = addresses.read(address).subject
    except ValidationError:
        return None
    rows = Delivery.objects.filter(uuid__in=numbers, recipient=subject)
    return min(rows, key=lambda row: numbers.index(row.uuid.hex), default=None)


# What stands in a mail


def numbers_in(raw: bytes) -> list[str]:
    """What may be numbers of deliveries, in order."""
    found = dict.fromkeys(each.decode().lower() for each in NUMBER.findall(raw))
    return list(found)[:MOST_NUMBERS]


def reported_in(mail: Message) -> Iterator[Reported]:
    parts = list(_parts(mail, DEEPEST))[:MOST_PARTS]
    for part in parts:
        blocks = _blocks(part)
        if part.get_content_type() == DELIVERY_STATUS:
            yield from filter(None, map(_of_recipient, blocks[:MOST_PARTS]))
        elif part.get_content_type() == FEEDBACK and blocks:
            yield _complaint(blocks[0], parts)


def _parts(mail: Message, deepest: int) -> Iterator[Message]:
    """Of the mail itself, not of a mail within it."""
    blocks = _blocks(mail)
    if mail.get_content_maintype() != "multipart" or not blocks:
        yield mail
    elif deepest:
        for part in blocks:
            yield from _parts(part, deepest - 1)


def _blocks(part: Message) -> list[Message]:
    """Parts, a mail within, or the blocks of a report."""
    content: Any = part.get_payload()
    return content if isinstance(content, list) else []


def _of_recipient(block: Message) -> Reported | None:
    """What a delivery report says of one recipient; None for its part about the mail (RFC 3464)."""
    recipient, sent_to = (
        _address(_field(block, name)) for name in ("Final-Recipient", "Original-Recipient")
    )
    if not recipient and not sent_to:
        return None
    action = _field(block, "Action").partition(" ")[0].lower()
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}", _field(block, "Status"))
    code = status[0] if status else ""
    answer = re.sub(r"^[\w-]+;", "", _field(block, "Diagnostic-Code"))
    said = f"{without_address(answer, recipient)} {code}".strip()
    kind = _kind_of(action, code, said)
    return Reported(f"{action} {code}".strip(), kind, recipient, sent_to, said[:LONGEST_TEXT])


def _kind_of(action: str, code: str, said: str) -> str | None:
    """As of Told: the server's own answer counts before the report's status."""
    if action in {"delayed", "relayed", "expanded"}:
        return NOTHING
    if action == "delivered" and code[:1] in {"", "2"}:
        return ReportKind.DELIVERED
    if action == "failed" and said and not code.startswith("2"):
        return OF_FAULT[fault_of(said) or Fault.US]
    return None


def _complaint(block: Message, parts: list[Message]) -> Reported:
    """What a feedback report says (RFC 5965), of whom the mail was to that it holds."""
    word = _field(block, "Feedback-Type").lower()
    recipient = _field(block, "Original-Rcpt-To") or _recipient_of_returned(parts)
    return Reported(word, OF_FEEDBACK.get(word), parseaddr(recipient)[1])


def _recipient_of_returned(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            return "".join(_field(mail, "To") for mail in _blocks(part)[:1])
        if part.get_content_type() == "text/rfc822-headers":
            return _field(message_from_string(str(part.get_payload())), "To")
    return ""


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def _address(field: str) -> str:
    """Of a field like "rfc822; reader@example.org"."""
    return field.rpartition(";")[2].strip().strip("<>")


def _date_of(mail: Message) -> datetime:
    try:
        at = parsedate_to_datetime(str(mail["Date"]))
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, ArithmeticError):
        return timezone.now()
