"""The notice above every page that asks for analytics cookies, and how often it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from visitors.cache.generation import kept
from visitors.notice.wording import FIRST, SameWordsError, Wording


class CookieNotice(Wording):
    """The notice's sentences and the link that ends them."""

    link_text = models.CharField(_("text of the link to the cookie page"), max_length=120)

    class Meta(Wording.Meta):
        verbose_name = _("Cookie notice")
        verbose_name_plural = _("Cookie notices")

    @property
    def words(self) -> str:
        return f"{self.text}\n{self.link_text}"

    @classmethod
    @transaction.atomic
    def publish(cls, texts: Mapping[str, Mapping[str, str]], *, material: bool) -> int:
        """As any wording. Raises SameWordsError, as for a form that is sent twice."""
        last = CookieNotice.objects.filter(version=cls.last_version())
        said = {each.language: {"text": each.text, "link_text": each.link_text} for each in last}
        if texts == said:
            raise SameWordsError
        return super().publish(texts, material=material)


@dataclass(frozen=True)
class CurrentNotice:
    """`version`: of the last notice whose meaning changed. A later one may mend its words."""

    version: int
    texts: dict[str, CookieNotice]

    def text(self) -> CookieNotice | None:
        """The words of the notice, in the language of the page; None where none is published."""
        wanted = get_language() or settings.LANGUAGE_CODE
        return self.texts.get(wanted) or self.texts.get(settings.LANGUAGE_CODE)


@kept
def current_notice() -> CurrentNotice:
    """The notice that holds now; each process remembers it until something is published."""
    latest: dict[str, CookieNotice] = {}
    version = FIRST
    for notice in CookieNotice.objects.order_by("version"):
        latest[notice.language] = notice
        if notice.material:
            version = notice.version
    return CurrentNotice(version, latest)


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
    def add(cls, version: int, language: str, choice: str, surface: str) -> None:
        """One more of today's."""
        row, _made = cls.objects.get_or_create(
            day=timezone.localdate(),
            policy=version,
            language=language,
            choice=choice,
            surface=surface,
        )
        cls.objects.filter(pk=row.pk).update(count=F("count") + 1)

    @classmethod
    def of_last(cls, days: int) -> "models.QuerySet[ChoiceCount]":
        return cls.objects.filter(day__gt=timezone.localdate() - timedelta(days=days))
