"""A frozen issue as the message one reader gets. All but their own words is made once a mailing."""

import re
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from email.message import Message
from email.utils import formatdate
from functools import cached_property
from typing import Any, AnyStr, Generic
from uuid import uuid4

from django.core.mail import BadHeaderError

from newsletter.mails.list_headers import (
    address_with,
    archive_address,
    list_headers,
    one_click_address,
)
from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.personal import (
    DATE,
    LINK_MARKS,
    MANAGE_LINK,
    MARKS,
    MESSAGE_ID,
    ONE_CLICK,
    TO,
    UNSUBSCRIBE_LINK,
)
from newsletter.tokens import DRAFT, MANAGE, TRIAL, UNSUBSCRIBE
from pages.tree.addresses import full_url
from worker.mails import Mail, headers, mailbox, message_id, quoted_printable

TOKEN = "TOKEN"  # noqa: S105  where it stands in the pattern of an address
CRLF = "\r\n"
FOLD = 75  # characters of a line, before the sign that it goes on


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

    def message(self, **how: Any) -> Any:  # noqa: ANN401  as Django's, or what backends ask of it
        return super().message(**how) if self.written is None else Written(self.written)

    def encoded(self, words: str) -> str:
        """With each mark alone on a line, so that the reader's own link can take its place."""
        pieces = Gaps(words, LINK_MARKS).pieces
        pieces[::2] = map(quoted_printable, pieces[::2])
        return "=\n".join(pieces)


class IssueMessage:
    """The messages of one mailing (RFC 2369, RFC 2919, RFC 8058)."""

    def __init__(self, mailing: Mailing, archive: str | None = None) -> None:
        """`archive`: its address, where it is not to be looked up."""
        self.mailing = mailing
        self.sender = mailbox(mailing.sender)
        self.manage = address_with(TOKEN, "newsletter:manage", mailing.language)
        self.unsubscribe = address_with(TOKEN, "newsletter:unsubscribe", mailing.language)
        self.one_click = one_click_address(TOKEN)
        archive = archive_address(mailing.language) if archive is None else archive
        self.headers = headers(MESSAGE_ID, mailing.language, mailing.reply_to)
        self.headers |= list_headers(ONE_CLICK, archive)
        self.html = Gaps(mailing.html, MARKS)
        self.text = Gaps(mailing.text, MARKS)
        pattern = self._copy(TO, {mark: mark for mark in MARKS})
        pattern.extra_headers["Date"] = DATE
        self.written = Gaps(pattern.message().as_bytes(linesep=CRLF), [m.encode() for m in MARKS])

    def to(self, delivery: Delivery, subscriber: Subscriber) -> IssueCopy:
        """A subscriber's copy. Raises BadHeaderError for an address that could end its header."""
        if not subscriber.address.isprintable() or not subscriber.address.isascii():
            raise BadHeaderError
        leaving, managing = UNSUBSCRIBE.token_of(subscriber), MANAGE.token_of(subscriber)
        words = self._words(subscriber.address, delivery.message_id, leaving, managing)
        copy = self._copy(subscriber.address, words)
        on_the_wire = words | {mark: _in_body(words[mark]) for mark in LINK_MARKS}
        copy.written = self.written.filled(
            {mark.encode(): word.encode() for mark, word in on_the_wire.items()}
        )
        copy.metadata = delivery.metadata
        return copy

    def trial(self, address: str) -> IssueCopy:
        """A copy like any other, whose links are about nobody."""
        number = uuid4()
        token = TRIAL.token(number.hex)
        return self._copy(address, self._words(address, message_id(number), token, token))

    def _words(self, to: str, number: str, leaving: str, managing: str) -> dict[str, str]:
        return {
            TO: to,
            MESSAGE_ID: number,
            DATE: formatdate(),
            ONE_CLICK: self.one_click.replace(TOKEN, leaving),
            MANAGE_LINK: self.manage.replace(TOKEN, managing),
            UNSUBSCRIBE_LINK: self.unsubscribe.replace(TOKEN, leaving),
        }

    def _copy(self, address: str, words: Mapping[str, str]) -> IssueCopy:
        text, html = self.text.filled(words), self.html.filled(words)
        leave = self.headers["List-Unsubscribe"].replace(ONE_CLICK, words[ONE_CLICK])
        told = self.headers | {"Message-ID": words[MESSAGE_ID], "List-Unsubscribe": leave}
        copy = IssueCopy.of(self.mailing.subject, text, html, to=address, headers=told)
        copy.from_email = self.sender
        return copy


def as_trial(mailing: Mailing) -> Mailing:
    """The same mail, not to be stored, marked and leading to the revision that it was made from:
    the website may not have that yet.
    """
    online = full_url(mailing.revision.as_object())  # the issue may have another slug by now
    draft = DRAFT.link(mailing.language, mailing.revision)
    return Mailing(
        subject=f"[TEST] {mailing.subject}",
        html=mailing.html.replace(f'"{online}"', f'"{draft}"'),
        text=re.sub(rf"^{re.escape(online)}$", draft, mailing.text, flags=re.MULTILINE),
        language=mailing.language,
        sender=mailing.sender,
        reply_to=mailing.reply_to,
    )


def _in_body(link: str) -> str:
    """As quoted-printable has it, more quickly: no link of ours has a sign that it encodes."""
    return f"={CRLF}".join(link[at : at + FOLD] for at in range(0, len(link), FOLD))
