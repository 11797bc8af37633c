"""What gunicorn makes of the environment: where it listens, how long a query may take, its log."""

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
LOGGED = """
import logging, runpy
runpy.run_path("gunicorn.conf.py")["post_worker_init"](None)
log = logging.getLogger("gunicorn.error")
log.propagate = False
log.warning("Invalid request from ip=192.0.2.7: GET /a-secret")
log.error("Error handling request %s %s", "GET", "/a-secret")
log.error("Worker %s is gone", 7)
"""
NOT_PASSED_ON = {*SITE_ENVIRONMENT, "DJANGO_SETTINGS_MODULE"}  # what belongs to these tests alone


def told(code: str, **given: str) -> str:
    """What a process says that runs the code in an environment."""
    shell = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    site = {name: SITE_ENVIRONMENT[name] for name in ("SECRET_KEY", "EMAIL_URL")}
    return subprocess.check_output(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env=shell | site | {"DATABASE_URL": "postgres://me@host/name"} | given,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
    )


def read(**given: str) -> dict[str, object]:
    """What gunicorn makes of an environment."""
    read: dict[str, object] = json.loads(told(READ, **given))
    return read


def test_it_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    assert {"bind": "127.0.0.1:8000", "workers": 2, "threads": 4}.items() <= read().items()
    other = read(BIND="::", PORT="80", WEB_WORKERS="8", WEB_THREADS="1")
    assert {"bind": "[::]:80", "workers": 8, "threads": 1}.items() <= other.items()


def test_a_query_of_a_page_ends_after_three_seconds_unless_told_otherwise() -> None:
    assert read()["options"] == "-c statement_timeout=3000"
    assert read(STATEMENT_TIMEOUT="10")["options"] == "-c statement_timeout=10000"


def test_its_log_holds_no_private_link_and_nobody() -> None:
    lines = ["Invalid request", "Error handling request", "Worker 7 is gone"]
    assert told(LOGGED).splitlines() == lines
