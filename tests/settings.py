"""The site's settings as tests use them. Nothing outside the tests' own folder is read or written.

`TEST_DATABASE_URL`: a PostgreSQL server to run on, instead of an SQLite file.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="bbmri-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

# Every name is set, so that neither the shell nor var/local.env has a say.
SITE_ENVIRONMENT = {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-tests-" * 5,
    "BIND": "127.0.0.1",
    "PORT": "8000",
    "WEB_WORKERS": "2",
    "WEB_THREADS": "4",
    "SITE_URL": "http://127.0.0.1:8000",
    "TRUSTED_PROXY_HOPS": "0",
    "ALLOWED_HOSTS": "",
    "ADMIN_PATH": "admin",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{FOLDER}/site.sqlite3",
    "STATEMENT_TIMEOUT": "0",
    "CACHE_URL": "locmem://",
    "MEDIA_ROOT": str(FOLDER / "media"),
    "STATIC_ROOT": str(FOLDER / "static"),
    "EMAIL_URL": f"file:{FOLDER}/mail",
    "EMAIL_TIMEOUT": "90",
    "MAIL_PROVIDER": "",
    "BOUNCE_MAILBOX": "",
    "BOUNCE_ADDRESS": "",
    "BOUNCE_DELIMITER": "",
    "SENDING_MARK": str(FOLDER / "sending.json"),
    "MATOMO_URL": "",
    "DIRECTORY_URL": "",
    "DIRECTORY_SECONDS": "60",
    "DIRECTORY_MEGABYTES": "32",
    "NEGOTIATOR_URL": "",
    "NEGOTIATOR_NETWORK_HOURLY": "30",
    "MATOMO_SITE_ID": "0",
    "MAIL_FROM": "BBMRI.be <noreply@bbmri.example>",
}
os.environ |= SITE_ENVIRONMENT

from bbmri_be.settings import *  # noqa: E402, F403  once the environment is set
from bbmri_be.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402  likewise

MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir()
# Static files come from where they are written: no manifest to collect first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; guards nothing here

_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 0  # a kept connection would forbid to drop the database at the end
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the browser's requests are served by other threads.
    _database["TEST"] = {"NAME": str(FOLDER / "tests.sqlite3")}
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
else:
    _database["TEST"] = {"NAME": f"bbmri_tests_{os.getpid()}"}  # two runs at once do not meet
