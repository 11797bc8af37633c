"""What can happen to a subscriber. Each act is one transaction, and idempotent.

Nobody becomes a subscriber but by confirming from the mailbox itself (double opt-in).

Each locks the subscriber before anything else, so that two acts at once wait and never lock each
other out.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from newsletter.addresses import Address, read, subject_of
from newsletter.ledger import chain
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
DAY = timedelta(days=1)


class AddressTakenError(Exception):
    """Another subscriber has the address."""


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
    sign_up.state, sign_up.confirmed_at = SignUp.State.CONFIRMED, timezone.now()
    sign_up.save(update_fields=["state", "confirmed_at"])
    _lift_suppression(sign_up.subject)
    if is_new or not subscriber.is_confirmed:
        _begin(subscriber, sign_up)


def _lift_suppression(subject: str) -> None:
    """The mailbox's owner has just shown that mail arrives and is wanted."""
    Suppression.lift(subject, timezone.now())
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
    subscriber.state, subscriber.left_at = Subscriber.State.CONFIRMED, None
    subscriber.confirmed_at = timezone.now()
    subscriber.language, subscriber.consent_text = sign_up.language, sign_up.consent_text
    subscriber.save(update_fields=["state", "left_at", "confirmed_at", "language", "consent_text"])
    _set_topics(subscriber, sign_up.topics)
    method = Method.IMPORT if sign_up.is_import else Method.FORM
    _record(subscriber, EventKind.CONFIRMED, method, _evidence_of(sign_up))


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


def _record(
    subscriber: Subscriber, kind: str, method: str, evidence: dict[str, Any] | None = None
) -> None:
    chain.record(
        ConsentEvent(
            subject=subscriber.subject,
            kind=kind,
            method=method,
            language=subscriber.language,
            consent_text=subscriber.consent_text,
            topics=subscriber.topic_slugs(),
            evidence=evidence or {},
        )
    )


def _locked(subscriber: Subscriber) -> Subscriber:
    """The row as it is now, held until the act is done. Raises Subscriber.DoesNotExist."""
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


@transaction.atomic
def leave(subscriber: Subscriber, method: str, evidence: dict[str, Any] | None = None) -> bool:
    """No more mail but a goodbye, as easily as it began (GDPR art. 7(3)). False: had left."""
    subscriber = _locked(subscriber)
    if not subscriber.is_confirmed:
        return False
    subscriber.state, subscriber.left_at = Subscriber.State.LEFT, timezone.now()
    subscriber.save(update_fields=["state", "left_at"])
    subscriber.deliveries.filter(kind__in=Delivery.NEED_CONSENT).skip(SkipReason.LEFT)
    _record(subscriber, EventKind.LEFT, method, evidence)
    _say_goodbye(subscriber)
    return True


def _say_goodbye(subscriber: Subscriber) -> None:
    """Once a day: the link to leave can be passed on, and whoever has it can also undo leaving."""
    today = subscriber.deliveries.filter(
        kind=DeliveryKind.GOODBYE, made_at__gt=timezone.now() - DAY
    )
    if not today.exclude(state=DeliveryState.SKIPPED).exists():
        Delivery.objects.to_subscriber(DeliveryKind.GOODBYE, subscriber)


@transaction.atomic
def come_back(subscriber: Subscriber, method: str) -> bool:
    """Undo leaving: what was agreed to holds again. False: had not left. Raises SuppressedError."""
    subscriber = _locked(subscriber)
    if subscriber.is_confirmed:
        return False
    _refuse_suppressed(subscriber.subject)
    subscriber.state, subscriber.left_at = Subscriber.State.CONFIRMED, None
    subscriber.save(update_fields=["state", "left_at"])
    subscriber.deliveries.filter(kind=DeliveryKind.GOODBYE).skip(SkipReason.LATE)
    _record(subscriber, EventKind.RETURNED, method)
    return True


