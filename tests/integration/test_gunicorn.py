"""What gunicorn makes of the environment: where it listens, and how long a query may take."""

import json
import os
import subprocess
import sys

from bbmri_be.environment import BASE_DIR
from tests.settings import SITE_ENVIRONMENT

READ = (
    "import json, runpy; conf = runpy.run_path('gunicorn.conf.py'); "
    "print(json.dumps({name: conf[name] for name in ('bind', 'workers', 'threads')} "
    "| conf['settings'].DATABASES['default']['OPTIONS']))"
)
NOT_PASSED_ON = {*SITE_ENVIRONMENT, "DJANGO_SETTINGS_MODULE"}  # what belongs to these tests alone


def read(**given: str) -> dict[str, object]:
    """What gunicorn makes of an environment."""
    shell = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    site = {name: SITE_ENVIRONMENT[name] for name in ("SECRET_KEY", "EMAIL_URL")}
    read: dict[str, object] = json.loads(
        subprocess.check_output(
            [sys.executable, "-c", READ],
            cwd=BASE_DIR,
            env=shell | site | {"DATABASE_URL": "postgres://me@host/name"} | given,
            timeout=30,
        )
    )
    return read


def test_it_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    assert {"bind": "127.0.0.1:8000", "workers": 2, "threads": 4}.items() <= read().items()
    told = read(BIND="::", PORT="80", WEB_WORKERS="8", WEB_THREADS="1")
    assert {"bind": "[::]:80", "workers": 8, "threads": 1}.items() <= told.items()


def test_a_query_of_a_page_ends_after_three_seconds_unless_told_otherwise() -> None:
    assert read()["options"] == "-c statement_timeout=3000"
    assert read(STATEMENT_TIMEOUT="10")["options"] == "-c statement_timeout=10000"
