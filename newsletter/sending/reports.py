"""Reports of the mail provider: kept when they come, taken up by the worker.

They settle what is uncertain and suppress; they never make a subscriber of anybody. A report
counts only where it names a delivery of ours and that delivery's own address.
"""

import hashlib
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailConfigurationError, AnymailError
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from newsletter import addresses
from newsletter.mailings.transitions import pause
from newsletter.models import ConsentEvent, Delivery, DeliveryReport, Mailing, Suppression
from newsletter.models.delivery_states import DeliveryState
from newsletter.models.feedback import ReportKind
from newsletter.sending.brakes import unwelcome
from newsletter.subscribers import acts

METADATA = "d"  # the only thing a provider is told beside the mail: the delivery's uuid
OLDEST, NEWEST = timedelta(days=-7), timedelta(days=1)  # from now: clocks and zones differ
KINDS = {
    EventType.DELIVERED: ReportKind.DELIVERED,
    EventType.COMPLAINED: ReportKind.COMPLAINED,
    EventType.UNSUBSCRIBED: ReportKind.UNSUBSCRIBED,
    EventType.REJECTED: ReportKind.REJECTED,
    EventType.FAILED: ReportKind.REJECTED,
}
NO_SUCH_ADDRESS = {RejectReason.INVALID, RejectReason.BOUNCED}
AT_ONCE = 500  # reports taken up in a round
NOT_AS_WRITTEN = (  # what Anymail's readers come to with a report that is not the provider's
    AnymailConfigurationError,
    AnymailError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

log = logging.getLogger(__name__)


@csrf_exempt
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """The webhook of the provider in use. There is none for another, and none without a secret."""
    if provider != settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    view = resolve(f"/{provider}/tracking/", "newsletter.provider_urls")
    try:
        return view.func(request)
    except NOT_AS_WRITTEN as error:
        log.info("A report of %s could not be read: %s", provider, type(error).__name__)
        return HttpResponseBadRequest()


@receiver(tracking)
def keep(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Insert and no more: an error here would make the provider ask for ever."""
    kind, delivery = _kind_of(event), _delivery_of(event)
    now = timezone.now()
    at = event.timestamp or now
    if kind is None or delivery is None or not now + OLDEST <= at <= now + NEWEST:
        log.info("A report of %s was left aside: %s", esp_name, event.event_type)
        return
    DeliveryReport.objects.get_or_create(
        key=_key_of(event, esp_name), defaults={"kind": kind, "delivery": delivery, "at": at}
    )


def _kind_of(event: AnymailTrackingEvent) -> str | None:
    if event.event_type == EventType.BOUNCED:
        return ReportKind.BOUNCED if event.reject_reason in NO_SUCH_ADDRESS else ReportKind.REJECTED
    return KINDS.get(event.event_type)


def _delivery_of(event: AnymailTrackingEvent) -> Delivery | None:
    """The delivery it names, if the report is about the address that delivery went to."""
    try:
        subject = addresses.read(event.recipient or "").subject
        named = UUID((event.metadata or {}).get(METADATA))
        return Delivery.objects.filter(uuid=named, recipient=subject).first()
    except (ValidationError, ValueError, AttributeError, TypeError):
        return None


def _key_of(event: AnymailTrackingEvent, esp_name: str) -> str:
    """The provider's number of the event; where it gives none, what the event says."""
    said = event.event_id or repr(
        (event.event_type, event.timestamp, event.message_id, event.recipient, event.metadata)
    )
    return hashlib.sha256(f"{esp_name}\0{said}".encode()).hexdigest()


def take_up_reports() -> None:
    """Act on what came in, in any order and however often.

    A report that is quicker than the provider's own answer waits until that has been written down.
    """
    waiting = DeliveryReport.objects.filter(taken_up_at=None)
    reports = waiting.exclude(delivery__state=DeliveryState.SENDING).select_related("delivery")
    taken = list(reports[:AT_ONCE])
    for report in taken:
        _take_up(report)
    for mailing in Mailing.objects.filter(deliveries__reports__in=taken).distinct():
        if reason := unwelcome(mailing):
            pause(mailing, reason)


@transaction.atomic
def _take_up(report: DeliveryReport) -> None:
    rows = DeliveryReport.objects.filter(pk=report.pk, taken_up_at=None)
    if not rows.update(taken_up_at=timezone.now()):
        return  # another worker has it
    delivery = report.delivery
    is_rejected = report.kind == ReportKind.REJECTED
    came = DeliveryState.REJECTED if is_rejected else DeliveryState.ACCEPTED
    Delivery.objects.filter(pk=delivery.pk).reconcile(came)
    reasons = {
        ReportKind.BOUNCED: Suppression.Reason.BOUNCED,
        ReportKind.COMPLAINED: Suppression.Reason.COMPLAINED,
    }
    if reason := reasons.get(ReportKind(report.kind)):
        acts.suppress(delivery.recipient, reason, ConsentEvent.Method.PROVIDER)
    elif report.kind == ReportKind.UNSUBSCRIBED and delivery.subscriber:
        acts.leave(delivery.subscriber, ConsentEvent.Method.PROVIDER)
