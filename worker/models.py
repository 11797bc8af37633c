"""What the worker keeps: which site it sends for, and the mails of the outbox."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from worker import mails


class SendingMark(models.Model):
    """One row. The same is written to a file outside the database: see worker.sending_mark."""

    class Stop(models.TextChoices):
        """Why nothing is sent."""

        OTHER_MACHINE = (
            "machine",
            _("The database and the mark of this machine do not belong together."),
        )
        OTHER_ADDRESS = "address", _("The database last sent mail for another address of the site.")
        COPIED = "copied", _("The database and its mark were copied here from another folder.")
        RESTORED = "restored", _("The database is older than what was sent: it is a restored copy.")

    ONLY = 1
    seen_by_visitors = False

    installation = models.UUIDField(default=uuid.uuid4)
    site_url = models.CharField(max_length=300)
    steps = models.BigIntegerField(default=0)  # of sending: it only ever grows
    stopped = models.CharField(max_length=8, choices=Stop, blank=True)  # as the worker last found

    class Meta:
        db_table = "newsletter_sendingmark"  # its name from before there was this room
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_sending_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.site_url}: {self.steps}"


class MailState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> "OutgoingMailQuerySet":
        """To be sent now: what waits, and what a worker that died was sending."""
        waits = Q(state=MailState.WAITING, not_before__lte=Now())
        lapsed = Q(state=MailState.SENDING, held_until__lt=Now())
        return self.filter(waits | lapsed).order_by("not_before", "pk")


class OutgoingMail(models.Model):
    """One mail to one person, written already.

    waiting -> sending (committed before the mail server is called) -> accepted | waiting (again,
    later) | rejected. After a crash it is sent once more under the same Message-ID: of a mail
    that one person waits for, two are better than none.
    """

    seen_by_visitors = False

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField()
    language = models.CharField(max_length=10)
    # Blank once it is settled, as they may hold a link that is a secret.
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)

    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    held_until = models.DateTimeField(null=True)  # by the worker that is sending it
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=32, blank=True)  # SMTP or HTTP status, else a class
    error_text = models.CharField(max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "accepted", "rejected"]),
                name="outgoing_mail_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"]) | Q(settled_at__isnull=False),
                name="outgoing_mail_settled_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="outgoing_mails_open",
                condition=Q(state__in=["waiting", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.get_state_display()}"

    @property
    def message_id(self) -> str:
        return mails.message_id(self.uuid)
