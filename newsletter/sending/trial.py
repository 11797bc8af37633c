"""A trial of an issue's mail, to one address: counted nowhere."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Revision

from newsletter.issues.composing import compose
from newsletter.issues.freezing import picture_seen, problems_of_head
from newsletter.issues.messages import IssueMessage, as_trial
from newsletter.models import Mailing, NewsletterIssuePage
from worker.transport import Transport
from worker.verdicts import VerdictKind

MOMENT = timedelta(milliseconds=1)


class TrialFailedError(Exception):
    """Why, in a sentence for the editor."""


def send_trial(mailing: Mailing, address: str) -> None:
    """Hand it over now. Raises TrialFailedError with what the mail server said."""
    transport = Transport()
    try:
        verdict = transport.send(IssueMessage(as_trial(mailing)).trial(address))
    finally:
        transport.close()
    if verdict.kind != VerdictKind.ACCEPTED:
        said = f"{verdict.code} {verdict.text}".strip()
        raise TrialFailedError(_("the mail server said: %s") % said)


def send_draft(issue: NewsletterIssuePage, address: str) -> Revision:
    """The latest revision, whatever still has to be mended. Returns the copy that its link shows.

    Raises TrialFailedError, also where no mail can have such a head.
    """
    page = issue.latest_revision.as_object()
    if problems := problems_of_head(page):
        raise TrialFailedError(" ".join(map(str, problems)))
    draft = compose(page, picture_seen)
    mailing = Mailing(
        issue=page,
        revision=_kept(issue.latest_revision),
        language=page.locale.language_code,
        subject=draft.subject,
        html=draft.html,
        text=draft.text,
        sender=settings.DEFAULT_FROM_EMAIL,
        reply_to=settings.MAIL_REPLY_TO,
    )
    try:
        send_trial(mailing, address)
    except TrialFailedError:
        mailing.revision.delete()
        raise
    return mailing.revision


def _kept(latest: Revision) -> Revision:
    """Whoever goes on writing writes over the latest revision. The copy is older, so that nobody
    is told that there is a newer one.
    """
    copied = ("content_type", "base_content_type", "object_id", "object_str", "user", "content")
    as_it_is = {name: getattr(latest, name) for name in copied}
    return Revision.objects.create(created_at=latest.created_at - MOMENT, **as_it_is)
