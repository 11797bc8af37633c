"""A filled database of the version before the rooms comes up to date by `migrate` alone.

`before_rooms/` has that site as text, once for each database engine, and `README.md` there says how
it was made. Each row must still be there with its values, under the same table.
"""

import json
import lzma
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import ready_made

DUMPS = Path(__file__).parent / "before_rooms"
TYPES = "django_content_type"
# What `migrate` itself adds to or writes anew, beside the names of the content types.
OTHERWISE = {TYPES, "django_migrations", "sqlite_sequence"}
# A piece equal to its original, typed before there was a tick to say so, is ticked.
TICKED = {"wagtail_localize_stringtranslation": {"tool_name"}}
ADDRESSES = [f"/{language}/" for language in ("en", "nl", "fr", "de")]
ADDRESSES += ["/en/newsletter/", "/en/biobanks/", "/en/search/?q=biobank", "/health/ready"]
SCREENS = ["/admin/", "/admin/newsletter/mailings/", "/admin/newsletter/subscribers/"]
# Asked of the upgraded site, in one process
QUESTIONS = f"""
import io, json
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from pages.models import Shipped
from pages.releases.offers import waiting
visitor, operator = (Client(headers={{"host": "127.0.0.1"}}) for _each in range(2))
operator.force_login(User.objects.get(username="operator"))
answers = {{path: visitor.get(path).status_code for path in {ADDRESSES}}}
answers |= {{path: operator.get(path, follow=True).status_code for path in {SCREENS}}}
lost = [one.natural_key() for one in ContentType.objects.all() if one.model_class() is None]
proof = io.StringIO()
call_command("verify_consent", stdout=proof)
call_command("check", "--database", "default")
call_command("load_initial_content", stdout=io.StringIO())
texts = [(about.title, about.is_whole) for about in waiting(None)]
unknown = Shipped.objects.filter(key=None, name__regex="^(pages|funding|identity)")
print(json.dumps({{"answers": answers, "lost types": lost, "proof": proof.getvalue()}}
    | {{"texts": texts, "unknown": [one.name for one in unknown]}}))
"""
Tables = dict[str, "Table"]


@dataclass
class Table:
    columns: list[str]
    rows: list[tuple[object, ...]]

    def only(self, columns: list[str]) -> Counter[str]:
        """Its rows, each as text, and how often each is there."""
        places = [self.columns.index(name) for name in columns]
        return Counter(repr([row[place] for place in places]) for row in self.rows)


@dataclass
class Upgraded:
    address: str
    before: Tables
    after: Tables = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)

    def manage(self, *words: str) -> str:
        """With the tests' settings, whose static files need no collecting."""
        told = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": self.address}
        return ready_made.manage(told, *words)


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    with ready_made.database(tmp_path_factory.mktemp("upgrade")) as address:
        _load(address)
        site = Upgraded(address, _tables(address))
        site.manage("migrate", "--verbosity=0")
        site.after = _tables(address)
        told = site.manage("shell", "--no-imports", "--command", QUESTIONS)
        site.says = json.loads(told.splitlines()[-1])
        yield site


def test_the_database_was_filled(upgraded: Upgraded) -> None:
    states = upgraded.before["newsletter_delivery"].only(["state"])
    assert len(states) == 8
    for name in ("auth_user", "members_importrun", "newsletter_mailing", "newsletter_sendingmark"):
        assert upgraded.before[name].rows, name


def test_no_table_is_renamed_and_no_column_lost(upgraded: Upgraded) -> None:
    gone = {
        f"{name}.{column}"
        for name, table in upgraded.before.items()
        for column in table.columns
        if name not in upgraded.after or column not in upgraded.after[name].columns
    }
    assert gone == set()


def test_every_row_is_there_with_its_values(upgraded: Upgraded) -> None:
    lost: dict[str, list[str]] = {}
    for name in upgraded.before.keys() - OTHERWISE:
        columns = [one for one in upgraded.before[name].columns if one not in TICKED.get(name, ())]
        missing = upgraded.before[name].only(columns) - upgraded.after[name].only(columns)
        lost |= {name: sorted(missing)[:3]} if missing else {}
    assert lost == {}


def test_a_mail_that_was_refused_is_told_whom_that_speaks_of(upgraded: Upgraded) -> None:
    refused = upgraded.after["newsletter_delivery"].only(["state", "fault", "error_text"])
    assert refused["['rejected', 'reader', 'No such user']"] == 1


def test_no_content_type_is_lost(upgraded: Upgraded) -> None:
    """One whose model moved to another app is renamed and keeps its number, on which rows hang."""
    before, after = (tables[TYPES].only(["id"]) for tables in (upgraded.before, upgraded.after))
    assert before - after == Counter()
    assert upgraded.says["lost types"] == []


def test_the_site_answers(upgraded: Upgraded) -> None:
    assert upgraded.says["answers"] == dict.fromkeys([*ADDRESSES, *SCREENS], HTTPStatus.OK)


def test_the_proof_of_consent_still_fits(upgraded: Upgraded) -> None:
    assert upgraded.says["proof"].startswith("Everything fits")


def test_its_first_content_is_known_as_nobodys_edit(upgraded: Upgraded) -> None:
    """Of what releases changed since, only legal pages are asked about."""
    assert [title for title, is_legal in upgraded.says["texts"] if not is_legal] == []
    assert upgraded.says["unknown"] == []


def _load(address: str) -> None:
    if address.startswith("sqlite:"):
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
            connection.executescript(_dump("sqlite"))
        return
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_dump("postgresql").encode())


def _dump(engine: str) -> str:
    return lzma.decompress((DUMPS / f"{engine}.sql.xz").read_bytes()).decode()


def _tables(address: str) -> Tables:
    """Every table but those that a search index keeps beside it."""
    if address.startswith("sqlite:"):
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as lite:
            names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
            return {name: _table(lite.cursor(), name) for (name,) in lite.execute(names).fetchall()}
    with psycopg.connect(address) as post:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return {name: _table(post.cursor(), name) for (name,) in post.execute(names).fetchall()}


def _table(cursor: sqlite3.Cursor | psycopg.Cursor, name: str) -> Table:
    rows = cursor.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608  the database's own name
    return Table([column[0] for column in cursor.description or ()], rows)
