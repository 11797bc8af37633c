"""An IMAP server for tests: pymap, a process of its own with one mailbox in its memory."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.parts import free_port

USER, PASSWORD = "bounces@bbmri.example", "two words and %, é"


class ImapServer:
    """A running server, seen from the test."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def setting(self) -> dict[str, Any]:
        """For BOUNCE_MAILBOX."""
        about = {"host": "127.0.0.1", "port": self.port, "encryption": "", "folder": "INBOX"}
        return about | {"user": USER, "password": PASSWORD}

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.authenticate("PLAIN", lambda _asked: f"\0{USER}\0{PASSWORD}".encode())
            client.select()
            yield client

    def put(self, *mails: bytes, flags: str = "", at: str = "") -> None:
        """`at`: when they came, as IMAP writes it."""
        with self._opened() as client:
            for mail in mails:
                client.append("INBOX", flags, at, mail)

    def count(self, criterion: str = "ALL") -> int:
        with self._opened() as client:
            return len((client.search(None, criterion)[1][0] or b"").split())


@contextmanager
def imap_server(*encrypted: str | Path) -> Iterator[ImapServer]:
    """`encrypted`: its options that name a certificate and a key."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1"]
    command += ["--port", str(port), *map(str, encrypted or ["--no-tls"])]
    command += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_up(port, server)
            yield ImapServer(port)
        finally:
            server.kill()


def _wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=20).logout()
        except OSError:
            assert server.poll() is None, "pymap ended"
            assert time.monotonic() < until, "pymap is not up after a minute"
            time.sleep(0.05)
        else:
            return
