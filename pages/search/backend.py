"""The search backend of the database in use: what WAGTAILSEARCH_BACKENDS names."""

from django.db import connection
from django.utils.module_loading import import_string

# Read as late as this because the models of an index exist only for the database in use.
SearchBackend = import_string(
    {
        "postgresql": "pages.search.postgres.PostgresSearch",
        "sqlite": "pages.search.sqlite.SQLiteSearch",
    }[connection.vendor]
)
