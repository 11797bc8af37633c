"""What can happen to a subscriber. Each act is one transaction, and idempotent.

Nobody becomes a subscriber but by confirming from the mailbox itself (double opt-in).

Each locks the subscriber before anything else, so that two acts at once wait and never lock each
other out.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsletter.addresses import Address, read, subject_of
from newsletter.ledger import chain
from newsletter.ledger.chain import record_of
from newsletter.models import (
    AddressChange,
    Asking,
    ConsentEvent,
    ConsentText,
    Delivery,
    DeliveryKind,
    DeliveryState,
    LinkRequest,
    SignUp,
    SkipReason,
    Subscriber,
    Subscription,
    Suppression,
    Topic,
)

EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method


class SuppressedError(Exception):
    """The address is on the list of those never to be written to, and this does not lift it."""


def sign_up(  # noqa: PLR0913  each is a fact that the row keeps
    address: Address,
    *,
    language: str,
    topics: Iterable[str],
    consent_text: ConsentText,
    page: str,
    network: str,
) -> SignUp:
    """Keep what somebody typed: one row, whatever the address, and nothing looked up."""
    return SignUp.objects.create(
        address=str(address),
        subject=address.subject,
        mailbox=subject_of(address.mailbox),
        language=language,
        topics=sorted(topics),
        consent_text=consent_text,
        page=page,
        network=network,
    )


@transaction.atomic
def confirm(sign_up: SignUp) -> None:
    """The mailbox's owner agrees. Who is a subscriber already stays as they are.

    Raises SuppressedError.
    """
    subscriber, is_new = _subscriber_of(sign_up)
    sign_up = SignUp.objects.select_for_update().get(pk=sign_up.pk)
    if sign_up.state == SignUp.State.CONFIRMED:
        if is_new:  # who confirmed has moved to another address since
            subscriber.delete()
        return
    sign_up.change(state=SignUp.State.CONFIRMED, confirmed_at=timezone.now())
    lift_suppression(sign_up.subject)
    if is_new or not subscriber.is_confirmed:
        _begin(subscriber, sign_up)


def lift_suppression(subject: str) -> None:
    """The mailbox's owner has just shown that mail arrives and is wanted."""
    Suppression.lift(subject)
    _refuse_suppressed(subject)


def _refuse_suppressed(subject: str) -> None:
    if Suppression.objects.standing().filter(subject=subject).exists():
        raise SuppressedError


def _subscriber_of(sign_up: SignUp) -> tuple[Subscriber, bool]:
    """The locked row of who signed up, and whether it was made just now."""
    address = read(sign_up.address)
    about = {
        "address": str(address),
        "subject": address.subject,
        "language": sign_up.language,
        "consent_text": sign_up.consent_text,
    }
    return Subscriber.objects.select_for_update().get_or_create(key=address.key, defaults=about)


def _begin(subscriber: Subscriber, sign_up: SignUp) -> None:
    subscriber.change(
        state=Subscriber.State.CONFIRMED,
        left_at=None,
        confirmed_at=timezone.now(),
        language=sign_up.language,
        consent_text=sign_up.consent_text,
    )
    _set_topics(subscriber, sign_up.topics)
    method = Method.IMPORT if sign_up.is_import else Method.FORM
    record_of(subscriber, EventKind.CONFIRMED, method, _evidence_of(sign_up))


def _evidence_of(sign_up: SignUp) -> dict[str, Any]:
    """How consent was obtained (EDPB guidelines 05/2020, paragraph 108).

    Of an import it says what we were given: who is imported saw no form of ours, and ticked no box.
    """
    mail = sign_up.deliveries.filter(kind=DeliveryKind.CONFIRM).first()
    asked = {
        "asked_at": sign_up.made_at.isoformat(),
        "page": sign_up.page,
        "box": "not ticked beforehand, ticked by the person",
    }
    if sign_up.is_import:
        told = sign_up.evidence.get("asked_at", "")
        asked = {"import": sign_up.evidence} | ({"asked_at": told} if told else {})
    mails = {"confirmation_mail": mail.message_id if mail else ""}
    return asked | mails | {"sign_up": sign_up.uuid.hex}


def _leave(subscriber: Subscriber) -> None:
    subscriber.change(state=Subscriber.State.LEFT, left_at=timezone.now())


@transaction.atomic
def leave(subscriber: Subscriber, method: str, evidence: dict[str, Any] | None = None) -> bool:
    """No more mail but a goodbye, as easily as it began (GDPR art. 7(3)). False: had left."""
    subscriber = subscriber.locked()
    if not subscriber.is_confirmed:
        return False
    _leave(subscriber)
    subscriber.deliveries.filter(kind__in=Delivery.NEED_CONSENT).skip(SkipReason.LEFT)
    record_of(subscriber, EventKind.LEFT, method, evidence)
    _say_goodbye(subscriber)
    return True


