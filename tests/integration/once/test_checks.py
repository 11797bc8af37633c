"""What would fail at night is said at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from bbmri_be import checks
from bbmri_be.environment import BASE_DIR
from tests import ready_made
from tests.settings import SITE_ENVIRONMENT

PRODUCTION = SITE_ENVIRONMENT | {
    "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
    "SECRET_KEY": "Zq3-unlike-any-other-" + "kL8wPx2RtYv5" * 3,
    "SITE_URL": "https://www.bbmri.be",
    "TRUSTED_PROXY_HOPS": "1",
    "DATABASE_URL": "postgres://bbmri:secret@127.0.0.1:5432/bbmri",
    "EMAIL_URL": "smtp+tls://bbmri:secret@mail.bbmri.be",
}


def manage(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=os.environ | PRODUCTION | changed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_settings_pass_every_check() -> None:
    finished = manage("check", "--deploy", STATIC_ROOT=str(ready_made.static()))
    assert "no issues" in finished.stdout
    assert finished.returncode == 0, finished.stderr


def test_each_forgotten_setting_is_named() -> None:
    forgotten = {"TRUSTED_PROXY_HOPS": "0", "EMAIL_URL": "console:", "STATIC_ROOT": "/nowhere"}
    told = manage("check", "--deploy", **forgotten).stderr
    assert [code for code in ("bbmri.W005", "bbmri.W006", "bbmri.E004") if code not in told] == []


def test_a_media_folder_that_is_a_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media" / "x"
    assert not list(checks.media_folder_is_writable(None))
    (tmp_path / "media").rmdir()
    (tmp_path / "media").touch()
    assert [fault.id for fault in checks.media_folder_is_writable(None)] == ["bbmri.E001"]


@pytest.mark.each_engine
def test_pillow_and_sqlite_of_this_machine_can_do_what_pages_need() -> None:
    assert not list(checks.pictures_can_be_made(None))
    assert not list(checks.sqlite_can_search(None))
