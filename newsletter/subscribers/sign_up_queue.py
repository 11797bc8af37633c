"""Deciding what becomes of each sign-up and each request for a link, apart from the form's answer.

The form takes whatever address it is given and says the same to all. Here the rate limits decide
who is asked to confirm (double opt-in): it must not become a way to flood a stranger's mailbox.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from newsletter.models import Asking, Delivery, LinkRequest, SignUp, Subscriber, Suppression
from newsletter.models.deliveries import DeliveryKind, DeliveryQuerySet
from newsletter.models.subscribers import SignUpQuerySet, SignUpState

BATCH = 20  # sign-ups a transaction: on SQLite nobody else writes meanwhile
MANAGE_LINKS_DAILY = 3  # to a subscriber's own page
ONE_DECIDER = 0x6E657773  # PostgreSQL's advisory lock: one worker at a time counts and decides
HOUR, DAY, MONTH = timedelta(hours=1), timedelta(days=1), Asking.KEPT


def _only_me() -> bool:
    """Whether this worker may count and decide, until the transaction ends."""
    if connection.vendor == "sqlite":
        return True  # a transaction is the only writer
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_DECIDER])
        return bool(cursor.fetchone()[0])


# Sign-ups


@dataclass
class RateLimit:
    """How many more may be written to within the hour, by the site and by each network."""

    site: int
    networks: defaultdict[str, int]  # those from which some came

    @classmethod
    def now(cls) -> "RateLimit":
        decided = SignUp.objects.filter(
            decided_at__gt=timezone.now() - HOUR, origin=SignUp.Origin.FORM
        ).order_by()
        through = decided.filter(Exists(Delivery.objects.filter(sign_up=OuterRef("pk"))))
        taken = through.values_list("network").annotate(Count("pk"))
        left: defaultdict[str, int] = defaultdict(lambda: settings.NEWSLETTER_NETWORK_HOURLY)
        for network, count in taken.exclude(network=""):
            left[network] -= count
        return cls(settings.NEWSLETTER_SITE_HOURLY - through.count(), left)

    def allows(self, sign_up: SignUp) -> bool:
        """Staff answer for what they import; its evidence is looked at beforehand."""
        if sign_up.origin == SignUp.Origin.IMPORT:
            return True
        return self.site > 0 and (not sign_up.network or self.networks[sign_up.network] > 0)

    def count(self, sign_up: SignUp) -> None:
        if sign_up.origin == SignUp.Origin.FORM:
            self.site -= 1
            self.networks[sign_up.network] -= 1

    def networks_at_their_limit(self) -> list[str]:
        return [network for network, left in self.networks.items() if left <= 0]

    def in_turn(self, sign_ups: SignUpQuerySet) -> SignUpQuerySet:
        """One of each network after the other; first the networks farthest from their limit."""
        own_turn = Window(RowNumber(), partition_by=F("network"), order_by=F("pk").asc())
        left = Case(
            *(When(network=network, then=Value(left)) for network, left in self.networks.items()),
            default=Value(settings.NEWSLETTER_NETWORK_HOURLY),
        )
        return sign_ups.annotate(turn=own_turn - left).order_by("turn", "pk")


@transaction.atomic
def decide_sign_ups() -> int:
    """Decide some of what waits, the parked first. How many sign-ups it was."""
    if not SignUp.objects.to_decide().exists() or not _only_me():
        return 0
    limit = RateLimit.now()
    chosen = list(_next(limit))
    for sign_up in _locked(chosen):
        _decide(sign_up, limit)
    return len(chosen)


def _locked(chosen: list[SignUp]) -> list[SignUp]:
    """As they are now, less those erased meanwhile. Every act locks the subscriber first."""
    about = Subscriber.objects.filter(subject__in=[sign_up.subject for sign_up in chosen])
    list(about.select_for_update().order_by("pk"))
    still = SignUp.objects.to_decide().filter(pk__in=[sign_up.pk for sign_up in chosen])
    by_key = {sign_up.pk: sign_up for sign_up in still.select_for_update()}
    return [by_key[sign_up.pk] for sign_up in chosen if sign_up.pk in by_key]


def _next(limit: RateLimit) -> Iterator[SignUp]:
    """The parked whose network may again, then the newcomers. No network holds up the others."""
    undecided = SignUp.objects.to_decide()
    at_limit = limit.networks_at_their_limit()
    parked = undecided.filter(state=SignUpState.PARKED).exclude(network__in=at_limit)
    let_go = list(limit.in_turn(parked)[:BATCH]) if limit.site > 0 else []
    yield from let_go
    if len(let_go) < BATCH:
        yield from undecided.filter(state=SignUpState.WAITING)[:BATCH]


def _decide(sign_up: SignUp, limit: RateLimit) -> None:
    """Somebody who has the newsletter gets their link, once a day; nothing of theirs changes.

    The link counts as much as asking a stranger once a day: whoever signs others up cannot
    tell by their own place in the queue who is a subscriber, nor fill it with one address.
    """
    subscriber = Subscriber.objects.confirmed().filter(subject=sign_up.subject).first()
    if subscriber and _needs_no_link(sign_up, subscriber):
        _become(sign_up, SignUpState.KNOWN)
    elif not subscriber and is_never_written_to(sign_up.subject):
        _become(sign_up, SignUpState.DROPPED)
    elif not subscriber and (until := _asked_enough_until(sign_up.mailbox)):
        _become(sign_up, SignUpState.PARKED, until)
    elif not limit.allows(sign_up):
        _become(sign_up, SignUpState.PARKED)
    else:
        _write_to(sign_up, subscriber)
        limit.count(sign_up)


def _become(sign_up: SignUp, state: str, parked_until: datetime | None = None) -> None:
    """Being parked is no decision: it is looked at again."""
    decided_at = None if state == SignUpState.PARKED else timezone.now()
    sign_up.change(state=state, parked_until=parked_until, decided_at=decided_at)


def _write_to(sign_up: SignUp, subscriber: Subscriber | None) -> None:
    if subscriber:
        _become(sign_up, SignUpState.KNOWN)
        Delivery.objects.to_subscriber(DeliveryKind.KNOWN, subscriber, sign_up=sign_up)
    else:
        _become(sign_up, SignUpState.ASKED)
        Delivery.objects.to_sign_up(DeliveryKind.CONFIRM, sign_up)
        Asking.objects.create(mailbox=sign_up.mailbox)


def _needs_no_link(sign_up: SignUp, subscriber: Subscriber) -> bool:
    """Who confirmed since, by another mail, has what they asked for."""
    has_confirmed_since = sign_up.made_at < subscriber.confirmed_at
    return has_confirmed_since or _mails(subscriber, DeliveryKind.KNOWN, DAY).exists()


def _mails(subscriber: Subscriber, kind: str, span: timedelta) -> DeliveryQuerySet:
    return Delivery.objects.filter(recipient=subscriber.subject).lately(kind, span)


def is_never_written_to(subject: str) -> bool:
    """Suppressed for a reason that a confirmed sign-up would not lift.

    What does not exist is not asked again for a month, whoever types it: staff can lift it before.
    """
    bounced = Q(reason=Suppression.Reason.BOUNCED, since__gt=timezone.now() - MONTH)
    lasting = bounced | ~Q(reason__in=Suppression.CONFIRMATION_LIFTS)
    return Suppression.objects.standing().filter(lasting, subject=subject).exists()


def _asked_enough_until(mailbox: str) -> datetime | None:
    """When the mailbox may be asked again; None: now. All spellings of it count together."""
    now = timezone.now()
    asked = Asking.objects.filter(mailbox=mailbox, at__gt=now - MONTH).order_by("-at")
    times = list(asked.values_list("at", flat=True))
    limits = (
        (settings.NEWSLETTER_ADDRESS_DAILY, DAY),
        (settings.NEWSLETTER_ADDRESS_MONTHLY, MONTH),
    )
    until = max(
        (times[most - 1] + span for most, span in limits if len(times) >= most), default=now
    )
    return until if until > now else None


# Requests for a link


@transaction.atomic
def answer_link_requests() -> int:
    """Send some of those who have a page their link; forget who asked. How many it was."""
    if not LinkRequest.objects.exists() or not _only_me():
        return 0
    requests = list(LinkRequest.objects.order_by("pk")[:BATCH])
    for request in requests:
        _answer(request)
    LinkRequest.objects.filter(pk__in=[request.pk for request in requests]).delete()
    return len(requests)


def _answer(request: LinkRequest) -> None:
    """Who has left may still see and erase what is kept of them. Anybody can ask in their name."""
    subscriber = Subscriber.objects.filter(subject=request.subject).first()
    if subscriber is None or is_never_written_to(request.subject):
        return
    kind = DeliveryKind.MANAGE_LINK
    if _mails(subscriber, kind, HOUR).exists():
        return
    if _mails(subscriber, kind, DAY).count() < MANAGE_LINKS_DAILY:
        Delivery.objects.to_subscriber(kind, subscriber)
