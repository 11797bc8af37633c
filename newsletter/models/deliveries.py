"""One row a mail: the queue, and the only truth about what went out."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.consent import ConsentText
from newsletter.models.delivery_states import (
    NOT_BEGUN,
    OPEN,
    DeliveryState,
    DeliveryTransitions,
    SkipReason,
)
from newsletter.models.subscribers import AddressChange, SignUp, Subscriber
from worker import mails
from worker.faults import Fault


class DeliveryKind(models.TextChoices):
    CONFIRM = "confirm", _("please confirm")
    KNOWN = "known", _("you are already subscribed")
    MANAGE_LINK = "manage_link", _("link to the own page")
    CHANGE_LINK = "change_link", _("link to change the address")
    DATA_LINK = "data_link", _("link to the own data")
    ERASE_LINK = "erase_link", _("link to be erased")
    CONFIRM_ADDRESS = "confirm_address", _("please confirm the new address")
    ADDRESS_CHANGED = "address_changed", _("the address was changed")
    GOODBYE = "goodbye", _("you have left")
    RECONSENT = "reconsent", _("do you agree to the new text?")
    ISSUE = "issue", _("newsletter issue")


class DeliveryQuerySet(DeliveryTransitions["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        """Not settled: something may still be sent."""
        return self.filter(state__in=OPEN)

    def lately(self, kind: str, span: timedelta) -> "DeliveryQuerySet":
        """Mails of a kind that were queued within this time."""
        return self.filter(kind=kind, made_at__gt=timezone.now() - span)

    def follow(self, subject: str) -> None:
        """Send what waits to another address, unless that is in the same mailing already."""
        waiting = self.filter(state__in=NOT_BEGUN)
        there = Delivery.objects.filter(recipient=subject, mailing__isnull=False)
        waiting.filter(mailing__in=there.values("mailing")).skip(SkipReason.TWICE)
        waiting.update(recipient=subject)

    def to_sign_up(self, kind: str, sign_up: SignUp) -> "Delivery":
        """Queue a mail to whoever typed an address; the one that is queued already counts."""
        about = {"language": sign_up.language, "recipient": sign_up.subject, "not_before": Now()}
        return self.get_or_create(sign_up=sign_up, kind=kind, defaults=about)[0]

    def to_subscriber(self, kind: str, subscriber: Subscriber, **more: Any) -> "Delivery":
        about = {"recipient": subscriber.subject, "not_before": Now()} | more
        return self.create(kind=kind, subscriber=subscriber, language=subscriber.language, **about)


class Delivery(models.Model):
    """What goes to one person. No address is kept here: it is read when the mail is sent.

    How its state moves on stands in `delivery_states.py`.
    """

    seen_by_visitors = False
    # for all others, the person just asked
    NEED_CONSENT = (DeliveryKind.ISSUE, DeliveryKind.RECONSENT)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=DeliveryKind)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    recipient = models.CharField(max_length=64, editable=False)  # keyed hash of the address
    # Not indexed alone where a constraint below begins with it: each message writes all indexes.
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        db_index=False,
        null=True,
        blank=True,
        related_name="deliveries",
    )
    mailing = models.ForeignKey(
        "newsletter.Mailing",
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="deliveries",
    )
    sign_up = models.ForeignKey(
        SignUp, models.SET_NULL, db_index=False, null=True, blank=True, related_name="deliveries"
    )
    address_change = models.ForeignKey(
        AddressChange, models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    consent_text = models.ForeignKey(  # that a RECONSENT asks to agree to
        ConsentText, models.PROTECT, null=True, blank=True, related_name="+"
    )

    state = models.CharField(
        _("state"), max_length=9, choices=DeliveryState, default=DeliveryState.PENDING
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # A mail that somebody waits for was handed over and no answer came: it goes out once more.
    in_doubt = models.BooleanField(default=False, editable=False)
    attempt_started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("settled"), null=True, editable=False)
    provider_id = models.CharField(max_length=128, blank=True, editable=False)
    skip_reason = models.CharField(_("why not"), max_length=10, choices=SkipReason, blank=True)
    error_code = models.CharField(max_length=32, blank=True)  # SMTP or HTTP status, else a class
    error_text = models.CharField(_("said by the mail server"), max_length=300, blank=True)
    # Whom the last refusal speaks of, or a report on what was accepted.
    fault = models.CharField(max_length=6, choices=Fault, blank=True, default="", db_default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Delivery")
        verbose_name_plural = _("Deliveries")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.UniqueConstraint(
                fields=["mailing", "recipient"], name="a_mailing_once_to_a_person"
            ),
            models.CheckConstraint(
                condition=Q(kind="issue", mailing__isnull=False)
                | (~Q(kind="issue") & Q(mailing__isnull=True)),
                name="an_issue_has_a_mailing",
            ),
            models.UniqueConstraint(
                fields=["sign_up", "kind"], name="a_mail_of_a_kind_for_a_sign_up"
            ),
            models.UniqueConstraint(
                fields=["subscriber", "consent_text"], name="asked_once_to_agree_to_a_text"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "sending"])
                | Q(claim__isnull=False, claimed_until__isnull=False),
                name="delivery_claimed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(attempt_started_at__isnull=False),
                name="delivery_sending_has_begun",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "claimed", "sending", "retry"])
                | Q(finished_at__isnull=False),
                name="delivery_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(skip_reason=""), name="delivery_skip_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "not_before", "id"],
                name="deliveries_waiting",
                condition=Q(state__in=["pending", "retry"]),
            ),
            models.Index(
                fields=["claimed_until"],
                name="deliveries_held",
                condition=Q(state__in=["claimed", "sending"]),
            ),
            models.Index(
                fields=["mailing", "not_before", "id"],
                name="deliveries_due_of_a_mailing",
                condition=Q(state__in=["pending", "retry"]),
            ),
            models.Index(fields=["mailing", "state"], name="deliveries_of_a_mailing"),
            models.Index(
                fields=["mailing", "attempt_started_at"],
                name="attempts_of_a_mailing",
                condition=Q(attempt_started_at__isnull=False),
            ),
            models.Index(fields=["recipient", "kind", "made_at"], name="deliveries_of_a_person"),
            models.Index(  # of plain SMTP there is none
                fields=["provider_id"],
                name="deliveries_at_a_provider",
                condition=~Q(provider_id=""),
            ),
            models.Index(
                fields=["subscriber"], name="deliveries_put_off", condition=Q(fault="moment")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    @property
    def is_sent_once(self) -> bool:
        """Whether another doubt about it is the last."""
        return self.in_doubt or self.kind in self.NEED_CONSENT

    @property
    def without_success(self) -> str:
        """What it is when no attempt is known to have succeeded, and none follows."""
        return DeliveryState.UNCERTAIN if self.in_doubt else DeliveryState.REJECTED

    @property
    def message_id(self) -> str:
        return mails.message_id(self.uuid)

    @property
    def metadata(self) -> dict[str, str]:
        return {mails.METADATA: self.uuid.hex}
