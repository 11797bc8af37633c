"""Whom a refused mail speaks of: the reader, us, or the moment (RFC 3463, RFC 5321, RFC 7372)."""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Fault(TextChoices):
    READER = "reader", _("the address does not exist")
    US = "us", _("refused for something about our mail")
    MOMENT = "moment", _("full, away or busy")


STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
CODE = re.compile(r"(?<![\d.])[245][0-5]\d(?![\d.])")
# By subject and detail of the status. What is not here, and has no words below, says nothing.
BY_STATUS: dict[str, Fault] = (
    dict.fromkeys(("1.1", "1.2", "1.3", "1.6", "1.10", "7.17"), Fault.READER)
    # The mailbox exists. One that is disabled may be enabled again: its owner has not left.
    | dict.fromkeys(("2.0", "2.1", "2.2", "3.1", "3.2"), Fault.MOMENT)
    | dict.fromkeys(("4.1", "4.2", "4.3", "4.4", "4.6", "4.7"), Fault.MOMENT)
    | dict.fromkeys(("1.7", "1.8", "1.9", "2.3", "2.4", "3.3", "3.4", "3.5", "3.6"), Fault.US)
    | dict.fromkeys(("4.5",), Fault.US)
)
BY_SUBJECT = {"5": Fault.US, "6": Fault.US, "7": Fault.US}  # protocol, content, policy
WORDS = (
    (Fault.MOMENT, r"gr[ea]y-?list|out of office|try again later"),
    (
        Fault.US,
        r"relay|\bspf\b|\bdkim\b|\bdmarc\b|\brbl\b|block|black ?list|deny ?list|spam|policy"
        r"|reputation|reverse dns|\bptr\b|authenticat|sending (?:limit|quota)|daily .{0,9}sending"
        r"|too (?:large|big)|exceeds? (?:the )?(?:size|maximum message)|virus|content|sender",
    ),
    (
        Fault.MOMENT,
        r"quota|(?:mailbox|inbox) (?:is )?full|over ?quota|insufficient (?:system )?storage"
        r"|mailbox (?:is )?(?:disabled|inactive|suspended|unavailable)|temporar",
    ),
    (
        Fault.READER,
        r"(?:no such|unknown|invalid) (?:user|recipient|address|mailbox|account)"
        r"|(?:user|recipient|address|mailbox|account)\b.{0,40}"
        r"(?:unknown|not found|does ?n[o']t exist|not exist)|no mailbox here",
    ),
)


def status_of(said: str) -> str:
    """The enhanced status in what was said, like 5.7.26; "" where there is none."""
    found = STATUS.search(said)
    return found[0] if found else ""


def fault_of(said: str) -> Fault | None:
    """What the words of a server, its code before them, say; None where they say too little.

    A reader is meant only where nothing speaks of us: servers put 5.1.1 before a block, too.
    """
    words, found, code = _by_words(said), STATUS.search(said), CODE.search(said)
    subject, detail = found.groups()[1:] if found else ("", "")
    by_status = BY_STATUS.get(f"{subject}.{detail}") or BY_SUBJECT.get(subject)
    if (found or code or " ")[0].startswith("4"):
        is_ours = words == Fault.US or (by_status == Fault.US and words != Fault.MOMENT)
        return Fault.US if is_ours else Fault.MOMENT
    if detail == "0" or words == Fault.US:  # "other" of its subject: the words know more
        return words or by_status
    return by_status or words


def _by_words(said: str) -> Fault | None:
    return next((fault for fault, words in WORDS if re.search(words, said, re.IGNORECASE)), None)
