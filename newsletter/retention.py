"""Erasing what has been kept for its time. The worker calls it each minute; each call is short."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from newsletter.ledger.chain import ENDS
from newsletter.mailings.progress import counts_to_keep, reported
from newsletter.models import (
    AddressChange,
    Asking,
    ConsentEvent,
    Delivery,
    DeliveryReport,
    LedgerPurge,
    LinkRequest,
    Mailing,
    SignUp,
    SkipReason,
    StrayReport,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts

ROWS_A_CALL = 500  # of a kind: what is left is taken a minute later
MOST_PEOPLE = 50  # each is a transaction of some twenty queries

log = logging.getLogger(__name__)
EventKind, Method = ConsentEvent.Kind, ConsentEvent.Method


def erase_what_is_due() -> int:
    """How much was erased. Twice, or in two workers at once, is as good as once."""
    return (
        erase_questions(_before("sign_up"))
        + forget_askings(timezone.now() - Asking.KEPT)
        + erase_who_left(_before("left"))
        + erase_deliveries(_before("delivery"))
        + erase_reports(_before("report"))
        + StrayReport.objects.filter(day__lt=_before("report").date()).delete()[0]
        + purge_ledger(_before("ledger"))
        + forget_lifted(_before("ledger"))
    )


def _before(kind: str) -> datetime:
    return timezone.now() - timedelta(days=settings.NEWSLETTER_DAYS[kind])


def erase_questions(before: datetime) -> int:
    """What somebody typed and was asked about: what came of it is in the ledger."""
    asked = LinkRequest.objects.filter(made_at__lt=before).order_by("pk")
    keys = list(asked.values_list("pk", flat=True)[:ROWS_A_CALL])
    forgotten, _by_model = LinkRequest.objects.filter(pk__in=keys).delete()
    return forgotten + _erase_asked(SignUp, before) + _erase_asked(AddressChange, before)


@transaction.atomic
def _erase_asked(kind: type[SignUp | AddressChange], before: datetime) -> int:
    """With them goes the address that a mail which still waits would have been sent to."""
    due = kind._default_manager.filter(made_at__lt=before).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[:ROWS_A_CALL])
    name = "sign_up" if kind is SignUp else "address_change"
    Delivery.objects.filter(**{f"{name}__in": keys}).skip(SkipReason.GONE)
    kind._default_manager.filter(pk__in=keys).delete()
    return len(keys)


def forget_askings(before: datetime) -> int:
    """That a mailbox was asked to confirm, when it no longer counts against asking again."""
    return Asking.objects.filter(at__lte=before).delete()[0]


def erase_who_left(before: datetime) -> int:
    return sum(_erase_person(key, before) for key in _gone(before)[:MOST_PEOPLE])


def _gone(before: datetime) -> "models.QuerySet[Subscriber, int]":
    """Who left long enough ago, and who was erased and came back with a restored backup."""
    erased = Suppression.objects.standing().filter(reason=Suppression.Reason.ERASED)
    left = Q(state=Subscriber.State.LEFT, left_at__lt=before)
    due = Subscriber.objects.filter(left | Q(subject__in=erased.values("subject")))
    return due.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _erase_person(key: int, before: datetime) -> bool:
    """Unless another worker has the row, or the person came back a moment ago."""
    free = Subscriber.objects.select_for_update(skip_locked=True)
    someone = free.filter(pk=key, pk__in=_gone(before)).first()
    if someone:
        acts.erase(someone, Method.SCHEDULE)
    return someone is not None


def erase_deliveries(before: datetime) -> int:
    """The oldest rows are looked at and no others: keys grow with time, and no index is needed."""
    oldest = Delivery.objects.order_by("pk").values_list("pk", "made_at")[:ROWS_A_CALL]
    due = [key for key, made_at in oldest if made_at < before]
    return _erase_counted(due) if due else 0


@transaction.atomic
def _erase_counted(keys: list[int]) -> int:
    """Their mailings keep the numbers. What was never sent will not be."""
    rows = Delivery.objects.filter(pk__in=keys)
    for mailing in _locked(rows.values_list("mailing", flat=True)):
        its_rows = mailing.deliveries.filter(pk__in=keys)
        its_rows.skip(SkipReason.GONE)
        _keep(mailing, counts_to_keep(its_rows))
    return rows.delete()[0]


def _locked(mailings: Iterable[int | None]) -> Iterable[Mailing]:
    """Counted only when the mailing is locked: another worker may have erased the same rows."""
    keys = {key for key in mailings if key}
    return Mailing.objects.select_for_update().filter(pk__in=keys).order_by("pk")


def _keep(mailing: Mailing, counts: Counter[str]) -> None:
    mailing.erased_counts = dict(Counter(mailing.erased_counts) + counts)
    mailing.save(update_fields=["erased_counts"])


def erase_reports(before: datetime) -> int:
    """Kept for so long that one told twice is known as such."""
    due = DeliveryReport.objects.filter(received_at__lt=before).order_by("received_at")
    keys = list(due.values_list("pk", flat=True)[:ROWS_A_CALL])
    return _erase_reported(keys) if keys else 0


@transaction.atomic
def _erase_reported(keys: list[int]) -> int:
    """Their mailings keep the numbers. Of a mail that is told of twice, the last report counts."""
    going = DeliveryReport.objects.filter(pk__in=keys)
    same = DeliveryReport.objects.filter(delivery=OuterRef("delivery"), kind=OuterRef("kind"))
    last = going.exclude(Exists(same.exclude(pk__in=keys)))
    for mailing in _locked(going.values_list("delivery__mailing", flat=True)):
        _keep(mailing, reported(last.filter(delivery__mailing=mailing)))
    return going.delete()[0]


def purge_ledger(before: datetime) -> int:
    """Whole histories of people who have been gone for so long; the log and a row say so."""
    subjects = list(long_gone(before)[:ROWS_A_CALL])
    return _purge(subjects, before) if subjects else 0


def long_gone(before: datetime) -> "models.QuerySet[ConsentEvent, str]":
    """Whose last event is an end and old enough, and who is nobody's history under a new address.

    The history of a former address holds the first consent: it goes after that of the new one.
    """
    same = ConsentEvent.objects.filter(subject=OuterRef("subject"))
    ends = ConsentEvent.objects.filter(kind__in=ENDS, at__lt=before).annotate(to=KT("evidence__to"))
    later = same.filter(Q(seq__gt=OuterRef("seq")) | Q(at__gte=before))
    is_here = Subscriber.objects.filter(subject=OuterRef("subject"))
    goes_on = ConsentEvent.objects.filter(subject=OuterRef("to"))
    gone = ends.exclude(Exists(later)).exclude(Exists(is_here))
    return gone.filter(~Q(kind=EventKind.ADDRESS_LEFT) | ~Exists(goes_on)).values_list(
        "subject", flat=True
    )


@transaction.atomic
def _purge(subjects: list[str], before: datetime) -> int:
    purge = LedgerPurge.objects.create(older_than=before)
    plain: models.QuerySet[ConsentEvent] = models.QuerySet(ConsentEvent)  # its own refuses
    purge.events, _by_model = plain.filter(subject__in=subjects).delete()
    purge.finished_at = timezone.now()
    purge.save(update_fields=["events", "finished_at"])
    log.info("The ledger gave up %s events of %s people.", purge.events, len(subjects))
    return purge.events


def forget_lifted(before: datetime) -> int:
    """That somebody was once not to be written to."""
    return Suppression.objects.filter(lifted_at__lt=before).delete()[0]
