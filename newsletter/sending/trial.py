"""A trial of a frozen mail, to one address: counted nowhere."""

from django.utils.translation import gettext as _

from newsletter.issues.messages import IssueMessage
from newsletter.models import Mailing
from worker.transport import Transport
from worker.verdicts import VerdictKind


class TrialFailedError(Exception):
    """Why, in a sentence for the editor."""


def send_trial(mailing: Mailing, address: str) -> None:
    """Hand it over now. Raises TrialFailedError with what the mail server said."""
    transport = Transport()
    try:
        verdict = transport.send(IssueMessage(mailing).trial(address))
    finally:
        transport.close()
    if verdict.kind != VerdictKind.ACCEPTED:
        said = f"{verdict.code} {verdict.text}".strip()
        raise TrialFailedError(_("the mail server said: %s") % said)
