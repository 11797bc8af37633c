"""Readers of environment variables. Each refuses nonsense and says the mend."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import django_cache_url
from environs import Env, EnvError, ValidationError

BASE_DIR = Path(__file__).resolve().parent.parent
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds to wait for another writer
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}
SHORTEST_SECRET = 50  # characters: what Django's own generator makes, and its check asks for
CONNECT_SECONDS = 5  # a database that does not answer must not hold a worker until it is killed
CACHE_SECONDS = 0.25  # a page is made in less than a cache that hangs would be waited for
MOST_KEPT_PAGES = 3000  # a process; three to a page, plain and compressed, some 30 kB together

# Those of Anymail that can do all that an issue needs: a check tries the one in use at the start
# (newsletter/sending/checks.py), and a test tries them all.
AMAZON, ITS_LIBRARY = "amazon_ses", "boto3"  # which the locked requirements leave out
PROVIDERS = {
    *("brevo", "mailgun", "mailjet", "mailtrap", "mandrill", "postmark", "resend", "sparkpost"),
    *("unisender_go", *([AMAZON] if find_spec(ITS_LIBRARY) else [])),
}

env = Env()


def env_with_prefix(prefix: str) -> dict[str, str]:
    """The variables whose names begin so, without that beginning."""
    named = {name: value for name, value in os.environ.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): value for name, value in named.items() if value}


def load_settings() -> None:
    """Read the settings, or end the program with one sentence: the variable and the mend."""
    name = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbmri_be.settings")
    try:
        import_module(name)
    except EnvError as error:
        raise SystemExit(f"{error}.") from None


@contextmanager
def or_else(mend: str) -> Iterator[None]:
    """Around a reader: what it can't read is refused, and the mend said."""
    try:
        yield
    except (KeyError, ValueError) as error:
        raise ValidationError(mend) from error


@env.parser_for("whole")
def whole(value: str | int, lowest: int, highest: int) -> int:
    """A whole number within bounds."""
    with or_else(f"give a whole number from {lowest} to {highest}"):
        number = int(value)
        if not lowest <= number <= highest:
            raise ValueError
    return number


@env.parser_for("choice")
@or_else("give true or false")
def choice(value: str | bool) -> bool:
    """Yes or no."""
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    return answers[str(value).lower()]


@env.parser_for("secret")
def secret(value: str) -> str:
    """A key that nobody guesses. Its value is never repeated in a message."""
    if len(value) < SHORTEST_SECRET:
        raise ValidationError(
            f"give at least {SHORTEST_SECRET} random characters (make run makes its own key)"
        )
    return value


@env.parser_for("secrets")
def secrets(value: str) -> list[str]:
    """Keys of before, separated by commas: what they signed still opens."""
    return [secret(key.strip()) for key in value.split(",") if key.strip()]


@env.parser_for("folder")
def folder(value: str | Path) -> Path:
    """A folder's full path."""
    if not Path(value).is_absolute():
        raise ValidationError("give a folder's full path, like /srv/bbmri/media")
    return Path(value)


