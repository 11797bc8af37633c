"""Settings and addresses of a Django that inserts one row a request and does nothing else."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bbmri_be.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_insert"
INSTALLED_APPS = []
MIDDLEWARE = []


def insert(request: HttpRequest) -> HttpResponse:
    """The model is made at the first request: settings are read before models can be."""
    _row().objects.create(address=request.POST["email"])
    return HttpResponse(status=303, headers={"Location": "/"})


def _row() -> type[models.Model]:
    return ROWS[0] if ROWS else _made()


def _made() -> type[models.Model]:
    class Row(models.Model):  # noqa: DJ008  never shown
        address = models.CharField(max_length=254)

        class Meta:
            app_label, db_table = "bench", "bench_row"

    ROWS.append(Row)
    return Row


def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("OK")


ROWS: list[type[models.Model]] = []
urlpatterns = [path("en/newsletter/", insert), path("health/ready", ready)]
