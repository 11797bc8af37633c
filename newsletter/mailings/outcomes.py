"""What became of each mailing, in numbers that stay when its rows are erased."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from newsletter.mailings.progress import HAS_LEFT, LEFT
from newsletter.models import Delivery, Mailing
from newsletter.models.delivery_states import DeliveryState


@dataclass(frozen=True)
class Outcome:
    """`left`: of those it went to, since it began."""

    mailing: Mailing
    recipients: int
    accepted: int
    left: int


def outcomes(most: int) -> list[Outcome]:
    """Of the last mailings, newest first. Costs three queries, however many there are."""
    begun = Mailing.objects.filter(state__in=Mailing.STARTED).order_by("-started_at")
    mailings = list(begun.defer("html", "text")[:most])
    rows = Delivery.objects.filter(mailing__in=mailings).order_by()
    by_state = rows.values_list("mailing", "state").annotate(Count("pk"))
    left = dict(rows.filter(HAS_LEFT).values_list("mailing").annotate(Count("pk")))
    counts: dict[int, Counter[str]] = {mailing.pk: Counter() for mailing in mailings}
    for mailing, state, count in by_state:
        counts[mailing][state] = count
    return [_outcome(mailing, counts[mailing.pk], left.get(mailing.pk, 0)) for mailing in mailings]


def _outcome(mailing: Mailing, counts: Counter[str], left: int) -> Outcome:
    erased = Counter(mailing.erased_counts)
    by_state = counts + Counter({state: erased[state] for state in DeliveryState.values})
    accepted = by_state[DeliveryState.ACCEPTED]
    return Outcome(mailing, by_state.total(), accepted, left + erased[LEFT])
