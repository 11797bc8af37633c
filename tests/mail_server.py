"""An SMTP server for tests: it keeps what it accepts, and misbehaves when told to."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.parts import free_port

HANG_SECONDS = 600  # longer than any client of a test waits
SLOW_SECONDS = 2
STAGES = ("connect", "sender", "recipient", "data", "answer")
DROP, HANG, SLOW = "drop", "hang", "slow"

logging.getLogger("mail.log").setLevel(logging.WARNING)  # else a line for each command


@dataclass
class Mail:
    """What the server said 250 to, or would have, had it not been told to drop."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


@dataclass
class Faults:
    """What goes wrong: by stage an answer ("451 busy"), DROP, HANG or SLOW; `times` None: always.

    "answer" is after the message has been taken in whole and kept.
    """

    at: dict[str, str] = field(default_factory=dict)
    times: int | None = None
    refused: dict[str, str] = field(default_factory=dict)  # answer by recipient

    def take(self, stage: str) -> str:
        if stage not in self.at or self.times == 0:
            return ""
        if self.times is not None:
            self.times -= 1
        return self.at[stage]


class _Handler:
    """Its methods' names are aiosmtpd's."""

    def __init__(self, server: "MailServer") -> None:
        self.server = server

    async def handle_EHLO(  # noqa: N802  aiosmtpd calls it so
        self, smtp: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*answers[:-1], *(["250-DSN"] if self.server.knows_dsn else []), answers[-1]]

    async def handle_MAIL(  # noqa: N802  aiosmtpd calls it so
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._trouble("sender", smtp)
        if not said:
            envelope.mail_from = address
        return said or "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.server.faults.refused.get(address) or await self._trouble("recipient", smtp)
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd calls it so
        if said := await self._trouble("data", smtp):
            return said
        self.server.keep(envelope)
        return await self._trouble("answer", smtp) or "250 OK"

    async def _trouble(self, stage: str, smtp: SMTP) -> str:
        return await trouble(self.server.faults.take(stage), smtp)


async def trouble(fault: str, smtp: SMTP) -> str:
    """Do what the fault says; the answer to give, if one is to be given."""
    if fault == SLOW:
        await asyncio.sleep(SLOW_SECONDS)
        return ""
    if fault == HANG:
        await asyncio.sleep(HANG_SECONDS)
    if fault in {DROP, HANG}:
        transport: Any = smtp.transport
        transport.abort()
        raise asyncio.CancelledError
    return fault


class _Smtp(SMTP):
    """Greets as it is told to."""

    mail_server: "MailServer"

    async def _handle_client(self) -> None:
        self.mail_server.connections += 1
        with suppress(asyncio.CancelledError):
            said = await trouble(self.mail_server.faults.take("connect"), self)
            if said:
                transport: Any = self.transport
                transport.write(f"{said}\r\n".encode())
                transport.close()
                return
            await super()._handle_client()

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802  aiosmtpd calls it so
        """Less what it asks of reports (RFC 3461), which aiosmtpd does not know."""
        words = (arg or "").split()
        asked = [word for word in words if word.startswith(("ENVID=", "RET="))]
        self.mail_server.asked += asked
        await super().smtp_MAIL(" ".join(word for word in words if word not in asked))


class _Controller(Controller):
    def __init__(self, server: "MailServer", port: int) -> None:
        self.mail_server = server
        super().__init__(_Handler(server), hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        knows: dict[str, Any] = {"authenticator": self._knows, "auth_require_tls": False}
        smtp = _Smtp(self.handler, **self.SMTP_kwargs, **knows)
        smtp.mail_server = self.mail_server
        return smtp

    def _knows(self, *asked: Any) -> AuthResult:
        """Asked with the name and password last."""
        said = asked[-1]
        known = {None, (said.login.decode(), said.password.decode())}
        return AuthResult(success=self.mail_server.takes in known, handled=False)


class MailServer:
    """Listens on a port of its own, in a thread. `mails`: what it took in, in order."""

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.faults = Faults()
        self.mails: list[Mail] = []
        self.connections = 0
        self.knows_dsn, self.asked = False, list[str]()  # of reports
        self.takes: tuple[str, str] | None = None  # name and password; None: any
        self._controller: _Controller | None = None
        self._news = threading.Condition()

    def keep(self, envelope: Envelope) -> None:
        content: Any = envelope.content
        with self._news:
            for recipient in envelope.rcpt_tos:
                self.mails.append(Mail(envelope.mail_from or "", recipient, content))
            self._news.notify_all()

    def start(self) -> None:
        self._controller = _Controller(self, self.port)
        counted = self.connections
        self._controller.start()  # it connects to see whether it is up
        self.connections = counted

    def stop(self) -> None:
        """Also ends the connections that are open, as a restart does."""
        controller, self._controller = self._controller, None
        if controller:
            controller.stop()

    def fail(self, stage: str, how: str, times: int | None = None) -> None:
        assert stage in STAGES
        self.faults = Faults({stage: how}, times)

    def behave(self) -> None:
        self.faults = Faults()

    def wait_for(self, count: int, seconds: float = 20) -> list[Mail]:
        """The mails, when there are so many."""
        with self._news:
            came = self._news.wait_for(lambda: len(self.mails) >= count, timeout=seconds)
        assert came, f"{len(self.mails)} mails of {count} came in {seconds} s"
        return self.mails

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.recipient == address]

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
