"""What only a mailbox's owner may do: asked for on a page, done behind a link that is mailed."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.addresses import Address, read, subject_of
from newsletter.ledger.chain import record_of
from newsletter.models import (
    AddressChange,
    Asking,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    LinkRequest,
    SkipReason,
    Subscriber,
)
from newsletter.subscribers import acts
from newsletter.tokens import ERASE

EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method

DAY = timedelta(days=1)
ONE_LINK_EACH = ERASE.lifetime or timedelta(minutes=15)  # while one works, another is not needed
LINKS_OF_A_KIND_DAILY = 5  # whoever has a mail that was passed on can ask for them, too
ADDRESS_CHANGES_DAILY = 3  # each writes to an address that nobody has shown to be theirs


class AddressTakenError(Exception):
    """Another subscriber has the address."""


class EnoughError(Exception):
    """So many were mailed today that another would be a nuisance."""


def ask_for_link(address: Address) -> LinkRequest:
    """Keep that somebody asked for the link to their page: one row, whatever the address."""
    return LinkRequest.objects.create(address=str(address), subject=address.subject)


@transaction.atomic
def send_link(subscriber: Subscriber, kind: str) -> bool:
    """Queue the mail with a link that works for minutes. False: one is on its way already.

    Raises EnoughError.
    """
    subscriber = subscriber.locked()
    if subscriber.deliveries.lately(kind, ONE_LINK_EACH).exists():
        return False
    if subscriber.deliveries.lately(kind, DAY).count() >= LINKS_OF_A_KIND_DAILY:
        raise EnoughError
    Delivery.objects.to_subscriber(kind, subscriber)
    return True


@transaction.atomic
def ask_new_address(subscriber: Subscriber, new: Address) -> bool:
    """Write to the new address to see whose it is. False: it has been, or enough were today.

    What a mailbox is sent so counts with what it is sent because somebody signed it up.
    """
    subscriber = subscriber.locked()
    mails, kind = subscriber.deliveries, DeliveryKind.CONFIRM_ADDRESS
    just_now = mails.lately(kind, ONE_LINK_EACH).filter(recipient=new.subject)
    today = mails.lately(kind, DAY)
    if new.key == subscriber.key or today.count() >= ADDRESS_CHANGES_DAILY or just_now.exists():
        return False
    mailbox = subject_of(new.mailbox)
    asked = Asking.objects.filter(mailbox=mailbox, at__gt=timezone.now() - Asking.KEPT)
    if asked.count() >= settings.NEWSLETTER_ADDRESS_MONTHLY:
        return False
    Asking.objects.create(mailbox=mailbox)
    Delivery.objects.to_subscriber(
        DeliveryKind.CONFIRM_ADDRESS,
        subscriber,
        address_change=_open_change(subscriber, new),
        recipient=new.subject,  # which may be one that is never to be written to
    )
    return True


def _open_change(subscriber: Subscriber, new: Address) -> AddressChange:
    """The one that waits for this address's owner already, else a new one."""
    waiting = subscriber.address_changes.standing().filter(
        new_address__iexact=str(new), confirmed_at=None, made_at__gt=timezone.now() - DAY
    )
    return waiting.first() or subscriber.address_changes.create(
        old_address=subscriber.address, new_address=str(new)
    )


@transaction.atomic
def change_address(change: AddressChange) -> Subscriber:
    """The new mailbox's owner confirms; the old one is told.

    Raises AddressTakenError, SuppressedError, and AddressChange.DoesNotExist where another was
    confirmed since.
    """
    subscriber, new = change.subscriber.locked(), read(change.new_address)
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
    acts.lift_suppression(new.subject)
    return subscriber


def _move(subscriber: Subscriber, new: Address) -> None:
    """To another address: one history ends with the new hash, another begins with the old one."""
    old = subscriber.subject
    record_of(subscriber, EventKind.ADDRESS_LEFT, Method.PAGE, {"to": new.subject})
    named = {"address": str(new), "key": new.key, "subject": new.subject}
    try:
        subscriber.change(**named, page_uuid=uuid4())
    except IntegrityError as error:  # somebody was quicker by a moment
        raise AddressTakenError from error
    subscriber.deliveries.filter(kind__in=Delivery.NEED_CONSENT).follow(new.subject)
    record_of(subscriber, EventKind.ADDRESS_TAKEN, Method.PAGE, {"from": old})
    if not subscriber.is_confirmed:  # who had left has left under the new address too
        record_of(subscriber, EventKind.LEFT, Method.PAGE)
