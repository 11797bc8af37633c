"""What the staff do with the newsletter, in Wagtail's log of who did what: never an address."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

from visitors.notice import publishing

PUBLISH = "newsletter.publish_text"
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
    label = _("Publish a consent text")
    changed = _("Published version %(version)s of the consent text: the meaning changed")
    mended = _("Published version %(version)s of the consent text: the meaning is as it was")


SENTENCES: dict[str, tuple[Promise, Promise]] = {}


def _act(name: str, label: Promise, sentence: Promise) -> str:
    """Give an act its name in the log, what it is called there, and what an entry says."""
    SENTENCES[name] = label, sentence
    return name


LEAVE = _act("newsletter.leave", _("Stop all mail"), _("Stopped all mail on the person's request"))
ERASE = _act("newsletter.erase", _("Erase a subscriber"), _("Erased on the person's request"))
EXPORT = _act(
    "newsletter.export", _("Export subscribers"), _("Exported subscribers as %(format)s: %(count)s")
)
IMPORT = _act(
    "newsletter.import",
    _("Import sign-ups"),
    _("Imported sign-ups, to be asked to confirm: %(count)s"),
)
RECONSENT = _act(
    "newsletter.reconsent",
    _("Ask to agree anew"),
    _("Asked subscribers to agree to version %(version)s: %(count)s"),
)
SUPPRESS = _act(
    "newsletter.suppress",
    _("Suppress an address"),
    _("Entered an address never to be written to: %(reason)s"),
)
LIFT = _act(
    "newsletter.lift",
    _("Lift a suppression"),
    _("Lifted: the address may be written to again: %(reason)s"),
)
PREPARE = _act("newsletter.prepare", _("Prepare a mailing"), _("Froze the issue for a mailing"))
TRY = _act("newsletter.try", _("Try a mailing"), _("Sent a test of it to one address"))
SEND = _act(
    "newsletter.send", _("Send a mailing"), _("Had it go out on %(at)s to %(count)s people")
)
UNSCHEDULE = _act("newsletter.unschedule", _("Unschedule a mailing"), _("Took it off the schedule"))
PAUSE = _act("newsletter.pause", _("Pause a mailing"), _("Paused it"))
RESUME = _act("newsletter.resume", _("Go on with a mailing"), _("Let it go on"))
CANCEL = _act("newsletter.cancel", _("Cancel a mailing"), _("Cancelled it"))
TREAT_AS_SENT = _act(
    "newsletter.treat_as_sent",
    _("Treat mails as sent"),
    _("Treated %(count)s uncertain mails as sent"),
)
SEND_AGAIN = _act(
    "newsletter.send_again", _("Send mails again"), _("Had %(count)s uncertain mails sent again")
)


def register(actions: LogActionRegistry) -> None:
    actions.register_action(PUBLISH)(PublishSentence)
    for act, (label, sentence) in SENTENCES.items():
        formatter = type("ActSentence", (Sentence,), {"label": label, "sentence": sentence})
        actions.register_action(act)(formatter)
