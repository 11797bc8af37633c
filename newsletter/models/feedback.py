"""What is reported later of mails that were accepted, or refused for good."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.deliveries import Delivery

MOST_SHOWN = 50  # sorts of reports that were left aside


class ReportKind(models.TextChoices):
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("the address does not exist")
    COMPLAINED = "complained", _("reported as spam")
    REJECTED = "rejected", _("not delivered: refused for something about our mail")
    DEFERRED = "deferred", _("not delivered: full, away or busy")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed at the provider")


class DeliveryReport(models.Model):
    """One event: only ever inserted, and taken up by the worker afterwards.

    Nothing of the address or the provider's payload is kept.
    """

    seen_by_visitors = False

    key = models.CharField(max_length=128, unique=True)  # of the provider and its event
    kind = models.CharField(_("what"), max_length=12, choices=ReportKind)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="reports")
    at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    taken_up_at = models.DateTimeField(null=True)
    # Of a mail that was refused for our fault, the provider's word and words, free of addresses.
    code = models.CharField(max_length=32, blank=True, default="", db_default="")
    said = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], name="reports_to_take_up", condition=models.Q(taken_up_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def of_a_refusal(cls, delivery: Delivery) -> None:
        """A mail server said at once that the address does not exist: it goes the same road."""
        key = hashlib.sha256(f"refused\0{delivery.uuid.hex}".encode()).hexdigest()
        about = {"kind": ReportKind.BOUNCED, "delivery": delivery, "at": timezone.now()}
        cls.objects.get_or_create(key=key, defaults=about)


class StrayReport(models.Model):
    """How many reports of a day fitted nowhere: of nobody, and without any of their content."""

    seen_by_visitors = False

    class Why(models.TextChoices):
        NO_MAIL = "no_mail", _("about no mail that this site knows")
        NEW_WORD = "new_word", _("in a word that this site does not know")
        TOO_OLD = "too_old", _("too old, or from the future")
        TAKEN_BACK = "taken_back", _("takes a complaint back, or would subscribe somebody")
        UNREADABLE = "unreadable", _("cannot be read")

    day = models.DateField(default=timezone.localdate)
    provider = models.CharField(max_length=32)
    word = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=10, choices=Why)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "provider", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "provider", "word", "why"], name="stray_reports_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.provider} {self.word}"

    @classmethod
    def add(cls, provider: str, word: str, why: str) -> None:
        about: dict[str, Any] = {"provider": provider[:32], "word": word[:40], "why": why}
        row, _is_new = cls.objects.get_or_create(day=timezone.localdate(), **about)
        cls.objects.filter(pk=row.pk).update(count=F("count") + 1)

    @classmethod
    def lately(cls) -> list[dict[str, Any]]:
        """Those of the last thirty days, added up; the most frequent first."""
        rows = cls.objects.filter(day__gt=timezone.localdate() - timedelta(days=30)).order_by()
        kinds = rows.values("provider", "word", "why")
        counted = kinds.annotate(total=Sum("count"), last=Max("day")).order_by("-total")
        return [row | {"reason": cls.Why(row["why"]).label} for row in counted[:MOST_SHOWN]]
