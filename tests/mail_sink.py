"""`python -m tests.mail_sink PORT FILE`: an SMTP server that takes everything, and quickly.

It is a process of its own, so that it outlives a worker and takes no time from one. FILE gets a
line for each mail, its Message-ID and recipient, before the mail is answered.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.parts import PROJECT, free_port

END_OF_MAIL, END_OF_LINE = b"\r\n.\r\n", b"\r\n"
MESSAGE_ID = re.compile(rb"^message-id: *(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """A running server, seen from the test."""

    def __init__(self, port: int, file: Path) -> None:
        self.url = f"smtp://127.0.0.1:{port}"  # for EMAIL_URL
        self.port, self._file = port, file
        self._read = self._counted = 0

    @property
    def count(self) -> int:
        """Mails taken in so far."""
        with self._file.open("rb") as lines:
            lines.seek(self._read)
            new = lines.read()
        self._read += len(new)
        self._counted += new.count(b"\n")
        return self._counted

    def wait_for(self, count: int, seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while self.count < count:
            assert time.monotonic() < until, f"{self.count} mails of {count} came in {seconds} s"
            time.sleep(0.002)

    def mails(self) -> list[tuple[str, str]]:
        """Message-ID and recipient of each, in order."""
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return [(line.split()[0], line.split()[1]) for line in lines]


@contextmanager
def mail_sink(folder: Path) -> Iterator[Sink]:
    port, file = free_port(), folder / "mails.txt"
    file.touch()
    command = [sys.executable, "-m", "tests.mail_sink", str(port), str(file)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == b"up\n"
            yield Sink(port, file)
        finally:
            server.kill()


# The process


class Conversation(asyncio.Protocol):
    """With one client. What it understands is what smtplib says."""

    def __init__(self, book: IO[bytes]) -> None:
        self.book = book
        self.heard, self.in_mail, self.recipient = b"", False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while (end := END_OF_MAIL if self.in_mail else END_OF_LINE) in self.heard:
            said, _end, self.heard = self.heard.partition(end)
            self.transport.write(self._take_mail(said) if self.in_mail else self._obey(said))

    def _take_mail(self, mail: bytes) -> bytes:
        found = MESSAGE_ID.search(mail)
        self.book.write(b"%s %s\n" % (found[1] if found else b"-", self.recipient))
        self.in_mail = False
        return b"250 taken\r\n"

    def _obey(self, line: bytes) -> bytes:
        command = line[:4].upper()
        if command == b"EHLO":
            return b"250-sink\r\n250 8BITMIME\r\n"
        if command == b"RCPT":
            self.recipient = line.partition(b"<")[2].partition(b">")[0]
        elif command == b"DATA":
            self.in_mail = True
            return b"354 go on\r\n"
        elif command == b"QUIT":
            self.transport.close()
        return b"250 as you say\r\n"


async def serve(port: int, file: Path) -> None:
    with file.open("ab", buffering=0) as book:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Conversation(book), "127.0.0.1", port)
        sys.stdout.write("up\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
