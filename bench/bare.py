"""Settings and addresses of a Django that answers and does nothing else.

A page is the bytes of the file that `BARE_BODY` names, as they go over the wire; a sign-up is one
row inserted.
"""

import os
from functools import cache
from pathlib import Path

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bbmri_be.settings import *  # noqa: F403  a Django of this machine and these variables

ROOT_URLCONF = "bench.bare"
INSTALLED_APPS = []
MIDDLEWARE = []
LOCALE_PATHS = []
TABLE = "bench_row"
BODY = b"OK"
if "BARE_BODY" in os.environ:
    BODY = Path(os.environ["BARE_BODY"]).read_bytes()
    DATABASES = {}
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Encoding": "br",
    "Content-Length": str(len(BODY)),
}


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, headers=HEADERS)


def insert(request: HttpRequest) -> HttpResponse:
    row_model().objects.create(address=request.POST["email"])
    return HttpResponse(status=303, headers={"Location": "/"})


@cache
def row_model() -> type[models.Model]:
    """Made at the first request: settings are read before models can be."""

    class Row(models.Model):  # noqa: DJ008  never shown
        address = models.CharField(max_length=254)

        class Meta:
            app_label, db_table = "bench", TABLE

    return Row


urlpatterns = [
    path("en/", answer),
    path("en/newsletter/", insert),
    path("health/ready", answer),
]