@transaction.atomic
def choose_topics(subscriber: Subscriber, slugs: Iterable[str], method: str) -> bool:
    """Have these topics and no others. False: they were chosen already."""
    subscriber = _locked(subscriber)
    if not _set_topics(subscriber, slugs):
        return False
    _record(subscriber, EventKind.TOPICS_CHANGED, method)
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
    subscriber = _locked(subscriber)
    if subscriber.language == language:
        return False
    subscriber.language = language
    subscriber.save(update_fields=["language"])
    _record(subscriber, EventKind.LANGUAGE_CHANGED, method)
    return True


@transaction.atomic
def agree_anew(subscriber: Subscriber, text: ConsentText, method: str) -> bool:
    """Agree to a newer wording. False: has left, or agreed to it already."""
    subscriber = _locked(subscriber)
    if not subscriber.is_confirmed or subscriber.consent_text.version >= text.version:
        return False
    subscriber.consent_text = text
    subscriber.save(update_fields=["consent_text"])
    _record(subscriber, EventKind.RECONSENTED, method)
    return True


@transaction.atomic
def change_address(change: AddressChange) -> Subscriber:
    """The new mailbox's owner confirms; the old one is told.

    Raises AddressTakenError, SuppressedError, and AddressChange.DoesNotExist where another was
    confirmed since.
    """
    subscriber, new = _locked(change.subscriber), read(change.new_address)
    change = AddressChange.objects.standing().get(pk=change.pk)
    if change.confirmed_at:
        return subscriber
    if Subscriber.objects.filter(key=new.key).exclude(pk=subscriber.pk).exists():
        raise AddressTakenError
    change.confirmed_at = timezone.now()
    change.save(update_fields=["confirmed_at"])
    others = subscriber.deliveries.filter(kind=DeliveryKind.CONFIRM_ADDRESS)
    others.exclude(address_change=change).skip(SkipReason.LATE)
    Delivery.objects.to_subscriber(DeliveryKind.ADDRESS_CHANGED, subscriber, address_change=change)
    _move(subscriber, new)
    _lift_suppression(new.subject)
    return subscriber


def _move(subscriber: Subscriber, new: Address) -> None:
    """To another address: one history ends with the new hash, another begins with the old one."""
    old = subscriber.subject
    _record(subscriber, EventKind.ADDRESS_LEFT, Method.PAGE, {"to": new.subject})
    subscriber.address, subscriber.key, subscriber.subject = str(new), new.key, new.subject
    subscriber.page_uuid = uuid4()
    try:
        subscriber.save(update_fields=["address", "key", "subject", "page_uuid"])
    except IntegrityError as error:  # somebody was quicker by a moment
        raise AddressTakenError from error
    subscriber.deliveries.filter(kind__in=Delivery.NEED_CONSENT).follow(new.subject)
    _record(subscriber, EventKind.ADDRESS_TAKEN, Method.PAGE, {"from": old})
    if not subscriber.is_confirmed:  # who had left has left under the new address too
        _record(subscriber, EventKind.LEFT, Method.PAGE)


@transaction.atomic
def suppress(subject: str, reason: str, method: str) -> None:
    """Never write to the address again; a subscriber leaves without a goodbye."""
    subscriber = Subscriber.objects.select_for_update().filter(subject=subject).first()
    Suppression.add(subject, reason)
    Delivery.objects.filter(recipient=subject).skip(SkipReason.SUPPRESSED)
    if subscriber and subscriber.is_confirmed:
        subscriber.state, subscriber.left_at = Subscriber.State.LEFT, timezone.now()
        subscriber.save(update_fields=["state", "left_at"])
        _record(subscriber, EventKind.SUPPRESSED, method, {"reason": reason})


@transaction.atomic
def erase(subscriber: Subscriber, method: str) -> None:
    """Keep nothing but the ledger's and the suppression's hash (GDPR art. 17(1), 17(3)(e))."""
    subscriber = _locked(subscriber)
    subject = subscriber.subject
    Delivery.objects.filter(Q(recipient=subject) | Q(subscriber=subscriber)).skip(SkipReason.GONE)
    chain.record(
        ConsentEvent(
            subject=subject, kind=EventKind.ERASED, method=method, language=subscriber.language
        )
    )
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
