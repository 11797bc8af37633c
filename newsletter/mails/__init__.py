"""The mails that answer what somebody did: short, in their language, with no words of theirs."""

from newsletter.mails.writing import write

__all__ = ["write"]
