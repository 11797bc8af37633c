"""What a mail provider reports later of what it accepted."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.deliveries import Delivery


class ReportKind(models.TextChoices):
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("the address does not exist")
    COMPLAINED = "complained", _("reported as spam")
    REJECTED = "rejected", _("not delivered")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed at the provider")


class DeliveryReport(models.Model):
    """One event of a webhook: only ever inserted, and taken up by the worker afterwards.

    Nothing of the address or the provider's payload is kept.
    """

    seen_by_visitors = False

    key = models.CharField(max_length=128, unique=True)  # of the provider and its event
    kind = models.CharField(_("what"), max_length=12, choices=ReportKind)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="reports")
    at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    taken_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], name="reports_to_take_up", condition=models.Q(taken_up_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
