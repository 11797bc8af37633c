"""How gunicorn serves the site, with or without a buffering proxy in front."""

import gc
import logging
import os
import signal
from pathlib import Path

from bbmri_be.environment import load_settings

# A page that asks the database for longer than this holds up the others. Commands may take longer.
os.environ.setdefault("STATEMENT_TIMEOUT", "3")
load_settings()

from django.conf import settings  # noqa: E402  only readable settings are worth importing

bind = f"{settings.BIND}:{settings.PORT}"
workers = settings.WEB_WORKERS
# Threads keep slow clients from stopping the site where no proxy buffers for it. Behind one, a
# single thread a worker is faster.
threads = settings.WEB_THREADS
timeout = 30  # seconds before a worker that gives no sign is replaced
graceful_timeout = 30  # seconds a request may still take when the site is told to stop
# A worker is replaced now and then, so that no leak grows for ever; its kept pages go with it.
max_requests = 50_000
max_requests_jitter = 5_000
limit_request_line = 8190  # bytes; the site itself answers 414 to less, in words
limit_request_field_size = 16_384  # bytes: a long Accept-Language reaches Django, which reads it
control_socket_disable = True
forwarded_allow_ips = ""  # Django alone judges forwarding headers, by TRUSTED_PROXY_HOPS
accesslog = None  # addresses of visitors are personal data
if Path("/dev/shm").is_dir():  # noqa: S108  a heartbeat on a slow disk would look like a hung worker
    worker_tmp_dir = "/dev/shm"  # noqa: S108  the same


def when_ready(server: object) -> None:
    """Let requests finish on Ctrl-C too: gunicorn's quick way out now and then hangs a worker."""
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def post_worker_init(worker: object) -> None:
    """Leave Ctrl-C, which reaches every process of a terminal, to the master.

    Keep private links out of gunicorn's log, which takes down the address of a request it fails at.
    And spare the garbage collector what is loaded now and stays: it would search it ever again.
    """
    from visitors.errors import WithoutAddresses  # noqa: PLC0415  the site is loaded only now

    logging.getLogger("gunicorn.error").addFilter(WithoutAddresses())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
