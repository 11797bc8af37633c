"""What the staff do with the newsletter, in Wagtail's log of who did what: never an address."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

from visitors.notice import publishing

LEAVE = "newsletter.leave"
ERASE = "newsletter.erase"
EXPORT = "newsletter.export"
IMPORT = "newsletter.import"
PUBLISH = "newsletter.publish_text"
RECONSENT = "newsletter.reconsent"
SUPPRESS = "newsletter.suppress"
LIFT = "newsletter.lift"
PREPARE = "newsletter.prepare"
TRY = "newsletter.try"
SEND = "newsletter.send"
UNSCHEDULE = "newsletter.unschedule"
PAUSE = "newsletter.pause"
RESUME = "newsletter.resume"
CANCEL = "newsletter.cancel"
TREAT_AS_SENT = "newsletter.treat_as_sent"
SEND_AGAIN = "newsletter.send_again"
User = AbstractBaseUser | AnonymousUser


def write(row: Model, action: str, user: User, **data: Any) -> None:
    """Log an act on a row."""
    ModelLogEntry.objects.log_action(row, action, user=user, data=data)


def write_of_many(model: type[Model], action: str, user: User, **data: Any) -> None:
    """Log an act on many rows at once, under their plural name."""
    title = str(model._meta.verbose_name_plural)
    ModelLogEntry.objects.log_action(model(pk=0), action, user=user, title=title, data=data)


class Sentence(LogFormatter):
    """A sentence that is filled with the entry's data."""

    sentence: str | Promise

    def format_message(self, log_entry: ModelLogEntry) -> str:
        return str(self.sentence) % log_entry.data


class PublishSentence(publishing.PublishSentence):
    label = gettext_lazy("Publish a consent text")
    changed = gettext_lazy("Published version %(version)s of the consent text: the meaning changed")
    mended = gettext_lazy(
        "Published version %(version)s of the consent text: the meaning is as it was"
    )


ACTS: dict[str, tuple[Promise, Promise]] = {
    LEAVE: (
        gettext_lazy("Stop all mail"),
        gettext_lazy("Stopped all mail on the person's request"),
    ),
    ERASE: (gettext_lazy("Erase a subscriber"), gettext_lazy("Erased on the person's request")),
    EXPORT: (
        gettext_lazy("Export subscribers"),
        gettext_lazy("Exported subscribers as %(format)s: %(count)s"),
    ),
    IMPORT: (
        gettext_lazy("Import sign-ups"),
        gettext_lazy("Imported sign-ups, to be asked to confirm: %(count)s"),
    ),
    RECONSENT: (
        gettext_lazy("Ask to agree anew"),
        gettext_lazy("Asked subscribers to agree to version %(version)s: %(count)s"),
    ),
    SUPPRESS: (
        gettext_lazy("Suppress an address"),
        gettext_lazy("Entered an address never to be written to: %(reason)s"),
    ),
    LIFT: (
        gettext_lazy("Lift a suppression"),
        gettext_lazy("Lifted: the address may be written to again: %(reason)s"),
    ),
    PREPARE: (gettext_lazy("Prepare a mailing"), gettext_lazy("Froze the issue for a mailing")),
    TRY: (gettext_lazy("Try a mailing"), gettext_lazy("Sent a test of it to one address")),
    SEND: (
        gettext_lazy("Send a mailing"),
        gettext_lazy("Had it go out on %(at)s to %(count)s people"),
    ),
    UNSCHEDULE: (gettext_lazy("Unschedule a mailing"), gettext_lazy("Took it off the schedule")),
    PAUSE: (gettext_lazy("Pause a mailing"), gettext_lazy("Paused it")),
    RESUME: (gettext_lazy("Go on with a mailing"), gettext_lazy("Let it go on")),
    CANCEL: (gettext_lazy("Cancel a mailing"), gettext_lazy("Cancelled it")),
    TREAT_AS_SENT: (
        gettext_lazy("Treat mails as sent"),
        gettext_lazy("Treated %(count)s uncertain mails as sent"),
    ),
    SEND_AGAIN: (
        gettext_lazy("Send mails again"),
        gettext_lazy("Had %(count)s uncertain mails sent again"),
    ),
}


def register(actions: LogActionRegistry) -> None:
    actions.register_action(PUBLISH)(PublishSentence)
    for act, (label, sentence) in ACTS.items():
        formatter = type("ActSentence", (Sentence,), {"label": label, "sentence": sentence})
        actions.register_action(act)(formatter)
