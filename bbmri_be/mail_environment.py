"""Readers of the environment variables that name a mail server and a mailbox."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from bbmri_be.environment import BASE_DIR, env, or_else

SMTP = "smtp://host:port (smtp+tls:// or smtp+ssl:// to encrypt)"
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
IMAP = "imap+ssl://user:password@host:993/INBOX (imap+tls:// for STARTTLS)"
IMAP_PORTS = {"imap": 143, "imap+tls": 143, "imap+ssl": 993}
LONGEST_VARIED = 64 - 1 - 32  # characters before a delimiter and a delivery's number (RFC 5321)
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@env.parser_for("mail")
@or_else(f"give {SMTP}, console: or file:///folder")
def mail(value: str) -> dict[str, Any]:
    """Django's mail settings from `smtp://host:port`, `console:` or `file:///folder`.

    A folder's path may start at the project's folder.
    """
    parts, backend = urlsplit(value), "django.core.mail.backends.{}.EmailBackend"
    if value.rstrip("/") == "console:":
        return {"EMAIL_BACKEND": backend.format("console")}
    if parts.scheme == "file" and parts.path and not parts.netloc:
        return {
            "EMAIL_BACKEND": backend.format("filebased"),
            "EMAIL_FILE_PATH": str(BASE_DIR / unquote(parts.path)),
        }
    if parts.scheme not in SMTP_PORTS or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError
    return {
        "EMAIL_BACKEND": backend.format("smtp"),
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or SMTP_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }


@env.parser_for("imap")
@or_else(f"give {IMAP}, or leave it out; imap:// only on this machine")
def imap(value: str) -> dict[str, Any]:
    """A mailbox that is read over IMAP; empty for none."""
    if not value:
        return {}
    parts = urlsplit(value)
    default_port = IMAP_PORTS[parts.scheme]
    given = (parts.username or "", parts.password or "", parts.path.strip("/"))
    user, password, folder = map(unquote, given)
    is_private = parts.scheme != "imap" or parts.hostname in THIS_MACHINE
    is_plain = re.fullmatch(r"[\w ./&+,-]*", folder, re.ASCII)  # as modified UTF-7 is
    if not (parts.hostname and user and password and is_private and is_plain):
        raise ValueError
    about = {"host": parts.hostname, "port": parts.port or default_port}
    about |= {"encryption": parts.scheme.removeprefix("imap").lstrip("+")}
    return about | {"user": user, "password": password, "folder": folder or "INBOX"}


@env.parser_for("delimiter")
@or_else("give the sign before a sub-address, like +, or leave it out")
def delimiter(value: str) -> str:
    """What Postfix calls recipient_delimiter; empty where the server knows none."""
    if value not in {"", "+", "-", "=", "."}:
        raise ValueError
    return value
