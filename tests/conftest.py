"""The stage: a site with a home, the cast, and media that goes away."""

import gc
import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby
from math import inf
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from newsletter.admin.permissions import MANAGERS, ensure_group
from newsletter.ledger import triggers
from pages.models import NodePage
from scripts.catalogues import compile_all
from tests import builders, ready_made
from visitors.cache import generation, page_cache

pytest_plugins = "tests.legs"
_flush = BaseDatabaseOperations.execute_sql_flush


def pytest_configure() -> None:
    compile_all()
    BaseDatabaseOperations.execute_sql_flush = _flush_unguarded  # type: ignore[assignment]  # Django calls it by position


def _flush_unguarded(operations: BaseDatabaseOperations, statements: Iterable[str]) -> None:
    """After a test that commits, all is deleted, which the ledger's guard rightly refuses."""
    triggers.drop(operations.connection)
    _flush(operations, statements)
    triggers.make(operations.connection)


def pytest_collection_finish() -> None:
    """What is loaded now stays: the garbage collector need not search it at each round."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each module those come first that do without the rows which its other tests share."""
    modules = groupby(items[:], key=lambda item: item.path)
    items[:] = [item for _path, found in modules for item in sorted(found, key=_shares_rows)]


def _shares_rows(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "module_db" in item.fixturenames


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether the tests' database stays: it begins as a copy of what was migrated before."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        shutil.copy(ready_made.migrated().removeprefix("sqlite:///"), test["NAME"])
    else:
        test["TEMPLATE"] = ready_made.migrated().rpartition("/")[2]
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Most tests begin with a home and an archive: they are made once.

    They belong to what a test that commits leaves behind.
    """
    with django_db_blocker.unblock():
        builders.archive(builders.home())
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()  # type: ignore[attr-defined]  # Django's own name


@pytest.fixture(scope="module")
def module_db(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """For a fixture of a module's scope: what it writes stays for the tests of that module.

    Each of them is rolled back to it. A fixture of a test's own scope hands them a deep copy of
    what was made, as Django's `setUpTestData` does. The folder is the media of that time.
    """
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=folder):
        with pytest.MonkeyPatch.context() as patch:
            _begin_anew(patch)
            yield folder
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A media folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    if "module_db" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("module_db"), settings.MEDIA_ROOT)
    else:
        settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def sending_mark(settings: Settings, tmp_path: Path) -> None:
    """Each test's database is another site's: what one has sent is nothing to the next."""
    settings.SENDING_MARK = tmp_path / "sending.json"


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of an earlier test had the same keys; and a page is made each time it is asked for.

    A test's transaction is never committed: what waits for that happens at once. The clock does
    not make a request ask for the generation, so that queries can be counted.
    """
    monkeypatch.setattr(page_cache, "KEPT_FOR", 0)  # Wagtail's own, of the sites' roots, stays
    _begin_anew(monkeypatch)


def _begin_anew(patch: pytest.MonkeyPatch) -> None:
    cache.clear()
    generation.forget()
    patch.setattr(generation, "CHECK_EVERY", inf)
    patch.setattr(generation.transaction, "on_commit", lambda act, **_how: act())


@pytest.fixture
def keeping(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are kept, as they are in production."""
    monkeypatch.setattr(page_cache, "KEPT_FOR", 300)
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    settings.CACHES = {"default": memory}
    cache.clear()


@pytest.fixture
def home(db: None) -> NodePage:
    return builders.home()


def member_of(group: str) -> User:
    user = User.objects.create_user(group.lower(), password="a long password", is_staff=True)  # noqa: S106  nobody's
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(db: None) -> User:
    """May write and submit, not publish."""
    return member_of("Editors")


@pytest.fixture
def publisher(db: None) -> User:
    """May publish."""
    return member_of("Moderators")


@pytest.fixture
def manager(db: None) -> User:
    """Works at the newsletter's desk."""
    ensure_group()
    return member_of(MANAGERS)


@pytest.fixture
def stranger(db: None) -> User:
    """Has an account and no right in the admin."""
    return User.objects.create_user("stranger", password="a long password")  # noqa: S106  nobody's


@pytest.fixture
def admin_of_all(db: None) -> User:
    return User.objects.create_superuser("operator", password="a long password")  # noqa: S106  nobody's


@pytest.fixture
def publishing(client: Client, publisher: User) -> Client:
    """A browser in which the publisher is signed in."""
    client.force_login(publisher)
    return client
