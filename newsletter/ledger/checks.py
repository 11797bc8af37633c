"""What must hold before anybody's consent is written down."""

import sys
from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from newsletter.ledger import triggers


@register(Tags.database)
def ledger_is_guarded(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: object,
) -> list[CheckMessage]:
    """Not asked of `migrate`, which asks the checks of databases first: it is the mend."""
    if sys.argv[1:2] == ["migrate"]:
        return []
    missing = {name for alias in databases or () for name in triggers.missing(connections[alias])}
    if not missing:
        return []
    return [
        Error(
            f"Triggers that guard the consent ledger are missing: {', '.join(sorted(missing))}.",
            hint="Run manage.py migrate, which makes them anew, and then verify_consent.",
            id="newsletter.E001",
        )
    ]
