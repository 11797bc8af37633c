"""What would only fail later, at night: said at the start, each with an id and the mend."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's
from django.db import connection
from PIL import features

Apps = Sequence[AppConfig] | None


@register(Tags.files)
def media_folder_is_writable(app_configs: Apps, **kwargs: object) -> Iterator[CheckMessage]:
    folder = Path(settings.MEDIA_ROOT)
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        yield Error(
            f"The media folder {folder} cannot be written: no picture could be uploaded.",
            hint="Give the folder to the user who runs the site, or set MEDIA_ROOT to another.",
            id="bbmri.E001",
        )


@register(Tags.files)
def pictures_can_be_made(app_configs: Apps, **kwargs: object) -> Iterator[CheckMessage]:
    missing = [name for name in ("avif", "webp") if not features.check(name)]
    if missing:
        yield Error(
            f"Pillow cannot write {' or '.join(missing)}: pictures would be left out of pages.",
            hint="Install Pillow's own wheel, as requirements/run.txt does.",
            id="bbmri.E002",
        )


@register(Tags.database)
def sqlite_can_search(app_configs: Apps, **kwargs: object) -> Iterator[CheckMessage]:
    if connection.vendor == "sqlite" and not _has_full_text_search():
        yield Error(
            f"SQLite {sqlite3.sqlite_version} has no FTS5 here: search would find nothing.",
            hint="Use a Python whose SQLite has FTS5, or PostgreSQL by DATABASE_URL.",
            id="bbmri.E003",
        )


def _has_full_text_search() -> bool:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError:
        return False
    finally:
        database.close()
    return True


@register(Tags.staticfiles, deploy=True)
def static_files_are_collected(app_configs: Apps, **kwargs: object) -> Iterator[CheckMessage]:
    storage = staticfiles_storage
    if isinstance(storage, ManifestFilesMixin) and storage.read_manifest() is None:
        yield Error(
            f"No static files are collected in {settings.STATIC_ROOT}: every page would fail.",
            hint="Run manage.py collectstatic --noinput, or set STATIC_ROOT to where they are.",
            id="bbmri.E004",
        )


@register(Tags.security, deploy=True)
def https_is_recognised(app_configs: Apps, **kwargs: object) -> Iterator[CheckMessage]:
    if settings.IS_HTTPS and not settings.TRUSTED_PROXY_HOPS:
        yield Warning(
            "SITE_URL is https and no proxy is trusted: every page would redirect to itself.",
            hint="Set TRUSTED_PROXY_HOPS to the number of proxies in front, usually 1.",
            id="bbmri.W005",
        )


@register(deploy=True)
def mail_leaves_the_machine(app_configs: Apps, **kwargs: object) -> Iterator[CheckMessage]:
    if settings.IS_HTTPS and settings.MAIL_TRANSPORT.endswith("console.EmailBackend"):
        yield Warning(
            "Mail is only printed: nobody would get any.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587.",
            id="bbmri.W006",
        )
