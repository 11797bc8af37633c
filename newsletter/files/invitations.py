"""From a file to sign-ups that are asked to confirm. Nobody's present state is ever changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import subject_of
from newsletter.files import imports
from newsletter.files.columns import Reading
from newsletter.files.imports import Fault, Row
from newsletter.files.tables import Table, UnreadableError
from newsletter.models import SignUp, Subscriber, Suppression, Topic
from newsletter.subscribers.offer import current_offer

CHUNK = 400  # rows looked up at once: SQLite takes no more than so many values in a query
FAULTS_TOLD = 100
OPEN = (SignUp.State.WAITING, SignUp.State.PARKED, SignUp.State.ASKED)


class Left(models.TextChoices):
    """Why a good row is left out."""

    AWAY = "away", _("Left there, by what the file says: is not asked")
    TWICE = "twice", _("The address stands in the file a second time")
    SUBSCRIBER = "subscriber", _("Is a subscriber already: stays as is")
    GONE = "gone", _("Has left: is not asked again")
    SUPPRESSED = "suppressed", _("Is on the list of those never to be written to")
    ASKED = "asked", _("Is being asked to confirm already")


@dataclass
class Report:
    """What a file comes to. It names lines, never addresses."""

    fit: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)  # the first ones

    def note(self, fault: Fault) -> None:
        self.faulty += 1
        if len(self.faults) < FAULTS_TOLD:
            self.faults.append(fault)

    @property
    def left_lines(self) -> list[tuple[str, int]]:
        return [(str(why.label), self.left_out[why]) for why in Left if self.left_out[why]]

    @property
    def unnamed_faults(self) -> int:
        return self.faulty - len(self.faults)


def check(table: Table, reading: Reading) -> Report:
    """What an import would do, without doing it. Raises UnreadableError."""
    report = Report()
    for _fit in _fit_rows(table, reading, report):
        pass
    return report


@transaction.atomic
def invite(table: Table, reading: Reading, source: dict[str, Any]) -> Report:
    """Make the sign-ups: all of them, or none. `source`: what is kept of where they come from.

    Raises UnreadableError.
    """
    report = Report()
    for fit in _fit_rows(table, reading, report):
        SignUp.objects.bulk_create([_sign_up(row, source) for row in fit])
    return report


def _fit_rows(table: Table, reading: Reading, report: Report) -> Iterator[list[Row]]:
    if not current_offer().texts:
        raise UnreadableError(_("Publish a consent text first: there is none to agree to."))
    seen: set[str] = set()
    topics = list(Topic.objects.values_list("slug", flat=True))
    read = imports.rows(table, reading, topics)
    while chunk := list(islice(read, CHUNK)):
        yield _sift(_good(chunk, report), seen, report)


def _good(chunk: Iterable[Row | Fault], report: Report) -> Iterator[Row]:
    for row in chunk:
        if isinstance(row, Fault):
            report.note(row)
        else:
            yield row


def _sift(good: Iterable[Row], seen: set[str], report: Report) -> list[Row]:
    """The rows that are fit; the report counts them, and why others are not."""
    fresh = []
    for row in good:
        if row.has_left:
            report.left_out[Left.AWAY] += 1
        elif row.address.subject in seen:
            report.left_out[Left.TWICE] += 1
        else:
            seen.add(row.address.subject)
            fresh.append(row)
    reasons = _reasons([row.address.subject for row in fresh])
    fit = [row for row in fresh if row.address.subject not in reasons]
    report.left_out.update(reasons.values())
    report.fit += len(fit)
    return fit


def _reasons(subjects: Sequence[str]) -> dict[str, str]:
    """Why to leave somebody out, by subject: the strongest reason."""
    reasons: dict[str, str] = {}
    asked = SignUp.objects.filter(subject__in=subjects, state__in=OPEN)
    reasons |= dict.fromkeys(asked.values_list("subject", flat=True), Left.ASKED)
    known = Subscriber.objects.filter(subject__in=subjects).values_list("subject", "state")
    for subject, state in known:
        is_in = state == Subscriber.State.CONFIRMED
        reasons[subject] = Left.SUBSCRIBER if is_in else Left.GONE
    never = Suppression.objects.standing().filter(subject__in=subjects)
    return reasons | dict.fromkeys(never.values_list("subject", flat=True), Left.SUPPRESSED)


def _sign_up(row: Row, source: dict[str, Any]) -> SignUp:
    text = current_offer().text(row.language)
    asked_at = row.asked_at.isoformat()
    return SignUp(
        address=str(row.address),
        subject=row.address.subject,
        mailbox=subject_of(row.address.mailbox),
        language=row.language,
        topics=list(row.topics),
        consent_text=text,
        origin=SignUp.Origin.IMPORT,
        evidence={"how": row.how, "asked_at": asked_at, "line": row.line, **source},
    )
