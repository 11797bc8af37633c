"""The log of imports, and the way to ask for one."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = 500  # runs
LONGEST_RUN = timedelta(minutes=15)  # a run that is older was cut off: its process is gone


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def asked(self) -> Self:
        return self.filter(state=ImportRun.State.ASKED)

    def open(self) -> Self:
        """Not ended yet."""
        return self.filter(state__in=ImportRun.OPEN)

    def done(self) -> Self:
        return self.filter(state__in=ImportRun.STORED)

    def of_the_directory(self) -> Self:
        """Neither of a kept answer nor a dry run."""
        return self.filter(written=None, is_trial=False)

    def latest_done(self) -> "ImportRun | None":
        """The one whose data the site shows."""
        return self.done().order_by("-started", "-pk").first()

    def data_date(self) -> date | None:
        """Of the Directory's data that the site shows; none before the first import."""
        run = self.latest_done()
        return timezone.localdate(run.data_time) if run and run.data_time else None

    def prune(self) -> None:
        """Keep the newest: an hour's tries of a Directory that is down add up."""
        kept = self.order_by("-asked", "-pk").values_list("pk", flat=True)[:KEPT]
        self.filter(pk__lt=min(kept, default=0)).delete()

    def give_up_lapsed(self) -> int:
        """Mark the runs whose process was killed. Returns their number."""
        lapsed = self.filter(
            state=ImportRun.State.RUNNING, started__lt=timezone.now() - LONGEST_RUN
        )
        return lapsed.update(
            state=ImportRun.State.FAILED, finished=timezone.now(), problem="Cut off."
        )


class ImportRun(models.Model):
    """One import, from the question to its end."""

    seen_by_visitors = False  # the import itself raises the number once it is done

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEGRADED = "degraded", _("Degraded")
        TRIED = "tried", _("Dry run")
        REFUSED = "refused", _("Stopped")
        FAILED = "failed", _("Failed")

    OPEN = (State.ASKED, State.RUNNING)
    STORED = (State.DONE, State.DEGRADED)

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    is_forced = models.BooleanField(_("withdraw even more than half"), default=False)
    is_trial = models.BooleanField(_("dry run"), default=False, db_default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    asked = models.DateTimeField(_("asked for"), default=timezone.now)
    started = models.DateTimeField(_("started"), null=True, blank=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    source = models.CharField(_("from"), max_length=500, blank=True)
    written = models.DateTimeField(
        _("written"), null=True, blank=True, help_text=_("When a kept answer was, that was read.")
    )
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)
    returned = models.PositiveIntegerField(_("back again"), default=0)
    report = models.TextField(_("what changed"), blank=True)
    notes = models.TextField(_("what was skipped or cleaned"), blank=True)
    problem = models.TextField(_("what went wrong"), blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-asked", "-pk"]
        default_permissions = ("add", "view")  # a log is added to
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["asked", "running"]),
                name="one_import_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "running"], finished__isnull=True)
                | Q(
                    state__in=["done", "degraded", "tried", "refused", "failed"],
                    finished__isnull=False,
                ),
                name="an_import_that_ended_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked:%Y-%m-%d %H:%M} {self.get_state_display()}"

    def start(self) -> bool:
        """Take an asked run; False when another process has it, or another run is going."""
        mine = ImportRun.objects.asked().filter(pk=self.pk)
        self.state, self.started = self.State.RUNNING, timezone.now()
        try:
            with transaction.atomic():
                return mine.update(state=self.state, started=self.started) == 1
        except IntegrityError:
            return False

    @property
    def is_stored(self) -> bool:
        """Its changes are on the site."""
        return self.state in self.STORED

    @property
    def data_time(self) -> datetime | None:
        """Of which the data is."""
        return self.written or self.started
