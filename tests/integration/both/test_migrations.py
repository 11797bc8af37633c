"""The schema is what the models say, and no migration destroys without saying why it may."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[3]
OURS = {"pages", "members", "newsletter", "visitors", "worker"}
DESTRUCTIVE = (
    operations.DeleteModel,
    operations.RemoveField,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_migration_that_destroys_says_why_it_is_safe() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in loader.disk_migrations.items():
        if app in OURS and any(isinstance(step, DESTRUCTIVE) for step in migration.operations):
            assert "Safe because" in (ROOT / app / "migrations" / f"{name}.py").read_text(), (
                f"{app} {name}"
            )
