"""When a mailing pauses by itself: before the large mail services stop us.

Only what happened since an editor said "Go on" counts: who knows of it need not be told again.
"""

from django.db.models import Q

from newsletter.models import DeliveryQuerySet, DeliveryReport, DeliveryState, Mailing, ReportKind
from worker.faults import Fault

Pause = Mailing.Pause
FAILURES_IN_A_ROW = 10
TOO_FEW_TO_JUDGE = 200  # mails that were accepted or refused: before, one of them is chance
MOST_BOUNCES = 0.05
A_FEW_REFUSED, MOST_REFUSED = 5, 0.05  # for our fault; no server is wrong about us so often
MOST_COMPLAINTS = 0.003  # Gmail's limit for those who send much


def fails_in_a_row(mailing: Mailing) -> bool:
    """Whether each of the last mails failed when it was tried for the first time.

    Later attempts say nothing of the others: all who failed once come one after another.
    """
    tried = _tried(mailing).filter(Q(attempts=1) | Q(state=DeliveryState.ACCEPTED))
    last = tried.exclude(state=DeliveryState.SENDING).order_by("-attempt_started_at")
    states = list(last.values_list("state", flat=True)[:FAILURES_IN_A_ROW])
    return len(states) == FAILURES_IN_A_ROW and DeliveryState.ACCEPTED not in states


def unwelcome(mailing: Mailing) -> str:
    """A Pause, where too much is refused for our fault, too many addresses do not exist or too
    many people complain; else "". Of the first a few are enough: what is mended spares all others.
    """
    tried = _tried(mailing)
    ours = [DeliveryState.REJECTED, DeliveryState.RETRY]
    refused = tried.filter(state__in=ours, fault=Fault.US).count()
    bounced = _reported(mailing, ReportKind.BOUNCED)
    complained = _reported(mailing, ReportKind.COMPLAINED)
    if refused < A_FEW_REFUSED and bounced <= MOST_BOUNCES * TOO_FEW_TO_JUDGE and not complained:
        return ""  # which spares the count of all
    answered = [DeliveryState.ACCEPTED, DeliveryState.REJECTED]
    handed_over = mailing.deliveries.filter(state__in=answered).count()
    if refused >= A_FEW_REFUSED and refused > MOST_REFUSED * handed_over:
        return Pause.REFUSED
    if handed_over < TOO_FEW_TO_JUDGE:
        return ""
    if bounced > MOST_BOUNCES * handed_over:
        return Pause.BOUNCES
    return Pause.COMPLAINTS if complained > MOST_COMPLAINTS * handed_over else ""


def _tried(mailing: Mailing) -> DeliveryQuerySet:
    tried = mailing.deliveries.filter(attempt_started_at__isnull=False)
    return tried.filter(attempt_started_at__gt=mailing.resumed_at) if mailing.resumed_at else tried


def _reported(mailing: Mailing, kind: str) -> int:
    reports = DeliveryReport.objects.filter(delivery__mailing=mailing, kind=kind)
    if mailing.resumed_at:
        reports = reports.filter(received_at__gt=mailing.resumed_at)
    return reports.values("delivery").distinct().count()
