"""How far a mailing has come, counted from its rows: for the editor's page and the report."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from newsletter.mailings.refusals import Refusal, refusals
from newsletter.mailings.transitions import recipients
from newsletter.models import Delivery, DeliveryQuerySet, DeliveryReport, Mailing, Subscriber
from newsletter.models.delivery_states import WAITING, DeliveryState, SkipReason
from newsletter.models.feedback import ReportKind

LEFT = "left"  # of what is kept of erased rows, beside their states and what was reported
# Whoever is a recipient was reachable then; nobody is erased who has not left.
HAS_LEFT = Q(subscriber=None) | Q(subscriber__state=Subscriber.State.LEFT)
QUIET = timedelta(minutes=5)
MOST_ROWS = 100  # uncertain ones on a page: there is at most one a worker that died
MOST_REASONS = 20


@dataclass(frozen=True)
class Reason:
    """Why so many were not accepted, in a mail server's words or in ours."""

    said: str
    count: int


@dataclass(frozen=True)
class Row:
    name: str
    count: int
    reasons: list[Reason]


def _in_state(*states: str) -> property:
    return property(lambda progress: sum(progress.by_state[state] for state in states))


class Progress:
    """Of one mailing, at one moment. Costs a few queries, whatever the number of rows."""

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing

    @cached_property
    def by_state(self) -> dict[str, int]:
        rows = self.mailing.deliveries.order_by().values_list("state").annotate(Count("pk"))
        here = dict(rows)
        return {state: here.get(state, 0) + self._erased(state) for state in DeliveryState.values}

    def _erased(self, what: str) -> int:
        return int(self.mailing.erased_counts.get(what, 0))

    accepted = _in_state(DeliveryState.ACCEPTED)
    waiting = _in_state(DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING)
    retrying = _in_state(DeliveryState.RETRY)
    rejected = _in_state(DeliveryState.REJECTED)
    uncertain = _in_state(DeliveryState.UNCERTAIN)
    skipped = _in_state(DeliveryState.SKIPPED)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def sent_to(self) -> int:
        """Who has it, waits for it, or was to have it: all but those it is not sent to."""
        return self.total - self.skipped

    @property
    def settled(self) -> int:
        return self.total - self.waiting - self.retrying

    @property
    def percent(self) -> int:
        return 100 * self.settled // self.total if self.total else 0

    @property
    def minutes_left(self) -> int | None:
        """At the chosen rate, for what has not been tried."""
        if self.mailing.state != Mailing.State.SENDING or not self.waiting:
            return None
        return -(-self.waiting // self.mailing.rate_per_minute)

    @property
    def rows(self) -> list[Row]:
        """The table of the page. `accepted` by the next mail server: more nobody can know."""
        return [
            Row(_("Accepted"), self.accepted, self.reports),
            Row(_("Waiting"), self.waiting, []),
            Row(_("Tried again later"), self.retrying, self._reasons(DeliveryState.RETRY)),
            Row(_("Rejected"), self.rejected, self._reasons(DeliveryState.REJECTED)),
            Row(_("Uncertain"), self.uncertain, []),
            Row(_("Not sent"), self.skipped, self.reasons_skipped),
        ]

    def _reasons(self, state: str) -> list[Reason]:
        rows = self._counted(state, "error_code", "error_text")
        return [Reason(f"{code} {text}".strip(), count) for code, text, count in rows]

    @cached_property
    def reasons_skipped(self) -> list[Reason]:
        names = dict(SkipReason.choices)
        rows = self._counted(DeliveryState.SKIPPED, "skip_reason")
        return [Reason(str(names.get(reason, reason)), count) for reason, count in rows]

    def _counted(self, state: str, *fields: str) -> list[tuple[Any, ...]]:
        rows = self.mailing.deliveries.filter(state=state).order_by().values_list(*fields)
        return list(rows.annotate(count=Count("pk")).order_by("-count")[:MOST_REASONS])

    @cached_property
    def uncertain_rows(self) -> list[Delivery]:
        rows = self.mailing.deliveries.filter(state=DeliveryState.UNCERTAIN)
        return list(rows.select_related("subscriber")[:MOST_ROWS])

    @cached_property
    def refusals(self) -> list[Refusal]:
        """What may be sent again, once it is mended."""
        return refusals(self.mailing) if self.rejected else []

    @cached_property
    def reports(self) -> list[Reason]:
        """What the provider told later."""
        here = reported(DeliveryReport.objects.filter(delivery__mailing=self.mailing))
        kinds = sorted(ReportKind)
        counts = ((kind, here[_told(kind)] + self._erased(_told(kind))) for kind in kinds)
        return [Reason(str(kind.label), count) for kind, count in counts if count]

    @cached_property
    def left_since(self) -> int:
        """Recipients who have left since it began."""
        return _left(self.mailing.deliveries.all()) + self._erased(LEFT)

    @cached_property
    def is_stuck(self) -> bool:
        """Nothing has moved for minutes, though it should: the worker may be down."""
        long_ago, mailing = timezone.now() - QUIET, self.mailing
        if mailing.state == Mailing.State.SCHEDULED:
            return bool(mailing.scheduled_for and mailing.scheduled_for < long_ago)
        if mailing.state != Mailing.State.SENDING:
            return False
        rows = mailing.deliveries.order_by()
        last = rows.aggregate(at=Max("attempt_started_at"))["at"]
        if any(at and at >= long_ago for at in (mailing.started_at, mailing.resumed_at, last)):
            return False
        overdue = Q(state__in=WAITING, not_before__lt=long_ago)
        held_states = (DeliveryState.CLAIMED, DeliveryState.SENDING)
        held = Q(state__in=held_states, claimed_until__lt=long_ago)
        return rows.filter(overdue | held).exists() or not rows.open().exists()


def counts_to_keep(rows: DeliveryQuerySet) -> Counter[str]:
    """What a report tells of rows, for when they are erased."""
    counts = Counter(rows.values_list("state", flat=True))
    counts[LEFT] = _left(rows)
    return counts + reported(DeliveryReport.objects.filter(delivery__in=rows))


def reported(reports: "QuerySet[DeliveryReport]") -> Counter[str]:
    """Of how many accepted mails something was told, by what it is."""
    later = reports.filter(delivery__state=DeliveryState.ACCEPTED)
    counted = later.order_by().values_list("kind").annotate(Count("delivery", distinct=True))
    return Counter({_told(kind): count for kind, count in counted})


def _told(kind: str) -> str:
    return f"told {kind}"


def _left(rows: DeliveryQuerySet) -> int:
    return rows.filter(HAS_LEFT).count()


@dataclass(frozen=True)
class Recipients:
    """Whom a mailing would go to now."""

    count: int
    sample: list[str]
    last_time: int | None  # how many the issue before went to, in this language
    is_going_out: bool = False  # the issue before, still

    @classmethod
    def of(cls, mailing: Mailing) -> "Recipients":
        people = recipients(mailing)
        # By their hashes, which is as good as by lot and needs no sorting.
        sample = [person.masked for person in people.order_by("subject")[:10]]
        return cls(people.count(), sample, *_the_one_before(mailing))

    @property
    def change(self) -> str:
        if self.last_time is None:
            return _("It is the first in this language.")
        if self.is_going_out:
            return _("The one before is still going out, to %d.") % self.last_time
        return _("The one before went to %d.") % self.last_time


def _the_one_before(mailing: Mailing) -> tuple[int | None, bool]:
    """How many the issue before went to, and whether it still does.

    It may have had several mailings; one that was cancelled before anybody got it is none.
    """
    begun = Mailing.objects.filter(language=mailing.language, started_at__isnull=False)
    others = begun.exclude(issue=mailing.issue_id).order_by("-started_at", "-pk")
    for last in others:
        its = [Progress(each) for each in begun.filter(issue=last.issue_id)]
        if count := sum(each.sent_to for each in its):
            return count, any(each.waiting or each.retrying for each in its)
    return None, False
