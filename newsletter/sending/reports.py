"""Reports of the mail provider: kept when they come, taken up by the worker.

They settle what is uncertain and suppress; they never make a subscriber of anybody. A report
counts only where it names a delivery of ours and that delivery's own address; others are counted.
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent, tracking
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
from newsletter.models import (
    ConsentEvent,
    Delivery,
    DeliveryQuerySet,
    DeliveryReport,
    DeliveryState,
    Mailing,
    ReportKind,
    StrayReport,
    Subscriber,
    Suppression,
)
from newsletter.sending.brakes import unwelcome
from newsletter.sending.words import NOTHING, OPPOSITE, heard_of, meaning_of
from newsletter.subscribers import acts
from worker.faults import Fault
from worker.mails import METADATA
from worker.verdicts import without_address

OLDEST, NEWEST = timedelta(days=-7), timedelta(days=1)  # from now: clocks and zones differ
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
NOT_IN_A_WORD = re.compile(r"[^\w .:-]+")
LONGEST_NUMBER, MOST_NAMES = 128, 10  # what the column holds; Message-IDs looked for in a report
Why = StrayReport.Why

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What one report says. `by`: a provider. `said`: a mail server's words, without an address."""

    by: str
    word: str
    kind: str | None  # a ReportKind, NOTHING or OPPOSITE; None for a word that is new
    said: str
    at: datetime
    key: str  # the same whenever it comes again


@csrf_exempt
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """The webhook of the provider in use. There is none for another, and none without a secret."""
    if provider != settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    view = resolve(f"/{provider}/tracking/", "newsletter.provider_urls")
    try:
        return view.func(request)
    except AnymailWebhookValidationFailure:
        log.info("A report of %s did not prove whose it is.", provider)
        return HttpResponseBadRequest()
    except NOT_AS_WRITTEN as error:
        leave_aside(provider, type(error).__name__, Why.UNREADABLE)
        return HttpResponseBadRequest()


@receiver(tracking)
def keep(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Insert and no more: an error here would make the provider ask for ever."""
    provider = esp_name.lower().replace(" ", "_")
    words, answer = heard_of(provider, event.esp_event)
    said = without_address(answer, str(event.recipient or ""))
    kind = meaning_of(provider, words, said)
    word, key = (words or [""])[0], _key_of(event, esp_name)
    told = Told(provider, word, kind, said, event.timestamp or timezone.now(), key)
    put_down(told, None if kind == NOTHING else _delivery_of(event))


def put_down(told: Told, delivery: Delivery | None) -> None:
    """Keep what was told of a delivery; what fits nowhere is counted."""
    now = timezone.now()
    if told.kind == NOTHING:
        return
    if told.kind is None or told.kind == OPPOSITE:
        leave_aside(told.by, told.word, Why.TAKEN_BACK if told.kind else Why.NEW_WORD)
    elif delivery is None:
        leave_aside(told.by, told.word, Why.NO_MAIL)
    elif not now + OLDEST <= told.at <= now + NEWEST:
        leave_aside(told.by, told.word, Why.TOO_OLD)
    else:
        noted = {"code": NOT_IN_A_WORD.sub("", told.word)[:32], "said": told.said}
        about = {"kind": told.kind, "delivery": delivery, "at": told.at}
        about |= noted if told.kind == ReportKind.REJECTED else {}
        key = hashlib.sha256(told.key.encode()).hexdigest()
        DeliveryReport.objects.get_or_create(key=key, defaults=about)


def leave_aside(by: str, word: str, why: str) -> None:
    """Counted, so that somebody may see that reports get lost. Nothing of an address."""
    word = NOT_IN_A_WORD.sub("", without_address(word))
    StrayReport.add(by, word, why)
    log.warning("A report of %s was left aside: %s (%s)", by, word, why)


def _delivery_of(event: AnymailTrackingEvent) -> Delivery | None:
    """The delivery it names, if the report is about the address that delivery went to.

    It may name it by our number, by the provider's, or by our Message-ID.
    """
    rows = Delivery.objects.all()
    try:
        if event.recipient:  # some write a name before it, and some no address at all
            subject = addresses.read(parseaddr(event.recipient)[1]).subject
            rows = rows.filter(recipient=subject)
        for named in _names(event):
            if delivery := rows.filter(**named).first():
                return delivery
    except (ValidationError, ValueError, AttributeError, TypeError):
        log.info("A report names its mail in no way that can be read.")
    return None


def _names(event: AnymailTrackingEvent) -> list[dict[str, Any]]:
    """By what it may be found, the surest first."""
    told = event.metadata if isinstance(event.metadata, dict) else {}
    uuids = [str(told.get(METADATA, ""))]
    uuids += re.findall(
        rf"([0-9a-f]{{32}})@{re.escape(settings.MAIL_DOMAIN)}", str(event.esp_event)
    )
    ours = [{"uuid": uuid} for uuid in uuids if re.fullmatch(r"[0-9a-f]{32}", uuid)]
    number = str(event.message_id or "")
    is_number = 0 < len(number) <= LONGEST_NUMBER and number.isprintable()
    return ours[:1] + ([{"provider_id": number}] if is_number else []) + ours[1:MOST_NAMES]


def _key_of(event: AnymailTrackingEvent, esp_name: str) -> str:
    """The provider's number of the event; where it gives none, what the event says."""
    said = event.event_id or repr(
        (event.event_type, event.timestamp, event.message_id, event.recipient, event.metadata)
    )
    return f"{esp_name}\0{said}"


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
    _settle(report, Delivery.objects.filter(pk=delivery.pk))
    reasons = {
        ReportKind.BOUNCED: Suppression.Reason.BOUNCED,
        ReportKind.COMPLAINED: Suppression.Reason.COMPLAINED,
    }
    if reason := reasons.get(ReportKind(report.kind)):
        acts.suppress(delivery.recipient, reason, ConsentEvent.Method.PROVIDER)
    elif report.kind == ReportKind.UNSUBSCRIBED:
        _leave(delivery)


def _settle(report: DeliveryReport, row: DeliveryQuerySet) -> None:
    """What the row says of it afterwards, in whatever order the reports came."""
    arrived = row.filter(reports__kind=ReportKind.DELIVERED).exists()
    match report.kind:
        case ReportKind.DELIVERED:
            row.arrive()
            row.filter(fault=Fault.MOMENT).update(fault="")
        case ReportKind.REJECTED if not arrived:
            row.turn_down(error_code=report.code, error_text=report.said)
        case ReportKind.DEFERRED if not arrived:
            row.reconcile()
            row.filter(state=DeliveryState.ACCEPTED).update(fault=Fault.MOMENT)
        case _:
            row.reconcile()


def _leave(delivery: Delivery) -> None:
    """Who leaves by the mail that asks to confirm asks for no other."""
    subscriber = (
        delivery.subscriber or Subscriber.objects.filter(subject=delivery.recipient).first()
    )
    if subscriber:
        acts.leave(subscriber, ConsentEvent.Method.PROVIDER)
    else:
        acts.suppress(delivery.recipient, Suppression.Reason.NEVER, ConsentEvent.Method.PROVIDER)
