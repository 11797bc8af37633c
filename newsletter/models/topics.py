"""What subscribers can choose to hear about."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable


class Topic(ClusterableModel):
    """Its slug is what the ledger keeps; its names are for people."""

    slug = models.SlugField(
        _("short name"), unique=True, help_text=_("Kept in what people agreed to: choose once.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    offered = models.BooleanField(
        _("offered"),
        default=True,
        help_text=_("Shown in the sign-up form. Who has chosen it keeps it."),
    )

    class Meta:
        verbose_name = _("Topic")
        verbose_name_plural = _("Topics")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.label or self.slug

    @property
    def label(self) -> str:
        """Its name in the language of the moment, else in English."""
        return self._words("name")

    @property
    def description(self) -> str:
        return self._words("description")

    def _words(self, field: str) -> str:
        said = {label.language: getattr(label, field) for label in self.labels.all()}
        return said.get(get_language() or "") or said.get(settings.LANGUAGE_CODE, "")


class TopicLabel(Orderable):
    topic = ParentalKey(Topic, on_delete=models.CASCADE, related_name="labels")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("description"), max_length=160, blank=True)

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "language"], name="one_label_a_topic_and_language"
            )
        ]

    def __str__(self) -> str:
        return self.name
