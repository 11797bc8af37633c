"""Whom a mail of ours was for, by whatever somebody has copied from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.core.exceptions import ValidationError

from newsletter import addresses, tokens
from newsletter.models import AddressChange, Delivery, SignUp, Subscriber
from newsletter.tokens import InvalidTokenError, Purpose

TOKEN = re.compile(r"[0-9a-f]{32}\.[\w-]+\.[\w-]+")
NUMBER = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
MESSAGE_ID = re.compile(r"(?:message-id:)?\s*<?([^<>\s@]+)(@[^<>\s]+)?>?", re.IGNORECASE)
MAILBOX = re.compile(r"(?:mailto:|<)\s*([^<>\s]+@[^<>\s?]+)")
LEAST = 16  # characters of a number that a provider gives


@dataclass(frozen=True)
class Person:
    """`subject`: the keyed hash of the address; the subscriber may be gone, or have never been.

    `key`: of the address, where that is what was pasted.
    """

    subscriber: Subscriber | None
    subject: str
    key: str = ""


def person(pasted: str) -> Person | None:
    """By a link of a mail or its token, even an expired one; by a mail's own number, or Message-ID,
    or that of the provider; by an address, with a name before it or not.
    """
    rows = chain(_by_token(pasted), _by_number(pasted), _by_providers_number(pasted))
    return next(map(_whom, rows), None) or _by_address(pasted)


def _whom(row: Subscriber | SignUp | AddressChange | Delivery) -> Person:
    if isinstance(row, Subscriber):
        return Person(row, row.subject)
    if isinstance(row, AddressChange):
        return Person(row.subscriber, row.subscriber.subject)
    subject = row.subject if isinstance(row, SignUp) else row.recipient
    known = row.subscriber if isinstance(row, Delivery) else None
    return Person(known or _known(subject), subject)


def _known(subject: str) -> Subscriber | None:
    return Subscriber.objects.filter(subject=subject).first()


def _by_address(pasted: str) -> Person | None:
    found = MAILBOX.search(pasted)
    try:
        address = addresses.read(found[1] if found else pasted)
    except ValidationError:
        return None
    return Person(_known(address.subject), address.subject, address.key)


def _by_token(pasted: str) -> Iterator[Subscriber | SignUp | AddressChange]:
    for token in TOKEN.findall(pasted):
        yield from _about(token, tokens.OF_SUBSCRIBER, Subscriber)
        yield from _about(token, tokens.OF_SIGN_UP, SignUp)
        yield from _about(token, (tokens.CONFIRM_ADDRESS,), AddressChange)


def _about(
    token: str, purposes: tuple[Purpose, ...], model: type[Subscriber | SignUp | AddressChange]
) -> Iterator[Subscriber | SignUp | AddressChange]:
    for purpose in purposes:
        try:
            known_by = purpose.read(token, even_expired=True)
        except InvalidTokenError:
            continue
        yield from model._default_manager.filter(**{purpose.by: known_by})


def _by_number(pasted: str) -> Iterator[Delivery]:
    numbers = NUMBER.findall(pasted)
    yield from Delivery.objects.filter(uuid__in=numbers).select_related("subscriber")


def _by_providers_number(pasted: str) -> Iterator[Delivery]:
    found = MESSAGE_ID.fullmatch(pasted.strip())
    if found and len(found[1]) >= LEAST:
        local, domain = found[1], found[2] or ""
        spellings = [local, local + domain, f"<{local}{domain}>"]
        yield from Delivery.objects.filter(provider_id__in=spellings).select_related("subscriber")
