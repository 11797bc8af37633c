"""A wrong or missing setting stops the start with one sentence: the variable and the mend."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from environs import EnvError

from bbmri_be import settings
from bbmri_be.environment import BASE_DIR, env

SETTINGS = str(Path(settings.__file__))
READ = re.compile(r"""env\.\w+\(\s*['"]([A-Z_]+)""")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DEBUG", "maybe", "give true or false"),
        ("SECRET_KEY", "", "at least 50 random characters"),
        ("SECRET_KEY", "short", "at least 50 random characters"),
        ("BIND", "everywhere", "an IP address of this machine"),
        ("WEB_WORKERS", "0", "a whole number from 1 to 64"),
        ("WEB_THREADS", "many", "a whole number from 1 to 64"),
        ("PORT", "abc", "a whole number from 1 to 65535"),
        ("PORT", "", "a whole number from 1 to 65535"),
        ("PORT", "65536", "a whole number from 1 to 65535"),
        ("SITE_URL", "", "like https://www.bbmri.be"),
        ("SITE_URL", "www.bbmri.be", "like https://www.bbmri.be"),
        ("SITE_URL", "ftp://www.bbmri.be", "like https://www.bbmri.be"),
        ("SITE_URL", "https://www.bbmri.be/en/", "like https://www.bbmri.be"),
        ("SITE_URL", "https://me:secret@www.bbmri.be", "like https://www.bbmri.be"),
        ("SITE_URL", "http://[", "like https://www.bbmri.be"),
        ("TRUSTED_PROXY_HOPS", "-1", "a whole number from 0 to 10"),
        ("ALLOWED_HOSTS", "*", "host names separated by commas"),
        ("ALLOWED_HOSTS", "https://bbmri.be", "host names separated by commas"),
        ("ADMIN_PATH", "/desk/", "small letters, digits and hyphens"),
        ("DATABASE_URL", "", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "mysql://user@host/name", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "postgres://host", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "postgres://host:port/name", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "sqlite://:memory:", "sqlite:////path/to/file"),
        ("STATEMENT_TIMEOUT", "3s", "a whole number from 0 to 3600"),
        ("CACHE_URL", "memcached://127.0.0.1", "redis://host:6379/0"),
        ("MEDIA_ROOT", "media", "a folder's full path"),
        ("STATIC_ROOT", "", "a folder's full path"),
        ("EMAIL_URL", "gopher://mail.example.org", "smtp://host:port"),
        ("EMAIL_URL", "smtp://mail.example.org:99999", "smtp://host:port"),
        ("EMAIL_URL", "", "smtp://host:port"),
        ("EMAIL_TIMEOUT", "0", "a whole number from 1 to 600"),
        ("MAIL_FROM", "BBMRI.be", "an address, like"),
        ("BOUNCE_MAILBOX", "imap.example.org", "imap+ssl://user:password@host:993/INBOX"),
        ("BOUNCE_MAILBOX", "pop3://a:b@host:995", "imap+ssl://user:password@host:993/INBOX"),
        ("BOUNCE_MAILBOX", "imap+ssl://a@host", "imap+ssl://user:password@host:993/INBOX"),
        ("BOUNCE_MAILBOX", "imap+ssl://a:b@host/x%0d%0a", "user:password@host:993/INBOX"),
        ("BOUNCE_MAILBOX", "imap+ssl://a:b@host:99999", "user:password@host:993/INBOX"),
        ("BOUNCE_MAILBOX", "imap://a:b@mail.example.org", "imap:// only on this machine"),
        ("BOUNCE_ADDRESS", "bounces", "a bare address"),
        ("BOUNCE_DELIMITER", "++", "the sign before a sub-address"),
    ],
)
def test_nonsense_is_refused_by_name_and_with_a_mend(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvError, match=f'"{name}" invalid: .*{re.escape(mend)}'):
        runpy.run_path(SETTINGS)


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "EMAIL_URL", "CACHE_URL", "SECRET_KEY", "BOUNCE_MAILBOX"]
)
def test_a_refusal_repeats_no_password(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "gopher://me:hunter2@host")
    with pytest.raises(EnvError) as refusal:
        runpy.run_path(SETTINGS)
    assert "hunter2" not in str(refusal.value)


