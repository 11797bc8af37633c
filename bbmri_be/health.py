"""Two answers for whoever watches the site: the process is up; it can serve.

Each answer is one word of plain text. Neither names a host, a database or a version.
"""

from functools import cache
from http import HTTPStatus

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks no database: a restart would not mend one that is away."""
    return _word("live")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration of this code."""
    try:
        applied = MigrationRecorder(connection).migration_qs.values_list("app", "name")
        missing = wanted_migrations() - set(applied)
    except DatabaseError:
        return _word("database", HTTPStatus.SERVICE_UNAVAILABLE)
    if missing:
        return _word("migrations", HTTPStatus.SERVICE_UNAVAILABLE)
    return _word("ready")


@cache
def wanted_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app: (app label, name). Read from disk once a process."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _word(word: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(f"{word}\n", content_type="text/plain; charset=utf-8", status=status)
