"""What every mail of the site has in common: its head, how it is folded, how it is encoded."""

import re
import unicodedata
from binascii import b2a_qp
from email.header import Header
from email.headerregistry import Address
from email.utils import parseaddr
from functools import cache
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext_lazy as _

LONGEST_WORD = 60  # characters of ASCII that fit a line; a longer word is encoded, which splits it
ENCODED = "=?"  # where an encoded word begins (RFC 2047 section 2)
LINE_END = re.compile(r"\r\n?")
MANGLED = re.compile(r"^From ", re.MULTILINE)  # where mails lie in one file it becomes ">From"
METADATA = "d"  # all that is told of a mail beside it: its number, a uuid of 32 hex digits
BREAKING = {"Cc", "Cs", "Zl", "Zp"}  # what ends a header's line, or hides in it


def validate_header_line(value: str) -> None:
    """Nothing that could end a mail's header and begin another (RFC 5322 section 2.2)."""
    if any(unicodedata.category(sign) in BREAKING for sign in value):
        raise ValidationError(
            _("This goes into the head of a mail: one line, no control characters."), "line_break"
        )


@cache
def mailbox(setting: str) -> str:
    """A name and an address as one header, quoted as it must be."""
    name, address = parseaddr(setting)
    return str(Address(display_name=name, addr_spec=address))


def quoted_printable(words: str) -> str:
    """Seven bits, and lines that no server has a reason to change (RFC 2045 section 6.7)."""
    wire = b2a_qp(LINE_END.sub("\n", words).encode()).decode("ascii")
    return MANGLED.sub("=46=\nrom ", wire)


class Mail(EmailMultiAlternatives):
    """A mail whose bytes stay as they are on their way, so that its signature (DKIM) holds.

    Its subject is folded knowing that "Subject: " stands before it. Django folds without the name:
    then the first line of a long one holds the name and nothing else, which some servers refuse
    (RFC 5322 sections 2.2.3 and 4.2, RFC 2047 section 2).
    """

    metadata: dict[str, str]  # what Anymail tells a provider beside the mail

    @classmethod
    def of(cls, subject: str, text: str, html: str, *, to: str, headers: dict[str, str]) -> Self:
        """In two parts that say the same, from the site's sender."""
        sender = mailbox(settings.DEFAULT_FROM_EMAIL)
        mail = cls(subject=subject, body=text, from_email=sender, to=[to], headers=headers)
        if html:
            mail.attach_alternative(html, "text/html")
        return mail

    def message(self, **how: Any) -> Any:  # noqa: ANN401  one of Django's own kinds
        made = super().message(**how)
        for part in made.walk():
            if part.get_content_maintype() == "text":
                content: Any = part.get_payload(decode=True)  # bytes, of a part that is text
                part.set_payload(self.encoded(content.decode()))
                part.replace_header("Content-Transfer-Encoding", "quoted-printable")
        subject = str(self.subject)
        longest = max(map(len, subject.split()), default=0)
        is_plain = subject.isascii() and longest < LONGEST_WORD and ENCODED not in subject
        charset = "us-ascii" if is_plain else "utf-8"
        made.replace_header("Subject", Header(subject, charset, header_name="Subject"))
        return made

    def encoded(self, words: str) -> str:
        return quoted_printable(words)


def written(subject: str, text: str, html: str, *, to: str, headers: dict[str, str]) -> Mail:
    return Mail.of(subject, text, html, to=to, headers=headers)


def message_id(uuid: UUID) -> str:
    """The same at each attempt, so that a second copy can be folded by who gets it."""
    return f"<{uuid.hex}@{settings.MAIL_DOMAIN}>"


def return_path(number: str) -> str:
    """Where the mail of this number comes back to (RFC 5321 section 4.4); "" for its sender.

    Where the server knows sub-addressing, each has an address of its own: no mail server's
    report is so short that it does not come to it.
    """
    local, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    own = f"{settings.BOUNCE_DELIMITER}{number}" if settings.BOUNCE_DELIMITER else ""
    return f"{local}{own}{at}{domain}" if number else ""


def headers(message_id: str, language: str, reply_to: str = "") -> dict[str, str]:
    """Those of every mail that a machine writes to one person (RFC 3834 section 5)."""
    reply_to = reply_to or settings.MAIL_REPLY_TO
    told = {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    if reply_to != settings.DEFAULT_FROM_EMAIL:
        told["Reply-To"] = mailbox(reply_to)
    return told
