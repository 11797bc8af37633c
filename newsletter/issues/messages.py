"""A frozen issue as the message one reader gets. All but their own words is made once a mailing."""

import re
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from email.message import Message
from email.utils import formatdate
from functools import cached_property
from typing import Any, AnyStr, Generic

from django.conf import settings
from django.core.mail import BadHeaderError
from django.urls import reverse
from django.utils.translation import override

from newsletter.models import Delivery, Mailing, NewsletterIndexPage, Subscriber
from newsletter.personal import (
    DATE,
    MANAGE_LINK,
    MARKS,
    MESSAGE_ID,
    ONE_CLICK,
    TO,
    UNSUBSCRIBE_LINK,
    inert,
)
from newsletter.tokens import MANAGE, UNSUBSCRIBE
from pages.tree.addresses import full_url
from pages.tree.published import published
from worker.mails import Mail, mailbox

TOKEN = "TOKEN"  # noqa: S105  where it stands in the pattern of an address
CRLF = "\r\n"


class Gaps(Generic[AnyStr]):
    """Text cut at its marks, to be joined with what belongs there."""

    def __init__(self, text: AnyStr, marks: Iterable[AnyStr]) -> None:
        alternatives = (b"|" if isinstance(text, bytes) else "|").join(map(re.escape, marks))
        pattern = b"(%b)" % alternatives if isinstance(text, bytes) else f"({alternatives})"
        self.pieces: list[AnyStr] = re.split(pattern, text)

    def filled(self, words: Mapping[AnyStr, AnyStr]) -> AnyStr:
        pieces = self.pieces.copy()
        pieces[1::2] = [words[mark] for mark in pieces[1::2]]
        return pieces[0][:0].join(pieces)


class Written:
    """A message as it goes over the wire: what Django's mail backends ask of one."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def as_bytes(self, linesep: str = "\n", **_how: Any) -> bytes:
        return self.content if linesep == CRLF else self.content.replace(b"\r\n", b"\n")

    def as_string(self, **_how: Any) -> str:
        return self.parsed.as_string()

    def __getitem__(self, name: str) -> str | None:
        return self.parsed[name]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever else a backend asks
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.parsed, name)

    @cached_property
    def parsed(self) -> Message:
        return message_from_bytes(self.content)


class IssueCopy(Mail):
    """One reader's copy. `written` is the same message as bytes, where it is made already."""

    written: bytes | None = None

    def message(self, **_how: Any) -> Any:  # noqa: ANN401  as Django's, or what backends ask of it
        if self.written is None or self.encoding:  # made anew for a server of seven bits
            return super().message()
        return Written(self.written)


def address_with(mark: str, url_name: str, language: str) -> str:
    """A page of ours that reads a token, found once: to ask Django each time is slow."""
    with override(language):
        return settings.SITE_URL + reverse(url_name, args=[mark])


class IssueMessage:
    """The messages of one mailing (RFC 2369, RFC 2919, RFC 8058)."""

    def __init__(self, mailing: Mailing, archive: str | None = None) -> None:
        """`archive`: its address, where it is not to be looked up."""
        self.mailing = mailing
        self.sender = mailbox(mailing.sender)
        self.reply_to = [mailbox(mailing.reply_to)] if mailing.reply_to else []
        self.archive = archive_address(mailing.language) if archive is None else archive
        self.manage = address_with(TOKEN, "newsletter:manage", mailing.language)
        self.unsubscribe = address_with(TOKEN, "newsletter:unsubscribe", mailing.language)
        self.one_click = address_with(TOKEN, "newsletter_one_click", mailing.language)
        self.html = Gaps(mailing.html, MARKS)
        self.text = Gaps(mailing.text, MARKS)
        pattern = self._copy(TO, {mark: mark for mark in MARKS})
        pattern.extra_headers["Date"] = DATE
        self.written = Gaps(pattern.message().as_bytes(linesep=CRLF), [m.encode() for m in MARKS])

    def to(self, delivery: Delivery, subscriber: Subscriber) -> IssueCopy:
        """A subscriber's copy. Raises BadHeaderError for an address that could end its header."""
        leaving = UNSUBSCRIBE.token_of(subscriber)
        words = {
            TO: subscriber.address,
            MESSAGE_ID: delivery.message_id,
            DATE: formatdate(),
            ONE_CLICK: self.one_click.replace(TOKEN, leaving),
            MANAGE_LINK: self.manage.replace(TOKEN, MANAGE.token_of(subscriber)),
            UNSUBSCRIBE_LINK: self.unsubscribe.replace(TOKEN, leaving),
        }
        if not subscriber.address.isprintable() or not subscriber.address.isascii():
            raise BadHeaderError
        copy = self._copy(subscriber.address, words)
        copy.written = self.written.filled(
            {mark.encode(): word.encode() for mark, word in words.items()}
        )
        copy.metadata = delivery.metadata
        return copy

    def trial(self, address: str) -> Mail:
        """A copy that is nobody's: it says so, and its own links lead nowhere."""
        copy = Mail(
            subject=f"[TEST] {self.mailing.subject}",
            body=inert(self.mailing.text),
            from_email=self.sender,
            to=[address],
            reply_to=self.reply_to,
            headers={"Content-Language": self.mailing.language},
        )
        copy.attach_alternative(inert(self.mailing.html), "text/html")
        return copy

    def _copy(self, address: str, words: Mapping[str, str]) -> IssueCopy:
        copy = IssueCopy(
            subject=self.mailing.subject,
            body=self.text.filled(words),
            from_email=self.sender,
            to=[address],
            reply_to=self.reply_to,
            headers=self._headers(words),
        )
        copy.attach_alternative(self.html.filled(words), "text/html")
        return copy

    def _headers(self, words: Mapping[str, str]) -> dict[str, str]:
        leave = f"<{words[ONE_CLICK]}>"
        if settings.UNSUBSCRIBE_MAILTO:
            leave += f", <mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>"
        headers = {
            "Message-ID": words[MESSAGE_ID],
            "List-Id": f"<news.{settings.MAIL_DOMAIN}>",
            "List-Unsubscribe": leave,
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
            "Content-Language": self.mailing.language,
        }
        return headers | ({"List-Archive": f"<{self.archive}>"} if self.archive else {})


def archive_address(language: str) -> str:
    index = published(NewsletterIndexPage).filter(locale__language_code=language).first()
    return full_url(index) if index else ""
