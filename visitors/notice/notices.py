"""The notice above every page that asks for analytics cookies, and how often it was answered."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visitors.notice.wording import Wording


class CookieNotice(Wording):
    """The banner's sentences and the link that ends them."""

    link_text = models.CharField(_("text of the link to the cookie page"), max_length=120)

    class Meta(Wording.Meta):
        verbose_name = _("Cookie notice")
        verbose_name_plural = _("Cookie notices")

    @property
    def words(self) -> str:
        return f"{self.text}\n{self.link_text}"


class ChoiceCount(models.Model):
    """How many answered so on a day. Nothing is kept of who did."""

    seen_by_visitors = False

    class Choice(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    class Surface(models.TextChoices):
        BANNER = "banner", _("banner")
        PAGE = "page", _("cookie page")

    day = models.DateField(_("day"), default=timezone.localdate)
    policy = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=10)
    choice = models.CharField(_("answer"), max_length=8, choices=Choice)
    surface = models.CharField(_("where"), max_length=6, choices=Surface)
    count = models.PositiveIntegerField(_("how often"), default=0)

    class Meta:
        ordering = ["-day", "policy", "language", "choice", "surface"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "policy", "language", "choice", "surface"],
                name="one_count_a_day_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.language} {self.choice}: {self.count}"

    @classmethod
    def add(cls, policy: int, language: str, choice: str, surface: str) -> None:
        """One more of today's."""
        kind: dict[str, Any] = {
            "policy": policy,
            "language": language,
            "choice": choice,
            "surface": surface,
        }
        row, _made = cls.objects.get_or_create(day=timezone.localdate(), **kind)
        cls.objects.filter(pk=row.pk).update(count=F("count") + 1)

    @classmethod
    def of_last(cls, days: int) -> "models.QuerySet[ChoiceCount]":
        return cls.objects.filter(day__gt=timezone.localdate() - timedelta(days=days))
