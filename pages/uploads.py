"""Uploaded pictures: read in full, made plain, and tried in every size before they are kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps
from wagtail.images.forms import BaseImageForm
from wagtail.images.models import Filter

from pages.models.pictures import UNREADABLE, Picture
from pages.pictures import every_size, make_sizes

LONGEST_SIDE = 16_000  # pixels; WebP takes 16,383
PLAIN_MODES = {"RGB", "RGBA", "L", "LA", "P"}
# What a file may say of itself. Anything else (place, camera, author, colours) is dropped.
HARMLESS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
    *("adobe", "adobe_transform", "dpi", "interlace", "aspect", "gamma", "srgb", "chromaticity"),
    *("transparency", "background", "loop", "duration", "timestamp"),
}
TOO_LONG = _("This picture is too tall or too wide: no side may have more than %(most)s pixels.")
NO_SIZE = _(
    "This picture can't be made in every size that the site needs. Save it again as an ordinary "
    "JPEG or PNG, or cut it if it is very narrow."
)


class PictureForm(BaseImageForm):
    """Refuses a file of which not every size can be made, which its header alone does not tell."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.to_python = partial(_read_in_full, field.to_python)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "file" in self.changed_data and cleaned.get("file"):
            try:
                self.instance.made = _made_on_trial(cleaned)
            except (*UNREADABLE, ArithmeticError):
                self.add_error("file", NO_SIZE)
        return cleaned

    def save(self, commit: bool = True) -> Picture:
        if self.instance._state.adding and "file" not in self.fields:
            make_plain(self.instance)  # it waited on the screen for many until its title was mended
        with transaction.atomic():
            picture = super().save(commit=commit)
            if commit:
                make_sizes(picture)
        return picture


def make_plain(picture: Picture) -> bool:
    """Replaces a stored file that no form made plain; says whether it had to. Saves no row."""
    with picture.open_file() as file:
        made = plain(file)
        if made is file:
            return False
    old, name = picture.file.name, Path(picture.file.name).name
    picture.file.save(name, made, save=False)
    picture.file.storage.delete(old)
    picture._set_image_file_metadata()
    return True


def _made_on_trial(cleaned: dict[str, Any]) -> dict[str, File]:
    """Every size of a new file, by its specification: what is made here is kept at saving."""
    names = ("file", "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
    trial = Picture(**{name: cleaned.get(name) for name in names})
    content = cleaned["file"].read()
    cleaned["file"].seek(0)

    def made(size: Filter) -> tuple[str, File]:
        source = File(BytesIO(content), name=trial.file.name)
        return size.spec, trial.generate_rendition_file(size, source=source)

    with ThreadPoolExecutor(max_workers=3) as several:
        return dict(several.map(made, every_size()))


def _read_in_full(to_python: Callable[[Any], File | None], data: object) -> File | None:
    """What Wagtail's field makes of an upload, once every pixel of it was read and made plain."""
    try:
        file = to_python(data)
        return plain(file) if file else file
    except UNREADABLE as error:
        raise ValidationError(_("This picture is damaged: not all of it can be read.")) from error


def plain(file: File) -> File:
    """The picture upright, in the web's colours, without what a camera or program wrote into it."""
    with Pillow.open(file) as opened:
        if max(opened.size) > LONGEST_SIDE:
            raise ValidationError(
                TOO_LONG, params={"most": number_format(LONGEST_SIDE, force_grouping=True)}
            )
        opened.load()
        known = opened.mode in PLAIN_MODES and opened.info.keys() <= HARMLESS
        if not known or opened.format == "MPO":  # a telephone's JPEG with a second picture in it
            made = _in_srgb(ImageOps.exif_transpose(opened))
            kind = "JPEG" if opened.format == "MPO" else opened.format
            made.info = {}  # some writers take it along
            made.save(content := BytesIO(), kind, quality=92)
            file = File(content, name=file.name)
    file.seek(0)
    return file


def _in_srgb(picture: Pillow.Image) -> Pillow.Image:
    """In the colours of the web. A profile that is none of this picture's kind is left out."""
    if picture.mode == "I;16":  # as slide scanners write; the high byte of each value is seen
        picture = Pillow.frombytes("L", picture.size, picture.tobytes()[1::2])
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile := picture.info.get("icc_profile"):
        coloured = picture.convert(mode) if picture.mode in {"P", "LA"} else picture
        with suppress(ImageCms.PyCMSError, OSError):
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            web = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(coloured, own, web, outputMode=mode) or coloured
    return picture.convert(mode)