def settings_with(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, object]:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(SETTINGS)


def test_the_public_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL")
    assert settings_with(monkeypatch, PORT="8123")["SITE_URL"] == "http://127.0.0.1:8123"


def test_a_mailbox_of_bounces_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOUNCE_ADDRESS")
    url = "imap+ssl://bounces%40bbmri.be:a%2fb@mail.example.org/Bounces/In"
    read = settings_with(monkeypatch, BOUNCE_MAILBOX=url, BOUNCE_DELIMITER="+")
    assert read["BOUNCE_ADDRESS"] == "bounces@bbmri.be"
    mailbox = {"host": "mail.example.org", "port": 993, "encryption": "ssl"}
    mailbox |= {"user": "bounces@bbmri.be", "password": "a/b", "folder": "Bounces/In"}
    assert read["BOUNCE_MAILBOX"] == mailbox
    with pytest.raises(EnvError, match="BOUNCE_ADDRESS: give the address"):
        settings_with(monkeypatch, BOUNCE_MAILBOX="imap://bounces:secret@localhost")
    with pytest.raises(EnvError, match="BOUNCE_DELIMITER: it needs a BOUNCE_ADDRESS"):
        settings_with(monkeypatch, BOUNCE_ADDRESS=f"{'b' * 32}@bbmri.be")


def test_an_https_address_makes_cookies_redirect_and_hsts_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = settings_with(monkeypatch, SITE_URL="https://www.bbmri.be")
    assert read["ALLOWED_HOSTS"] == ["www.bbmri.be"]
    assert read["SESSION_COOKIE_SECURE"]
    assert read["CSRF_COOKIE_SECURE"]
    assert read["SECURE_SSL_REDIRECT"]
    assert read["SECURE_HSTS_SECONDS"] == 63_072_000


def test_forwarded_headers_count_only_behind_a_trusted_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in settings_with(monkeypatch)
    assert "SECURE_PROXY_SSL_HEADER" in settings_with(monkeypatch, TRUSTED_PROXY_HOPS="1")


def test_a_relative_sqlite_file_lies_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_DATABASE", "sqlite:///var/db.sqlite3")
    database = env.database("SITE_DATABASE", statement_timeout=0)
    assert database["NAME"] == str(BASE_DIR / "var" / "db.sqlite3")


def test_a_statement_time_out_reaches_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_DATABASE", "postgres://me@host/name")
    options = env.database("SITE_DATABASE", statement_timeout=3)["OPTIONS"]
    assert options["options"] == "-c statement_timeout=3000"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:1025", {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1025}),
        ("smtp+tls://me:p%40ss@host", {"EMAIL_PORT": 587, "EMAIL_HOST_PASSWORD": "p@ss"}),
        ("smtp+ssl://host", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
        ("file:///srv/mail", {"EMAIL_FILE_PATH": "/srv/mail"}),
        ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ],
)
def test_mail_goes_where_the_address_says(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, object]
) -> None:
    monkeypatch.setenv("SITE_MAIL", url)
    assert expected.items() <= env.mail("SITE_MAIL").items()


@pytest.mark.parametrize("command", [("manage.py", "check"), ("-m", "gunicorn", "bbmri_be.wsgi")])
def test_a_wrong_setting_ends_the_start_with_one_line(command: tuple[str, ...]) -> None:
    finished = subprocess.run(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bbmri_be.settings", "PORT": "abc"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said = 'Environment variable "PORT" invalid: give a whole number from 1 to 65535.\n'
    assert (finished.returncode, finished.stderr) == (1, said)


def test_the_operators_table_names_every_variable_that_is_read() -> None:
    read = set(READ.findall(Path(SETTINGS).read_text()))
    table = (BASE_DIR / "docs" / "operations.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read
