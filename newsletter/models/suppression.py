"""Who is not written to, known by the hash of the address alone."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def standing(self) -> "SuppressionQuerySet":
        return self.filter(lifted_at=None)


class Suppression(models.Model):
    """A hash that is not written to. It outlives the address, so that no import brings it back.

    A fresh, confirmed sign-up lifts what `CONFIRMATION_LIFTS`; the other reasons keep even the
    request to confirm from being sent, and so does for a month that the address does not exist.
    """

    seen_by_visitors = False

    class Reason(models.TextChoices):
        ERASED = "erased", _("erased on request")
        BOUNCED = "bounced", _("the address does not exist")
        COMPLAINED = "complained", _("reported our mail as spam")
        NEVER = "never", _("asked never to be written to")
        STAFF = "staff", _("entered by the site's staff")

    CONFIRMATION_LIFTS = (Reason.ERASED, Reason.BOUNCED)

    subject = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    since = models.DateTimeField(_("since"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Suppression")
        verbose_name_plural = _("Suppressions")
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(lifted_at=None), name="suppressed_once"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["erased", "bounced", "complained", "never", "staff"]),
                name="suppression_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.since:%Y-%m-%d}"

    @classmethod
    def add(cls, subject: str, reason: str) -> None:
        """Suppress. The first reason stands, unless a confirmed sign-up would lift it."""
        standing: dict[str, Any] = {"subject": subject, "lifted_at": None}
        row, is_new = cls.objects.get_or_create(**standing, defaults={"reason": reason})
        if not is_new and row.reason in cls.CONFIRMATION_LIFTS:
            row.reason, row.since = reason, timezone.now()
            row.save(update_fields=["reason", "since"])

    @classmethod
    def lift(cls, subject: str) -> None:
        """Lift what a confirmed sign-up lifts."""
        standing = cls.objects.standing().filter(subject=subject)
        standing.filter(reason__in=cls.CONFIRMATION_LIFTS).update(lifted_at=timezone.now())
