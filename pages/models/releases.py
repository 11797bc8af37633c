"""What releases brought to this site, and what of the last one waits for somebody to decide."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Shipped(models.Model):
    """Something of a release by its name there: a page's path, a record, words of a language.

    It is known on this site by `key`, wherever editors move it; without one it was deleted.
    `pieces`: the digests of what releases said, for each piece; `release` worked it through.
    """

    seen_by_visitors = False

    name = models.CharField(max_length=255, unique=True)
    key = models.UUIDField(null=True)
    release = models.CharField(max_length=64, blank=True)
    pieces = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """A piece that the release changed and this site did too: to be taken, or kept as it is."""

    seen_by_visitors = False

    class Act(models.TextChoices):
        PUT = "put"
        ADD = "add"
        DROP = "drop"

    shipped = models.ForeignKey(Shipped, on_delete=models.CASCADE, related_name="offers")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    place = models.CharField(max_length=255)  # a field, the path of a piece, the key of a row
    item = models.TextField(blank=True)  # of a list: its id; of a translation: the original's words
    after = models.CharField(max_length=40, blank=True)  # the item before it
    act = models.CharField(max_length=4, choices=Act, default=Act.PUT)
    value = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # as the release says it

    class Meta:
        ordering = ["shipped__name", "pk"]

    def __str__(self) -> str:
        return f"{self.shipped} {self.language} {self.place}"
