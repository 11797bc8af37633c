"""The database's clock, in SQL: leases must hold between machines whose own clocks differ."""

from django.db import connection

# SQLite's has milliseconds. Rounded up, a row made within the same one is not in the future.
_SQLITE = "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW'{}) || '999'"


def now() -> str:
    """The moment of the statement."""
    return _SQLITE.format("") if connection.vendor == "sqlite" else "STATEMENT_TIMESTAMP()"


def later(seconds: int) -> str:
    """So many seconds after the moment of the statement."""
    if connection.vendor == "sqlite":
        return _SQLITE.format(f", '+{seconds:d} seconds'")
    return f"STATEMENT_TIMESTAMP() + INTERVAL '{seconds:d} seconds'"