@env.parser_for("hosts")
def hosts(value: str) -> list[str]:
    """Host names separated by commas, no patterns: a forged host ends up in mails and caches."""
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    if not all(re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", name) for name in names):
        raise ValidationError("give host names separated by commas, like bbmri.be,www.bbmri.be")
    return names


@env.parser_for("path_name")
def path_name(value: str) -> str:
    """One step of an address."""
    if not re.fullmatch(r"[a-z0-9-]+", value):
        raise ValidationError("give small letters, digits and hyphens, like admin")
    return value


@env.parser_for("address")
@or_else("give an IP address of this machine, like 127.0.0.1")
def address(value: str) -> str:
    """The IP address to listen on, as it stands before a port: IPv6 in brackets."""
    number = ip_address(value.strip("[]"))
    return f"[{number}]" if number.version == 6 else str(number)  # noqa: PLR2004  IPv6


@env.parser_for("mailbox")
def mailbox(value: str) -> str:
    """The sender of a mail: an address, or a name and an address."""
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", parseaddr(value)[1]) or not value.isprintable():
        raise ValidationError("give an address, like BBMRI.be <noreply@bbmri.be>")
    return value


@env.parser_for("plain_mailbox")
def plain_mailbox(value: str) -> str:
    """A bare address; empty for none."""
    if value and not re.fullmatch(r"[\w.+-]+@[\w.-]+", value, re.ASCII):
        raise ValidationError("give a bare address, like leave@bbmri.be")
    return value


@env.parser_for("provider")
def provider(value: str) -> str:
    """A mail provider's name, as Anymail writes it; empty for none."""
    if value == AMAZON and value not in PROVIDERS:
        raise ValidationError(
            f"install {ITS_LIBRARY}, which {AMAZON} needs: see docs/operations.md"
        )
    if value and value not in PROVIDERS:
        raise ValidationError(f"give one of {', '.join(sorted(PROVIDERS))}, or leave it out")
    return value


ORIGIN = r"(?i:https?)://[^\s/?#@]+"  # nothing secret before the host


def _on_the_web(value: str, shape: str) -> str:
    """An http or https address of a shape, and with a host. Raises ValueError for any other."""
    parts = urlsplit(value)
    if not (re.fullmatch(shape, value) and parts.hostname and parts.port != 0):
        raise ValueError
    return value


@env.parser_for("origin")
@or_else("give an address with nothing after the host, like https://www.bbmri.be")
def origin(value: str) -> str:
    """An http or https origin: scheme, host and perhaps port, nothing after."""
    return _on_the_web(value.rstrip("/"), ORIGIN)


@env.parser_for("folder_address")
@or_else("give an address, like https://statistics.example.org/matomo/")
def folder_address(value: str) -> str:
    """The address of a folder on the web, given a slash at its end; empty for none."""
    shape = r"(?i:https?)://[A-Za-z0-9.:/\[\]_~-]+"
    return f"{_on_the_web(value, shape).rstrip('/')}/" if value else ""


@env.parser_for("page_address")
@or_else("give an address, like https://directory.example.org/ERIC/graphql")
def page_address(value: str) -> str:
    """The address of one page of the web, without secrets in it; empty for none."""
    return _on_the_web(value, rf"(?=[!-~]+\Z){ORIGIN}(?:[/?#].*)?") if value else ""


@env.parser_for("database")
@or_else("give sqlite:////path/to/file or postgres://user:password@host:5432/name")
def database(value: str, statement_timeout: int) -> dict[str, Any]:
    """Django's description of a database; an SQLite path may start at the project's folder.

    `statement_timeout`: seconds, 0 for none, PostgreSQL only.
    """
    scheme = value.split(":", 1)[0]
    config: dict[str, Any] = dict(dj_database_url.parse(value))
    if scheme not in {"sqlite", "postgres", "postgresql"} or config["NAME"] in {"", ":memory:"}:
        raise ValueError
    config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    options = config.setdefault("OPTIONS", {})
    if scheme == "sqlite":
        config["NAME"] = str(BASE_DIR / config["NAME"])
        options |= SQLITE_OPTIONS
        return config
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    if statement_timeout:
        options["options"] = f"-c statement_timeout={statement_timeout * 1000}"
    return config


@env.parser_for("cache")
def cache(value: str) -> dict[str, Any]:
    """Django's description of a cache: this process's memory, or Redis shared by all."""
    if value.split(":", 1)[0] not in {"locmem", "redis", "rediss"}:
        raise ValidationError("give redis://host:6379/0 or leave it out")
    config: dict[str, Any] = dict(django_cache_url.parse(value))
    if value.startswith("locmem"):
        return config | {"OPTIONS": {"MAX_ENTRIES": MOST_KEPT_PAGES}}
    waits = dict.fromkeys(("socket_connect_timeout", "socket_timeout"), CACHE_SECONDS)
    options = config.get("OPTIONS", {}) | waits
    return config | {"BACKEND": "visitors.cache.shared_cache.SharedCache", "OPTIONS": options}
