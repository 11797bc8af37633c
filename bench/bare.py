"""Settings and addresses of a Django that gives one answer and does nothing else.

`BARE_BODY` names the file with the answer's bytes, as they go over the wire.
"""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bbmri_be.settings import *  # noqa: F403

BODY = Path(os.environ["BARE_BODY"]).read_bytes()
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Encoding": "br",
    "Content-Length": str(len(BODY)),
}
ROOT_URLCONF = "bench.bare"
INSTALLED_APPS = []
MIDDLEWARE = []
DATABASES = {}
LOCALE_PATHS = []


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, headers=HEADERS)


urlpatterns = [path("en/", answer), path("health/ready", answer)]
