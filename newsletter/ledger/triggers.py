# ruff: noqa: S608  SQL is made of names written here, of nobody's input
"""The database itself keeps the ledger append-only: nothing agreed to is changed or deleted.

Triggers refuse whoever comes past the models. An open purge lets go of events from before its
time; once finished, its own row stays as it is. Triggers go when SQLite rebuilds a table, so they
are made anew after every migration, and `newsletter.ledger.checks` looks whether they are there.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

EVENTS, TEXTS, PURGES = (
    "newsletter_consentevent",
    "newsletter_consenttext",
    "newsletter_ledgerpurge",
)
PURGING = f"SELECT 1 FROM {PURGES} WHERE finished_at IS NULL AND OLD.at < older_than"
SQLITE = {
    # Rows put in place of others are deleted without a word: SQLite asks no trigger of DELETE.
    f"{EVENTS}_replaced": f"BEFORE INSERT ON {EVENTS} WHEN EXISTS (SELECT 1 FROM {EVENTS} WHERE"
    " id = NEW.id OR (subject = NEW.subject AND seq = NEW.seq))",
    f"{EVENTS}_changed": f"BEFORE UPDATE ON {EVENTS}",
    f"{EVENTS}_deleted": f"BEFORE DELETE ON {EVENTS} WHEN NOT EXISTS ({PURGING})",
    f"{TEXTS}_replaced": f"BEFORE INSERT ON {TEXTS} WHEN EXISTS (SELECT 1 FROM {TEXTS} WHERE"
    " id = NEW.id OR (language = NEW.language AND version = NEW.version))",
    f"{TEXTS}_changed": f"BEFORE UPDATE ON {TEXTS}",
    f"{TEXTS}_deleted": f"BEFORE DELETE ON {TEXTS}",
    f"{PURGES}_replaced": f"BEFORE INSERT ON {PURGES} WHEN EXISTS (SELECT 1 FROM {PURGES} WHERE"
    " id = NEW.id)",
    f"{PURGES}_changed": f"BEFORE UPDATE ON {PURGES} WHEN OLD.finished_at IS NOT NULL OR"
    " NEW.id <> OLD.id",
    f"{PURGES}_deleted": f"BEFORE DELETE ON {PURGES}",
}

REFUSAL = "The ledger takes new rows: it changes none and gives none back."
POSTGRESQL = {
    f"{EVENTS}_kept": f"BEFORE UPDATE OR TRUNCATE ON {EVENTS}",
    f"{EVENTS}_deleted": f"BEFORE DELETE ON {EVENTS} FOR EACH ROW",
    f"{TEXTS}_kept": f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {TEXTS}",
    f"{PURGES}_kept": f"BEFORE DELETE OR TRUNCATE ON {PURGES}",
    f"{PURGES}_changed": f"BEFORE UPDATE ON {PURGES} FOR EACH ROW"
    " WHEN (OLD.finished_at IS NOT NULL)",
}
# The schema is named, so that no temporary table can pass for the log of purges.
BODY = f"""
DECLARE purging boolean;
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = '{EVENTS}' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.{PURGES}'
                       ' WHERE finished_at IS NULL AND $1 < older_than)', TG_TABLE_SCHEMA)
            INTO purging USING OLD.at;
        IF purging THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END """
FUNCTION = (
    f"CREATE OR REPLACE FUNCTION newsletter_keep() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$"
)


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of those that should be there and are not."""
    tables = set(connection.introspection.table_names())
    return {name for name, table in _wanted(connection) if table in tables} - _present(connection)


def _wanted(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Names, each with its table."""
    for name in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
        yield name, name.rpartition("_")[0]


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    """Those that do what we wrote: one of the same name that lets all through is none."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name for name, sql in cursor.fetchall() if sql in _making(connection)}
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid AND p.prosrc = %s"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgrelid::regclass::oid IN"
            " (SELECT oid FROM pg_class WHERE pg_table_is_visible(oid))",
            [BODY],
        )
        return {name for (name,) in cursor.fetchall()}


def make(connection: BaseDatabaseWrapper) -> None:
    """Make them anew, where there are tables to guard."""
    if not {EVENTS, TEXTS, PURGES} <= set(connection.introspection.table_names()):
        return
    with transaction.atomic(using=connection.alias):
        _execute(connection, [*_dropping(connection), *_making(connection)])


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the guard away: before SQLite rebuilds a table, or a test empties the database."""
    if {EVENTS, TEXTS} <= set(connection.introspection.table_names()):
        _execute(connection, _dropping(connection))


def _execute(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _dropping(connection: BaseDatabaseWrapper) -> list[str]:
    of_a_table = connection.vendor == "postgresql"
    return [
        f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if of_a_table else "")
        for name, table in _wanted(connection)
    ]


def _making(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "sqlite":
        act = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return [f"CREATE TRIGGER {name} {when} {act}" for name, when in SQLITE.items()]
    act = "EXECUTE FUNCTION newsletter_keep()"
    return [FUNCTION, *(f"CREATE TRIGGER {name} {when} {act}" for name, when in POSTGRESQL.items())]


def make_after_migrating(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_about: Any) -> None:
    make(connections[using])


def drop_before_rebuilding(
    sender: AppConfig,
    plan: Iterable[tuple[Migration, bool]] = (),
    using: str = DEFAULT_DB_ALIAS,
    **_about: Any,
) -> None:
    """SQLite renames no table while a trigger speaks of one that is just being rebuilt."""
    connection = connections[using]
    ours = any(migration.app_label == "newsletter" for migration, _backwards in plan)
    if ours and connection.vendor == "sqlite":
        drop(connection)
