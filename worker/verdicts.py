"""What an answer of the mail server, or its silence, says about one message."""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from worker.faults import Fault, fault_of

LONGEST_TEXT = 300  # characters: what the column holds
ADDRESS = re.compile(r"[^\s<>\"'(),:;]+(?:@|=40|%40)[^\s<>\"'(),:;]+")
UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
LEAST_PERMANENT = 500  # SMTP reply codes from here on are final (RFC 5321 section 4.2.1)
# The server does not let us in: no recipient's fault (RFC 4954 section 6).
NOT_LET_IN = {530, 534, 535, 538}
HTTP_TRY_AGAIN = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
# No key, nothing paid, not allowed, no such account: no recipient's fault either.
HTTP_NOT_LET_IN = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
}
# It is not the address that is refused: the server does not carry our mail to other places.
NO_RELAY = re.compile(
    r"5\.7\.\d+ .*\brelay|relay(?:ing)? (?:access )?(?:not|denied)", re.IGNORECASE
)


class VerdictKind(Enum):
    ACCEPTED = auto()
    TEMPORARY = auto()  # certainly not taken; later it may be
    FINAL = auto()  # certainly not taken, and never will be
    DOUBT = auto()  # handed over, and no answer came (RFC 1047)
    SHUT = auto()  # certainly not taken: the server takes nothing from us at all


@dataclass(frozen=True)
class Verdict:
    """`code`: the SMTP or HTTP status, else the error's class. `text`: free of addresses.

    `fault`: whom it speaks of, a Fault, where the mail was certainly not taken. What says too
    little counts as ours: it is no verdict on a reader.
    """

    kind: VerdictKind
    code: str = ""
    text: str = ""
    provider_id: str = ""
    fault: str = ""


def without_address(text: str, recipient: str = "") -> str:
    """What a server said, less the address it says it of: the text outlives the address."""
    text = UNPRINTED.sub(" ", ADDRESS.sub("…", text))
    for part in recipient.rsplit("@", 1):  # of one's own domain the name is enough to be known
        if len(part) > 2:  # noqa: PLR2004  shorter ones are parts of words
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text.strip()[:LONGEST_TEXT]


def verdict_on(error: Exception, recipient: str, *, handed_over: bool) -> Verdict:
    """`handed_over`: the message's body had begun to leave when the error came.

    The order matters: an SMTPException is an OSError, and Anymail's errors can be both.
    """
    if isinstance(error, AnymailError):
        kind, code = _of_provider(error)
    elif handed_over:  # whatever it is, it is no answer to the body
        kind, code = VerdictKind.DOUBT, type(error).__name__
    elif answer := _answer(error):
        kind = VerdictKind.SHUT if _refuses_us(error, *answer) else _of_code(answer[0])
        text = without_address(answer[1], recipient)
        said_of = None if kind == VerdictKind.SHUT else fault_of(f"{answer[0]} {text}")
        return Verdict(kind, str(answer[0]), text, fault=said_of or Fault.US)
    elif isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError):
        kind, code = VerdictKind.TEMPORARY, type(error).__name__
    else:
        kind, code = VerdictKind.FINAL, type(error).__name__
    fault = "" if kind == VerdictKind.DOUBT else Fault.US
    return Verdict(kind, code[:32], without_address(str(error), recipient), fault=fault)


def _answer(error: Exception) -> tuple[int, str] | None:
    """Code and words of an SMTP server's answer, where it gave one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _read(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _read(error.smtp_code, error.smtp_error)
    return None


def _read(code: int, said: bytes | str) -> tuple[int, str]:
    return code, said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _refuses_us(error: Exception, code: int, said: str) -> bool:
    """Whether the answer is about us, not about the recipient."""
    if code in NOT_LET_IN:
        return True
    refuses = isinstance(error, smtplib.SMTPSenderRefused) or NO_RELAY.match(said)
    return code >= LEAST_PERMANENT and bool(refuses)


def _of_code(code: int) -> VerdictKind:
    if code >= LEAST_PERMANENT:
        return VerdictKind.FINAL
    # smtplib gives -1 for an answer that is none, to a command before the body
    return VerdictKind.TEMPORARY


def _of_provider(error: AnymailError) -> tuple[VerdictKind, str]:
    """A provider's HTTP interface, through Anymail."""
    status = _status_of(error)
    if status is not None:
        return _of_status(status), str(status)
    name = type(error).__name__
    if isinstance(error, AnymailUnsupportedFeature | AnymailSerializationError):
        return VerdictKind.TEMPORARY, name  # no recipient's fault: once it is mended, they get it
    if not isinstance(error, AnymailAPIError):
        return VerdictKind.FINAL, name
    return (VerdictKind.TEMPORARY if _never_connected(error) else VerdictKind.DOUBT), name


def _status_of(error: AnymailError) -> int | None:
    """Of the provider's answer, where there is one. Amazon's is a dictionary of its library's."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return getattr(error, "status_code", None)


def _of_status(status: int) -> VerdictKind:
    if status in HTTP_NOT_LET_IN:
        return VerdictKind.SHUT
    if status in HTTP_TRY_AGAIN:
        return VerdictKind.TEMPORARY
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return VerdictKind.FINAL
    # it fell over, perhaps after taking the mail; or a success we cannot read
    return VerdictKind.DOUBT


def _never_connected(error: BaseException) -> bool:
    """Nothing was sent: the connection itself did not come about."""
    cause = error.__cause__ or error
    if isinstance(cause, requests.ConnectTimeout):
        return True
    reason = cause.args[0] if cause.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
