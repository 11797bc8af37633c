"""What must hold before the first issue goes out through a mail provider."""

from collections.abc import Iterator, Sequence
from typing import Any

from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  Django's name
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.urls import Resolver404, resolve

from newsletter.issues.messages import IssueMessage
from newsletter.models import Delivery, Mailing, Subscriber

HINT = "Choose a provider of the table in docs/operations.md, and set what it says there."


@register()
def provider_can_send_issues(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> Iterator[CheckMessage]:
    """Tried on a real message, which nobody gets. Whether it has its key, worker.E001 says."""
    name = settings.MAIL_PROVIDER
    if not name:
        return
    try:
        backend: Any = get_connection(settings.MAIL_TRANSPORT)
    except ImproperlyConfigured:
        return
    if lacks := lacking(name, backend):
        yield Error(f"{name} cannot send the newsletter: {lacks}.", hint=HINT, id="newsletter.E002")
    elif not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        yield Warning(
            f"Bounces and complaints that {name} reports are not heard.",
            hint="Set ANYMAIL_WEBHOOK_SECRET: see docs/operations.md.",
            id="newsletter.W001",
        )


@register()
def bounces_come_by_one_way(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> Iterator[CheckMessage]:
    if settings.MAIL_PROVIDER and settings.BOUNCE_MAILBOX:
        yield Warning(
            f"BOUNCE_MAILBOX is not read: {settings.MAIL_PROVIDER} reports bounces by itself.",
            hint="Leave out BOUNCE_MAILBOX, which is for mail over EMAIL_URL, or MAIL_PROVIDER.",
            id="newsletter.W002",
        )


def lacking(name: str, backend: AnymailBaseBackend) -> str:
    """What a provider lacks of all that an issue needs; "" where it can do all."""
    try:
        view: Any = resolve(f"/{name}/tracking/", "newsletter.provider_urls").func
        view.view_class(**view.view_initkwargs, webhook_secret="-")  # noqa: S106  nobody's
        return _lost_on_the_way(backend)
    except Resolver404:
        return "it reports no bounces"
    except (AnymailError, ImproperlyConfigured) as error:
        return " ".join(str(error).split()).rstrip(".")


def _lost_on_the_way(backend: Any) -> str:  # noqa: ANN401  each has its own
    """Which of our marks does not stand in what the provider would be told. Raises AnymailError."""
    delivery = Delivery()
    message = _issue(delivery)
    payload = backend.build_message_payload(message, backend.send_defaults)
    if not hasattr(payload, "get_request_params"):
        return ""  # one that takes the mail whole, by a library of its own
    told = str(payload.get_request_params(backend.api_url))
    # Anymail makes the address for answers what the provider has for it.
    named = [name for name in message.extra_headers if name != "Reply-To"]
    marks = [*named, delivery.message_id.strip("<>"), delivery.metadata["d"]]
    lost = [mark for mark in marks if mark.lower() not in told.lower()]
    return f"it does not pass on {', '.join(lost)}" if lost else ""


def _issue(delivery: Delivery) -> EmailMessage:
    """As the real ones are made, without a row in the database."""
    words = {"subject": "Newsletter", "html": "<p>Newsletter</p>", "text": "Newsletter"}
    senders = {"sender": settings.DEFAULT_FROM_EMAIL, "reply_to": settings.MAIL_REPLY_TO}
    mailing = Mailing(language=settings.LANGUAGE_CODE, **words, **senders)
    reader = Subscriber(address="reader@example.org", subject="0" * 64, pk=0)
    return IssueMessage(mailing, archive=f"{settings.SITE_URL}/").to(delivery, reader)
