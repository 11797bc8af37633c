"""Who asked for the newsletter, and who has it."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter import addresses
from newsletter.models.consent import ConsentText
from newsletter.models.suppression import Suppression
from newsletter.models.topics import Topic


class WithAddress(models.Model):
    """`subject` is the keyed hash of the address, in every table that speaks of the person."""

    seen_by_visitors = False
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.CharField(_("address"), max_length=addresses.LONGEST_ADDRESS)
    subject = models.CharField(max_length=64, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Nothing of the address: logs and histories keep this after it is erased."""
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def masked(self) -> str:
        return addresses.read(self.address).masked if self.address else ""

    def change(self, **fields: Any) -> None:
        """Write these columns and no others."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))


class SignUpState(models.TextChoices):
    WAITING = "waiting", _("not looked at yet")
    PARKED = "parked", _("parked: too many at once")
    ASKED = "asked", _("asked to confirm")
    KNOWN = "known", _("is a subscriber already")
    DROPPED = "dropped", _("never to be written to")
    CONFIRMED = "confirmed", _("confirmed")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def to_decide(self) -> "SignUpQuerySet":
        """The undecided, and the parked that may be let go: oldest first."""
        undecided = self.filter(state__in=[SignUp.State.WAITING, SignUp.State.PARKED])
        free = Q(parked_until=None) | Q(parked_until__lte=timezone.now())
        return undecided.filter(free).order_by("pk")


class SignUp(WithAddress):
    """Somebody typed an address. Whose it is shows when its owner confirms.

    A form's POST makes one such row, whatever the address; the worker decides the rest.
    """

    State = SignUpState

    class Origin(models.TextChoices):
        FORM = "form", _("form")
        IMPORT = "import", _("import")

    topics = models.JSONField(_("topics"), default=list)  # slugs
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    origin = models.CharField(_("from"), max_length=6, choices=Origin, default=Origin.FORM)
    page = models.CharField(_("page"), max_length=300, blank=True)  # path of the form
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)  # of an import
    network = models.CharField(max_length=64, blank=True, editable=False)  # keyed hash
    mailbox = models.CharField(max_length=64, editable=False)  # keyed hash, see Address.mailbox
    # Parked for its mailbox, which was asked enough. None: for its network, or for the whole site.
    parked_until = models.DateTimeField(null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=SignUpState, default=SignUpState.WAITING
    )
    made_at = models.DateTimeField(_("asked for"), default=timezone.now, db_index=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sign-up")
        verbose_name_plural = _("Sign-ups")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SignUpState.values), name="sign_up_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at__isnull=True)),
                name="sign_up_confirmed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="sign_ups_to_decide",
                condition=Q(state__in=["waiting", "parked"]),
            ),
            models.Index(fields=["network", "decided_at"], name="sign_ups_of_a_network"),
        ]

    @property
    def is_import(self) -> bool:
        return self.origin == self.Origin.IMPORT


class Asking(models.Model):
    """That a mailbox was asked to confirm: to count by, for longer than its sign-ups are kept."""

    seen_by_visitors = False
    KEPT = timedelta(days=30)  # as far back as is counted

    mailbox = models.CharField(max_length=64)  # keyed hash, see Address.mailbox
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["mailbox", "at"], name="askings_of_a_mailbox")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def confirmed(self) -> "SubscriberQuerySet":
        return self.filter(state=Subscriber.State.CONFIRMED)

    def reachable(self) -> "SubscriberQuerySet":
        """Confirmed, and not on the list of those never to be written to."""
        return self.confirmed().exclude(
            subject__in=Suppression.objects.standing().values("subject")
        )


class Subscriber(WithAddress):
    """Confirmed by the mailbox's owner. The ledger says so too; `verify_consent` compares."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        LEFT = "left", _("left")

    key = models.CharField(max_length=addresses.LONGEST_ADDRESS, unique=True, editable=False)
    # In links, but not to leave. Anew with each address: the former mailbox may be another's now.
    page_uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.CONFIRMED)
    topics = models.ManyToManyField(Topic, through="Subscription", verbose_name=_("topics"))
    consent_text = models.ForeignKey(
        ConsentText, models.PROTECT, related_name="subscribers", verbose_name=_("agreed to")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Subscriber")
        verbose_name_plural = _("Subscribers")
        ordering = ["-confirmed_at"]
        constraints = [
            models.UniqueConstraint(fields=["subject"], name="one_subscriber_a_subject"),
            models.CheckConstraint(
                condition=Q(state="confirmed", left_at__isnull=True)
                | Q(state="left", left_at__isnull=False),
                name="subscriber_left_has_time",
            ),
        ]
        permissions = [("export_subscriber", "Can export subscribers")]

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def left_just_now(self) -> bool:
        """So long a page undoes it; then a link in the mailbox: other mails are passed on."""
        return self.left_at is not None and self.left_at > timezone.now() - timedelta(hours=1)

    def locked(self) -> "Subscriber":
        """The row as it is now, held until the transaction ends. Raises DoesNotExist."""
        return Subscriber.objects.select_for_update().get(pk=self.pk)

    def topic_slugs(self) -> list[str]:
        return sorted(self.topics.values_list("slug", flat=True))


class Subscription(models.Model):
    """One topic of one subscriber, and since when."""

    seen_by_visitors = False
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="subscriptions")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "topic"], name="a_topic_once")]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.topic}"


class LinkRequest(models.Model):
    """Somebody asked for the link to their own page. The worker knows whether there is one."""

    seen_by_visitors = False
    address = models.CharField(max_length=addresses.LONGEST_ADDRESS)
    subject = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def standing(self) -> "AddressChangeQuerySet":
        """Those since which the subscriber has confirmed no other: the older links are void."""
        since = Coalesce("confirmed_at", "made_at")
        others = AddressChange.objects.filter(subscriber=OuterRef("subscriber"))
        later = others.exclude(pk=OuterRef("pk")).filter(confirmed_at__gt=OuterRef("since"))
        return self.alias(since=since).exclude(Exists(later))


class AddressChange(models.Model):
    """A subscriber named a new address. Nothing changes until its owner confirms."""

    seen_by_visitors = False
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="address_changes")
    old_address = models.CharField(max_length=addresses.LONGEST_ADDRESS)
    new_address = models.CharField(max_length=addresses.LONGEST_ADDRESS)
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
