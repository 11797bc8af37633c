"""One send of one frozen issue, in one language."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from newsletter.models.issues import NewsletterIssuePage
from newsletter.models.topics import Topic


class MailingQuerySet(models.QuerySet["Mailing"]):
    def due(self) -> "MailingQuerySet":
        """Scheduled, and the time has come: by the database's clock, whoever asks."""
        return self.filter(state=Mailing.State.SCHEDULED, scheduled_for__lte=Now())


class Mailing(models.Model):
    """What goes out is frozen here: no later edit of the issue changes it.

    prepared -> scheduled -> sending <-> paused, sending -> finished. A schedule that was not kept
    until `not_after` is `missed` and asks; before the end every state can be cancelled.
    Each change is an UPDATE that names the state it leaves: who comes second changes nothing.
    """

    seen_by_visitors = False  # whoever begins one raises the number: its issue is shown then

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")
        MISSED = "missed", _("missed its time")
        CANCELLED = "cancelled", _("cancelled")

    class Pause(models.TextChoices):
        EDITOR = "editor", _("an editor paused it")
        SIGN_IN = "sign_in", _("the mail server does not let us in")
        FEATURE = "feature", _("the mail provider cannot send such a mail")
        FAILURES = "failures", _("too many mails in a row failed")
        REFUSED = "refused", _("too many mail servers refuse our mail")
        BOUNCES = "bounces", _("too many addresses do not exist")
        COMPLAINTS = "complaints", _("too many people reported it as spam")

    STARTED = (State.SENDING, State.PAUSED, State.FINISHED)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(NewsletterIssuePage, models.PROTECT, related_name="mailings")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150)
    html = models.TextField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    sender = models.CharField(_("sender"), max_length=320)
    reply_to = models.CharField(_("answers go to"), max_length=320, blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"))

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PREPARED)
    pause_reason = models.CharField(max_length=10, choices=Pause, blank=True)
    scheduled_for = models.DateTimeField(_("goes out at"), null=True, blank=True)
    not_after = models.DateTimeField(_("not later than"), null=True, blank=True)
    rate_per_minute = models.PositiveIntegerField(_("mails a minute"), default=120)
    prepared_at = models.DateTimeField(default=timezone.now)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # By state, of rows that are erased after their time: the report keeps its numbers.
    erased_counts = models.JSONField(default=dict, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    resumed_at = models.DateTimeField(null=True, editable=False)  # the last time, after a pause
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mailing")
        verbose_name_plural = _("Mailings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=~Q(state="cancelled"), name="an_issue_goes_out_once"
            ),
            models.CheckConstraint(
                condition=Q(state="paused") | Q(pause_reason=""), name="only_paused_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled")
                | Q(scheduled_for__isnull=False, not_after__isnull=False),
                name="scheduled_has_times",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "paused", "finished"])
                | Q(started_at__isnull=False),
                name="started_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False)
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="finished_has_time",
            ),
        ]
        permissions = [("send_mailing", _("Can send mailings"))]

    def __str__(self) -> str:
        return f"{self.subject} ({self.language})"


DEADLINE = timedelta(hours=6)  # after the chosen time, where the editor names no other
