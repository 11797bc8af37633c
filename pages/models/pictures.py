"""Pictures editors upload. Their sizes are made at saving, never while a visitor waits."""

import logging
from secrets import token_hex
from typing import Any, ClassVar

from django.core.files import File
from django.db import models
from django.utils.functional import Promise
from PIL import Image as Pillow
from PIL import ImageCms
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    Image,
    SourceImageIOError,
)

logger = logging.getLogger(__name__)

# What Pillow and a file system raise for a truncated, missing or unwritable picture.
UNREADABLE = (
    *(OSError, SyntaxError, ValueError),
    *(Pillow.DecompressionBombError, ImageCms.PyCMSError),
)


class Picture(AbstractImage):
    """An uploaded picture. A file that can't be read costs one log line, never a page."""

    # Shape to format to [file, width, height] of each size: a visit reads them with the picture.
    sizes = models.JSONField(default=dict, editable=False)

    admin_form_fields = Image.admin_form_fields
    made: ClassVar[dict[str, File]] = {}  # sizes of a file that is being uploaded, on the instance

    def __getstate__(self) -> dict[str, Any]:
        """A cache keeps what was uploaded no longer than the upload."""
        return {name: kept for name, kept in super().__getstate__().items() if name != "made"}

    def generate_rendition_file(
        self,
        filter: Filter,  # noqa: A002  the name is Wagtail's
        *,
        source: File | None = None,
    ) -> File:
        made = self.made.get(filter.spec)
        return made or super().generate_rendition_file(filter, source=source)

    def create_rendition(self, filter: Filter) -> "Rendition":  # noqa: A002  the name is Wagtail's
        try:
            return super().create_rendition(filter)
        except UNREADABLE as error:
            raise self._unreadable(error) from error

    def create_renditions(self, *filters: Filter) -> dict[Filter, "Rendition"]:
        try:
            return super().create_renditions(*filters)
        except UNREADABLE as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> SourceImageIOError:
        """What Wagtail shows as a missing picture instead of failing."""
        logger.error("Picture %s left out: %s (%s)", self.pk, type(error).__name__, self.file.name)
        return SourceImageIOError(str(error))


def picture_field(label: Promise) -> "models.ForeignKey[Picture | None, Picture | None]":
    """One picture or none: what shows it stays when the picture is deleted."""
    return models.ForeignKey(
        Picture,
        verbose_name=label,  # type: ignore[arg-type]  # any lazy text will do
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class Rendition(AbstractRendition):
    """One size and format of a picture."""

    seen_by_visitors = False  # pages read a picture's sizes from the picture
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_spec"
            )
        ]

    def get_upload_to(self, filename: str) -> str:
        """A name that cannot be guessed: a size is public, the picture's collection may not be."""
        return super().get_upload_to(f"{token_hex(8)}.{filename}")

    def __str__(self) -> str:
        return f"{self.filter_spec} of {self.image_id}"
