"""What a worker sends when it comes round until nothing is due."""

from newsletter.sending.sender import Sender


def send_all(sender: Sender | None = None) -> None:
    sender = sender or Sender()
    while sender.send_due():
        pass
