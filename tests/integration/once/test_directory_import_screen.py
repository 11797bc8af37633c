"""What editors see of the imports, and what they may ask for."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.models import ImportRun

pytestmark = pytest.mark.django_db
IMPORTS = "/admin/directory-import/"


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def with_directory(settings: Settings) -> None:
    settings.DIRECTORY_URL = "https://directory.example/ERIC/graphql"


def test_an_import_is_asked_for_once(editing: Client, editor: User, with_directory: None) -> None:
    assert "Run now" in editing.get(IMPORTS).content.decode()
    editing.post(IMPORTS)
    shown = editing.post(IMPORTS, follow=True).content.decode()
    run = ImportRun.objects.get()
    assert (run.state, run.asked_by, run.is_forced) == (ImportRun.State.ASKED, editor, False)
    assert "An import is asked for already." in shown
    assert "Run now" not in shown


def test_a_dry_run_is_asked_for_beside_an_import(editing: Client, with_directory: None) -> None:
    assert "Dry run" in editing.get(IMPORTS).content.decode()
    shown = editing.post(IMPORTS, {"trial": "1"}, follow=True).content.decode()
    assert "The dry run is asked for" in shown
    assert ImportRun.objects.asked().get().is_trial


def test_what_a_dry_run_found_is_no_change(editing: Client, with_directory: None) -> None:
    now = timezone.now()
    about: dict[str, Any] = {"started": now, "finished": now}
    ImportRun.objects.create(state=ImportRun.State.REFUSED, **about)
    ImportRun.objects.create(
        state=ImportRun.State.TRIED, is_trial=True, report="withdrawn: X", **about
    )
    shown = editing.get(IMPORTS).content.decode()
    assert "What would have changed" in shown
    assert "Nothing was imported yet" in shown
    assert "Withdraw them all" in shown  # of the refusal before it


def test_a_degraded_import_says_so_and_counts(editing: Client, with_directory: None) -> None:
    now = timezone.now()
    ImportRun.objects.create(
        state=ImportRun.State.DEGRADED, started=now, finished=now, notes="left out: Biobanks.pid"
    )
    shown = editing.get(IMPORTS).content.decode()
    assert "Degraded" in shown
    assert "The Directory did not answer some columns." in shown
    assert "The site shows the Directory data of" in shown


def test_after_a_refusal_an_editor_may_insist(editing: Client, with_directory: None) -> None:
    ended = timezone.now()
    ImportRun.objects.create(state=ImportRun.State.REFUSED, started=ended, finished=ended)
    assert "Withdraw them all" in editing.get(IMPORTS).content.decode()
    editing.post(IMPORTS, {"force": "1"})
    assert ImportRun.objects.asked().get().is_forced


def test_who_insists_where_nothing_was_refused_asks_for_an_import_like_any_other(
    editing: Client, with_directory: None
) -> None:
    editing.post(IMPORTS, {"force": "1"})
    assert not ImportRun.objects.asked().get().is_forced


@pytest.mark.parametrize(
    ("state", "days", "words"),
    [
        (ImportRun.State.REFUSED, 0, "Somebody has to decide."),
        (ImportRun.State.DONE, 4, "The Directory was last imported on"),
        (ImportRun.State.FAILED, 4, "No import of the Directory has worked yet."),
        (ImportRun.State.DEGRADED, 0, "The last import of the Directory is degraded"),
        (ImportRun.State.DONE, 1, ""),
        (ImportRun.State.FAILED, 1, ""),
    ],
)
def test_the_first_screen_says_what_the_import_waits_for(
    editing: Client, with_directory: None, state: ImportRun.State, days: int, words: str
) -> None:
    then = timezone.now() - timedelta(days)
    ImportRun.objects.create(state=state, asked=then, started=then, finished=then)
    shown = editing.get("/admin/").content.decode()
    assert words in shown
    assert ("Look at the imports" in shown) == bool(words)


def test_the_log_says_how_old_the_data_is_and_what_changed(
    editing: Client, with_directory: None
) -> None:
    now = timezone.now()
    ImportRun.objects.create(
        state=ImportRun.State.DONE,
        started=now,
        finished=now,
        report="changed: <b>id</b>",
        notes="id: markup was removed",
    )
    shown = editing.get(IMPORTS).content.decode()
    assert "The site shows the Directory data of" in shown
    assert "changed: &lt;b&gt;id&lt;/b&gt;" in shown
    assert "id: markup was removed" in shown


def test_without_an_address_nothing_can_be_asked_for(editing: Client) -> None:
    assert "DIRECTORY_URL" in editing.get(IMPORTS).content.decode()
    editing.post(IMPORTS)
    assert not ImportRun.objects.exists()


def test_who_may_only_look_can_not_ask(client: Client, editor: User, with_directory: None) -> None:
    editor.groups.get().permissions.remove(
        *editor.groups.get().permissions.filter(codename="add_importrun")
    )
    client.force_login(editor)
    assert "Run now" not in client.get(IMPORTS).content.decode()
    client.post(IMPORTS)
    assert not ImportRun.objects.exists()
