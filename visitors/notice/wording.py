"""Wording that people are asked to agree to: each version in each language, word for word."""

import hashlib
from collections.abc import Mapping
from typing import Any, NoReturn

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FIRST = 1


class PublishedWordingError(Exception):
    """Somebody's answer leans on these words: they are neither changed nor deleted."""


class SameWordsError(Exception):
    """The last version says the same."""


class WordingQuerySet(models.QuerySet[Any]):
    def update(self, **fields: Any) -> NoReturn:
        raise PublishedWordingError

    def delete(self) -> NoReturn:
        raise PublishedWordingError


class Wording(models.Model):
    """A version of a text in one language. What is stored is published and stays as it is.

    The version is the same in every language. `material`: the meaning changed, so that an answer
    to an earlier version no longer holds (GDPR art. 7(1)).
    """

    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64, editable=False)
    material = models.BooleanField(_("the meaning changed"))
    published_at = models.DateTimeField(_("published"), default=timezone.now, editable=False)

    objects = WordingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-version", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "version"], name="%(class)s_once_a_version"
            ),
            models.CheckConstraint(
                condition=models.Q(version__range=(1, 999)), name="%(class)s_version_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PublishedWordingError
        self.sha256 = hashlib.sha256(self.words.encode()).hexdigest()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PublishedWordingError

    @classmethod
    @transaction.atomic
    def publish(cls, texts: Mapping[str, Mapping[str, str]], *, material: bool) -> int:
        """Publish a version: what its fields say, by language. Returns its number.

        Raises IntegrityError where somebody else publishes at the same moment.
        """
        version = cls.last_version() + 1
        now = timezone.now()
        for language, said in texts.items():
            cls._default_manager.create(
                language=language,
                version=version,
                material=material or version == FIRST,
                published_at=now,
                **said,
            )
        return version

    @classmethod
    def last_version(cls) -> int:
        """0 where none is published."""
        return cls._default_manager.aggregate(last=models.Max("version"))["last"] or 0

    @property
    def words(self) -> str:
        """All that was shown, as it is hashed."""
        return self.text
