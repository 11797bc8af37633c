"""What only a mailbox's owner may do: asked for on a page, done behind a link that is mailed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from newsletter.addresses import Address
from newsletter.models import Delivery, LinkRequest, Subscriber
from newsletter.tokens import ERASE

ONE_LINK_EACH = ERASE.lifetime or timedelta(minutes=15)  # while one works, another is not needed
CHANGES_A_DAY = 3  # each writes to an address that nobody has shown to be theirs


def ask_for_link(address: Address, *, language: str, network: str) -> LinkRequest:
    """Keep that somebody asked for the link to their page: one row, whatever the address."""
    return LinkRequest.objects.create(
        address=str(address), subject=address.subject, language=language, network=network
    )


@transaction.atomic
def send_link(subscriber: Subscriber, kind: str) -> bool:
    """Queue the mail with a link that works for minutes. False: one is on its way already."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    since = timezone.now() - ONE_LINK_EACH
    if subscriber.deliveries.filter(kind=kind, made_at__gt=since).exists():
        return False
    Delivery.objects.to_subscriber(kind, subscriber)
    return True


@transaction.atomic
def ask_new_address(subscriber: Subscriber, new: Address) -> bool:
    """Write to the new address to see whose it is. False: enough were tried today."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    since = timezone.now() - timedelta(days=1)
    if subscriber.address_changes.filter(made_at__gt=since).count() >= CHANGES_A_DAY:
        return False
    change = subscriber.address_changes.create(old_address=subscriber.address, new_address=str(new))
    Delivery.objects.create(
        kind=Delivery.Kind.CONFIRM_ADDRESS,
        subscriber=subscriber,
        address_change=change,
        language=subscriber.language,
        recipient=new.subject,  # which may be one that is never to be written to
    )
    return True
