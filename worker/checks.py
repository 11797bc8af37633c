"""What must hold before anybody waits for mail."""

from collections.abc import Iterator, Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection


@register()
def mail_can_be_handed_over(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> Iterator[CheckMessage]:
    """A provider's key, or a package that it needs, may be missing."""
    try:
        get_connection(settings.MAIL_TRANSPORT)
    except ImproperlyConfigured as error:
        yield Error(
            f"No mail could be sent: {' '.join(str(error).split())}",
            hint="Set what MAIL_PROVIDER needs: see `ANYMAIL_...` in docs/operations.md.",
            id="worker.E001",
        )