def _say_goodbye(subscriber: Subscriber) -> None:
    """Once a day: the link to leave can be passed on, and whoever has it can also undo leaving."""
    today = subscriber.deliveries.lately(DeliveryKind.GOODBYE, timedelta(days=1))
    if not today.exclude(state=DeliveryState.SKIPPED).exists():
        Delivery.objects.to_subscriber(DeliveryKind.GOODBYE, subscriber)


@transaction.atomic
def come_back(subscriber: Subscriber, method: str) -> bool:
    """Undo leaving: what was agreed to holds again. False: had not left. Raises SuppressedError."""
    subscriber = subscriber.locked()
    if subscriber.is_confirmed:
        return False
    _refuse_suppressed(subscriber.subject)
    subscriber.change(state=Subscriber.State.CONFIRMED, left_at=None)
    subscriber.deliveries.filter(kind=DeliveryKind.GOODBYE).skip(SkipReason.LATE)
    record_of(subscriber, EventKind.RETURNED, method)
    return True


@transaction.atomic
def choose_topics(subscriber: Subscriber, slugs: Iterable[str], method: str) -> bool:
    """Have these topics and no others. False: they were chosen already."""
    subscriber = subscriber.locked()
    if not _set_topics(subscriber, slugs):
        return False
    record_of(subscriber, EventKind.TOPICS_CHANGED, method)
    return True


def _set_topics(subscriber: Subscriber, slugs: Iterable[str]) -> bool:
    wanted = set(Topic.objects.filter(slug__in=list(slugs)))
    having = {each.topic for each in subscriber.subscriptions.select_related("topic")}
    subscriber.subscriptions.filter(topic__in=having - wanted).delete()
    Subscription.objects.bulk_create(
        [Subscription(subscriber=subscriber, topic=topic) for topic in wanted - having]
    )
    return wanted != having


@transaction.atomic
def choose_language(subscriber: Subscriber, language: str, method: str) -> bool:
    subscriber = subscriber.locked()
    if subscriber.language == language:
        return False
    subscriber.change(language=language)
    record_of(subscriber, EventKind.LANGUAGE_CHANGED, method)
    return True


@transaction.atomic
def agree_anew(subscriber: Subscriber, text: ConsentText, method: str) -> bool:
    """Agree to a newer wording. False: has left, or agreed to it already."""
    subscriber = subscriber.locked()
    if not subscriber.is_confirmed or subscriber.consent_text.version >= text.version:
        return False
    subscriber.change(consent_text=text)
    record_of(subscriber, EventKind.RECONSENTED, method)
    return True


@transaction.atomic
def suppress(subject: str, reason: str, method: str) -> None:
    """Never write to the address again; a subscriber leaves without a goodbye."""
    subscriber = Subscriber.objects.select_for_update().filter(subject=subject).first()
    Suppression.add(subject, reason)
    Delivery.objects.filter(recipient=subject).skip(SkipReason.SUPPRESSED)
    if subscriber and subscriber.is_confirmed:
        _leave(subscriber)
        record_of(subscriber, EventKind.SUPPRESSED, method, {"reason": reason})


@transaction.atomic
def erase(subscriber: Subscriber, method: str) -> None:
    """Keep nothing but the ledger's and the suppression's hash (GDPR art. 17(1), 17(3)(e))."""
    subscriber = subscriber.locked()
    subject = subscriber.subject
    Delivery.objects.filter(Q(recipient=subject) | Q(subscriber=subscriber)).skip(SkipReason.GONE)
    about = {"subject": subject, "language": subscriber.language}
    chain.record(ConsentEvent(kind=EventKind.ERASED, method=method, **about))
    _erase_traces(subscriber)
    subscriber.delete()
    Suppression.add(subject, Suppression.Reason.ERASED)


def _erase_traces(subscriber: Subscriber) -> None:
    """What was typed about the address, by whomever, and about those the person had before."""
    names = {subscriber.subject: timezone.now()} | chain.former(subscriber.subject)
    for subject, until in names.items():
        SignUp.objects.filter(subject=subject, made_at__lte=until).delete()
        LinkRequest.objects.filter(subject=subject, made_at__lte=until).delete()
    own = subscriber.address
    Asking.objects.filter(mailbox=subject_of(read(own).mailbox)).delete()
    AddressChange.objects.filter(Q(old_address__iexact=own) | Q(new_address__iexact=own)).delete()
