"""The ledger refuses to be changed, whoever asks and in whatever way."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, models, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone
from pytest_django.fixtures import Settings

from bbmri_be.environment import BASE_DIR
from newsletter.ledger import triggers
from newsletter.models import ConsentEvent, ConsentText, LedgerPurge
from tests import builders

ON_SQLITE = connection.vendor == "sqlite"


@pytest.fixture
def event(db: None) -> ConsentEvent:
    """The first event of a subscriber."""
    first = ConsentEvent.objects.of(builders.subscriber().subject).get()
    connection.check_constraints()  # those that PostgreSQL puts off forbid to truncate anyway
    return first


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert triggers.REFUSAL in str(error)  # noqa: PT017  other refusals are not ours
        return True
    return False


CHANGES = [
    "UPDATE newsletter_consentevent SET kind = 'left'",
    "UPDATE newsletter_consentevent SET id = id",
    "DELETE FROM newsletter_consentevent",
    "UPDATE newsletter_consenttext SET text = 'I agree to everything.'",
    "DELETE FROM newsletter_consenttext",
]
OF_POSTGRESQL = ["TRUNCATE newsletter_consentevent", "TRUNCATE newsletter_consenttext CASCADE"]
OF_SQLITE = [
    "INSERT OR REPLACE INTO newsletter_consentevent SELECT * FROM newsletter_consentevent",
    "UPDATE OR REPLACE newsletter_consentevent SET seq = 1",
    "INSERT OR REPLACE INTO newsletter_consenttext SELECT * FROM newsletter_consenttext",
]


@pytest.mark.parametrize("statement", CHANGES + (OF_SQLITE if ON_SQLITE else OF_POSTGRESQL))
def test_what_was_agreed_to_is_not_changed(event: ConsentEvent, statement: str) -> None:
    assert refused(statement)
    assert ConsentEvent.objects.get().kind == ConsentEvent.Kind.CONFIRMED
    assert ConsentText.objects.get().text == builders.CONSENT


def test_models_bypassed_are_refused_by_the_database(event: ConsentEvent) -> None:
    plain: models.QuerySet[ConsentEvent] = models.QuerySet(ConsentEvent)
    for change in (plain.delete, lambda: plain.update(kind="left")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_open_purge_lets_delete_through_and_nothing_else(event: ConsentEvent) -> None:
    purge = LedgerPurge.objects.create(older_than=timezone.now())
    connection.check_constraints()
    assert refused("UPDATE newsletter_consentevent SET kind = 'left'")
    assert refused("DELETE FROM newsletter_consenttext")
    if not ON_SQLITE:
        assert refused("TRUNCATE newsletter_consentevent")
    assert not refused("DELETE FROM newsletter_consentevent")
    LedgerPurge.objects.filter(pk=purge.pk).update(finished_at=timezone.now())


def test_an_open_purge_lets_go_of_nothing_younger_than_it_says(event: ConsentEvent) -> None:
    purge = LedgerPurge.objects.create(older_than=event.at)
    assert refused("DELETE FROM newsletter_consentevent")
    LedgerPurge.objects.filter(pk=purge.pk).update(finished_at=timezone.now())


@pytest.fixture
def finished(event: ConsentEvent) -> LedgerPurge:
    """A purge that is over."""
    now = timezone.now()
    return LedgerPurge.objects.create(older_than=now, finished_at=now)


def test_a_purge_that_is_done_lets_nothing_through(finished: LedgerPurge) -> None:
    assert refused("DELETE FROM newsletter_consentevent")


REWRITING = [
    "UPDATE newsletter_ledgerpurge SET finished_at = NULL",
    "UPDATE newsletter_ledgerpurge SET events = 0",
    "DELETE FROM newsletter_ledgerpurge",
    "INSERT OR REPLACE INTO newsletter_ledgerpurge SELECT * FROM newsletter_ledgerpurge"
    if ON_SQLITE
    else "TRUNCATE newsletter_ledgerpurge",
]


@pytest.mark.parametrize("statement", REWRITING)
def test_the_log_of_a_purge_stays_as_it_is(finished: LedgerPurge, statement: str) -> None:
    assert refused(statement)
    assert LedgerPurge.objects.get() == finished


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has no such way round")
def test_a_temporary_table_does_not_pass_for_the_log_of_purges(event: ConsentEvent) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE newsletter_ledgerpurge ON COMMIT DROP AS"
            " SELECT NULL::timestamptz AS finished_at, 'infinity'::timestamptz AS older_than"
        )
    assert refused("DELETE FROM newsletter_consentevent")


LATER = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("newsletter", "{last}")]
    operations = [
        migrations.AlterField("consentevent", "language", models.CharField(max_length=30)),
        migrations.AlterField("consenttext", "language", models.CharField(max_length=30)),
        migrations.AlterField("ledgerpurge", "events", models.BigIntegerField(default=1)),
    ]
"""


@pytest.fixture
def later(
    django_db_serialized_rollback: None,
    transactional_db: None,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The name of a migration that builds the tables anew; it is undone at the end."""
    package = tmp_path / "later_migrations"
    shutil.copytree(BASE_DIR / "newsletter" / "migrations", package)
    last = max(path.stem for path in package.glob("0*.py"))
    (package / "9999_later.py").write_text(LATER.format(last=last))
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"newsletter": package.name}
    yield "9999_later"
    call_command("migrate", "newsletter", last, verbosity=0)


def test_the_guard_stands_after_a_later_migration(later: str) -> None:
    builders.subscriber()
    call_command("migrate", "newsletter", later, verbosity=0)
    assert triggers.missing(connection) == set()
    assert all(refused(change) for change in CHANGES)
    assert ConsentEvent.objects.count() == 1


def test_a_missing_trigger_is_an_error_that_says_the_mend(db: None) -> None:
    call_command("check", databases=["default"])
    triggers.drop(connection)
    with pytest.raises(SystemCheckError, match=r"newsletter\.E001") as raised:
        call_command("check", databases=["default"])
    assert "migrate" in str(raised.value)
    triggers.make(connection)
    call_command("check", databases=["default"])


def test_a_trigger_that_lets_all_through_counts_as_missing(db: None) -> None:
    name = "newsletter_consentevent_changed" if ON_SQLITE else "newsletter_consentevent_kept"
    hollow = (
        f"DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE UPDATE ON newsletter_consentevent"
        " BEGIN SELECT 1; END;"
        if ON_SQLITE
        else triggers.FUNCTION.replace(triggers.BODY, " BEGIN RETURN NULL; END ")
    )
    with connection.cursor() as cursor:
        for statement in hollow.split("; ", 1) if ON_SQLITE else [hollow]:
            cursor.execute(statement)
    assert name in triggers.missing(connection)
    triggers.make(connection)
    assert triggers.missing(connection) == set()


def test_the_mend_is_not_refused_for_what_it_mends(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    triggers.drop(connection)
    monkeypatch.setattr("sys.argv", ["manage.py", "migrate"])
    call_command("migrate", verbosity=0, skip_checks=False)
    assert triggers.missing(connection) == set()


def test_other_apps_may_be_migrated_first(db: None) -> None:
    empty = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": {}})
    triggers.make(empty)
    assert triggers.missing(empty) == set(), "there is nothing to guard yet"
    triggers.drop(empty)


def test_a_worker_does_not_start_without_the_guard(db: None) -> None:
    triggers.drop(connection)
    with pytest.raises(SystemCheckError, match=r"newsletter\.E001"):
        call_command("run_worker", "--once")
