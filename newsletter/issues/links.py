"""Links as a mail has them: full addresses, of signs that every program takes for part of one."""

import re
from html import escape, unescape
from urllib.parse import SplitResult, quote, urlsplit

import idna
from django.conf import settings

HREF = re.compile(r'(\shref=")([^"]*)"')
# Of an address's own signs (RFC 3986 section 2.2), less those that programs take for its end.
OWN_SIGNS = "/:@!$&*+,;=?%~"


def absolute_links(html: str) -> str:
    return HREF.sub(_absolute, html)


def _absolute(found: re.Match[str]) -> str:
    address = unescape(found[2])
    is_ours = address.startswith("/") and not address.startswith("//")
    whole = settings.SITE_URL + address if is_ours else address
    return f'{found[1]}{escape(as_uri(whole))}"'


def as_uri(address: str) -> str:
    """In ASCII (RFC 3987 section 3.1, RFC 5891). What is no address stays as it is, to be seen."""
    if not address.isprintable() or " " in address:
        return address
    try:
        parts = urlsplit(address)
        if parts.scheme == "mailto" and not address.isascii():
            return _of_mailbox(parts).geturl()
        return _of_web(parts).geturl() if parts.netloc else address
    except ValueError:  # of which idna's error is one
        return address


def _of_mailbox(parts: SplitResult) -> SplitResult:
    local, at, domain = parts.path.rpartition("@")
    path = f"{quote(local, '+')}{at}{_ascii(domain)}"
    return parts._replace(path=path, query=quote(parts.query, OWN_SIGNS))


def _of_web(parts: SplitResult) -> SplitResult:
    host, colon, port = parts.netloc.partition(":")
    return parts._replace(
        netloc=f"{_ascii(host)}{colon}{port}",
        path=quote(parts.path, OWN_SIGNS),
        query=quote(parts.query, OWN_SIGNS),
        fragment=quote(parts.fragment, f"{OWN_SIGNS}'()"),
    )


def _ascii(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode()
