"""The shapes in which pictures appear, how they are made at saving and found at reading."""

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from wagtail.images.forms import BaseImageForm
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.images.models import Picture as PictureElement

from pages.models.pictures import UNREADABLE, Picture, Rendition

logger = logging.getLogger(__name__)

FORMATS = ("avif", "webp", "jpeg")  # the browser takes the first it knows


@dataclass(frozen=True)
class Shape:
    """One way a picture appears: resize operations, smallest first, and its width on the page."""

    operations: tuple[str, ...]
    sizes: str

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        return tuple(
            Filter(f"{size}|format-{name}") for name in FORMATS for size in self.operations
        )


SHAPES = {
    "card": Shape(("fill-320x180", "fill-640x360"), "(min-width: 40rem) 20rem, 100vw"),
    "portrait": Shape(("fill-160x200", "fill-320x400"), "10rem"),
    "wide": Shape(("width-640", "width-1280"), "(min-width: 46rem) 44rem, 100vw"),
    "logo": Shape(("max-320x160",), "10rem"),
}


def make_renditions(picture: Picture) -> None:
    """Make each size of a picture that is not there yet. One that can't be read is left without."""
    filters = [wanted for shape in SHAPES.values() for wanted in shape.filters]
    try:
        picture.get_renditions(*filters)
    except SourceImageIOError:
        logger.warning("Picture %s has no sizes and is not shown.", picture.pk)


def picture_element(picture: Picture | None, shape: str, **attrs: Any) -> PictureElement | str:
    """The `<picture>` of a picture in a shape, from sizes made before; else nothing."""
    if picture is None:
        return ""
    found = picture.find_existing_renditions(*SHAPES[shape].filters)
    ordered: dict[str, Rendition] = {f.spec: found[f] for f in SHAPES[shape].filters if f in found}
    if not ordered:
        logger.warning("Picture %s has no size for “%s” and is left out.", picture.pk, shape)
        return ""
    return PictureElement(ordered, {"sizes": SHAPES[shape].sizes, "loading": "lazy"} | attrs)


class PictureForm(BaseImageForm):
    """Refuses a file whose pixels can't all be read, which its header alone does not tell."""

    def clean_file(self) -> File | None:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            try:
                with Pillow.open(file) as opened:
                    opened.load()
            except UNREADABLE as error:
                raise ValidationError(
                    _("This picture is damaged: not all of it can be read.")
                ) from error
            finally:
                file.seek(0)
        return file

    def save(self, commit: bool = True) -> Picture:
        picture = super().save(commit=commit)
        if commit:
            make_renditions(picture)
        return picture
