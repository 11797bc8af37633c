"""Django's SMTP backend, which also knows whether a message's body had begun to leave."""

import smtplib
import socket
from email.utils import parseaddr
from functools import cache, partial
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from worker.mails import METADATA, return_path

GO_AHEAD = 354  # the answer to DATA: what follows is the message (RFC 5321 section 4.3.2)
TAKEN = 250


class Connection(smtplib.SMTP):
    body_is_out = False  # and no answer to it has come

    def __init__(self, *args: Any, backend: "EmailBackend", **more: Any) -> None:
        self._backend = backend
        super().__init__(*args, **more)

    def getreply(self) -> tuple[int, bytes]:
        self._backend.waits_at = self.sock
        code, said = super().getreply()
        self.body_is_out = code == GO_AHEAD
        return code, said

    def data(self, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401  as smtplib has it
        """By its first digit alone (RFC 5321 section 4.2.1); smtplib knows one good answer.

        Raises SMTPServerDisconnected for one that is neither yes nor no: it may have the mail.
        """
        code, said = super().data(msg)
        if code // 100 == TAKEN // 100:
            return TAKEN, said
        if code // 100 in {4, 5}:
            return code, said
        self.close()
        self.body_is_out = True
        raise smtplib.SMTPServerDisconnected(f"The answer to the mail was no answer: {code}")


class EncryptedConnection(Connection, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    waits_at: socket.socket | None = None  # for an answer, the greeting included

    @property
    def connection_class(self) -> Any:  # noqa: ANN401  Django has a class, and calls it
        return partial(EncryptedConnection if self.use_ssl else Connection, backend=self)

    @property
    def body_is_out(self) -> bool:
        return getattr(self.connection, "body_is_out", False)

    def _send(self, email_message: EmailMessage) -> bool:
        connection: Any = self.connection
        message: Any = email_message.message()  # Django's own kinds, which write any line end
        wire = message.as_bytes(linesep="\r\n")
        number = getattr(email_message, "metadata", {}).get(METADATA, "")
        sender, options = return_path(number), []
        if sender:
            connection.ehlo_or_helo_if_needed()  # else it does not know yet what the server can
            if connection.has_extn("dsn"):  # RFC 3461: a report names it, and is small
                options = [f"ENVID={number}", "RET=HDRS"]
        sender = sender or _bare(email_message.from_email)
        connection.sendmail(sender, email_message.recipients(), wire, options)
        return True


@cache
def _bare(sender: str) -> str:
    """The address alone. Senders are few, and reading one takes long."""
    return parseaddr(sender)[1]
