"""What a delivery can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("waiting")
    CLAIMED = "claimed", _("next in line")
    SENDING = "sending", _("being sent")
    RETRY = "retry", _("tried again later")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    UNCERTAIN = "uncertain", _("uncertain")
    SKIPPED = "skipped", _("not sent")


class SkipReason(models.TextChoices):
    GONE = "gone", _("nothing is known of the recipient any more")
    LEFT = "left", _("has left")
    SUPPRESSED = "suppressed", _("is not to be written to")
    LATE = "late", _("came too late")
    CANCELLED = "cancelled", _("the mailing was cancelled")
    TOPIC = "topic", _("no longer wants the topic")
    TWICE = "twice", _("the new address is in the mailing already")
