"""What people agreed to, word for word, and when: never changed, never deleted but on schedule."""

import hashlib
import json
from datetime import UTC
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visitors.notice.wording import Wording


class ConsentText(Wording):
    """The sentence beside the box, and what it leans on (GDPR art. 13(1), recital 42)."""

    link_text = models.CharField(
        _("words that link to the privacy notice"),
        max_length=120,
        help_text=_("They stand once in the text."),
    )
    notice_url = models.URLField(_("address of the privacy notice"), max_length=300)
    controller = models.CharField(
        _("controller"), max_length=200, help_text=_("Who is responsible for the data.")
    )
    purposes = models.TextField(_("purposes"), help_text=_("What the address is used for."))

    class Meta(Wording.Meta):
        verbose_name = _("Consent text")
        verbose_name_plural = _("Consent texts")

    @property
    def words(self) -> str:
        return "\n".join(
            (self.text, self.link_text, self.notice_url, self.controller, self.purposes)
        )

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The sentence before its link, the words of the link, and the rest."""
        before, link, after = self.text.partition(self.link_text)
        return before, link, after


class LedgerError(Exception):
    """The ledger takes new events. It gives none back."""


class ConsentEventQuerySet(models.QuerySet["ConsentEvent"]):
    def update(self, **fields: Any) -> NoReturn:
        raise LedgerError

    def delete(self) -> NoReturn:
        raise LedgerError

    def of(self, subject: str) -> "ConsentEventQuerySet":
        """One person's history, oldest first."""
        return self.filter(subject=subject).order_by("seq")


class EventKind(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    TOPICS_CHANGED = "topics_changed", _("topics changed")
    LANGUAGE_CHANGED = "language_changed", _("language changed")
    LEFT = "left", _("left")
    RETURNED = "returned", _("undid leaving")
    RECONSENTED = "reconsented", _("agreed to the new text")
    ADDRESS_LEFT = "address_left", _("changed to another address")
    ADDRESS_TAKEN = "address_taken", _("changed from another address")
    SUPPRESSED = "suppressed", _("not written to any more")
    ERASED = "erased", _("erased")


class EventMethod(models.TextChoices):
    FORM = "form", _("sign-up form and confirmed mail")
    IMPORT = "import", _("import with evidence and confirmed mail")
    PAGE = "page", _("own page")
    MAIL_LINK = "mail_link", _("link in a mail")
    ONE_CLICK = "one_click", _("button of the mail program")
    PROVIDER = "provider", _("report of the mail provider")
    ADMIN = "admin", _("the site's staff, on request")
    SCHEDULE = "schedule", _("end of the time it is kept")


class ConsentEvent(models.Model):
    """One act of one person, known by the keyed hash of the address alone (GDPR art. 7(1)).

    A person's events are numbered and each holds the hash of the one before, so that an event
    changed or taken from the middle shows. Database triggers refuse UPDATE, DELETE and TRUNCATE.
    """

    seen_by_visitors = False

    Kind, Method = EventKind, EventMethod

    subject = models.CharField(max_length=64, editable=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=20, choices=EventKind)
    method = models.CharField(_("how"), max_length=12, choices=EventMethod)
    consent_text = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10)
    topics = models.JSONField(_("topics"), default=list)  # slugs, as they were after the act
    evidence = models.JSONField(_("evidence"), default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    row_hash = models.CharField(max_length=64, editable=False)

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="a_persons_events_in_order"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="events_begin_at_one"),
            models.CheckConstraint(
                condition=models.Q(kind__in=EventKind.values), name="event_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=EventMethod.values), name="event_method_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerError
        self.row_hash = self.hash()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerError

    def hash(self) -> str:
        """SHA-256 of all it says and of the event before it, as JSON with sorted names."""
        text = self.consent_text
        said = {
            "subject": self.subject,
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": self.kind,
            "method": self.method,
            "text": text and [text.language, text.version, text.sha256],
            "language": self.language,
            "topics": self.topics,
            "evidence": self.evidence,
            "previous": self.previous_hash,
        }
        written = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


class LedgerPurge(models.Model):
    """The one way past the triggers, and its log: they let DELETE through while one is open.

    Of events from before `older_than`, that is. It is opened and closed within one transaction, so
    that nobody else meets it open; the triggers keep it from then on.
    """

    seen_by_visitors = False
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    older_than = models.DateTimeField()
    events = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}: {self.events}"
