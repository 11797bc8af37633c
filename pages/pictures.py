"""The shapes in which pictures appear, how they are made at saving and found at reading."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.models import Filter, SourceImageIOError

from pages.models.pictures import Picture

logger = logging.getLogger(__name__)

Size = tuple[str, int, int]  # file, width, height
USUAL = {"alt": "", "loading": "lazy", "decoding": "async"}  # attributes of an <img>
FORMATS = ("avif", "webp", "jpeg")  # the browser takes the first it knows


@dataclass(frozen=True)
class Shape:
    """One way a picture appears: resize operations, smallest first, and its width on the page."""

    operations: tuple[str, ...]
    width: str

    def filters(self, format_name: str) -> list[Filter]:
        return [Filter(f"{operation}|format-{format_name}") for operation in self.operations]


SHAPES = {
    "card": Shape(("fill-320x180", "fill-640x360"), "(min-width: 40rem) 20rem, 100vw"),
    "portrait": Shape(("fill-160x200", "fill-320x400"), "10rem"),
    "wide": Shape(("width-640", "width-1280"), "(min-width: 46rem) 44rem, 100vw"),
    "logo": Shape(("max-320x160",), "10rem"),
}


def every_size() -> Iterator[Filter]:
    for shape in SHAPES.values():
        for name in FORMATS:
            yield from shape.filters(name)


def make_sizes(picture: Picture) -> None:
    """Make each size of a picture that is not there yet. One that can't be read is left without."""
    try:
        sizes = {name: _sizes_of(picture, shape) for name, shape in SHAPES.items()}
    except SourceImageIOError:
        sizes = {}
    picture.sizes = sizes
    Picture.objects.filter(pk=picture.pk).update(sizes=sizes)


def _sizes_of(picture: Picture, shape: Shape) -> dict[str, list[Size]]:
    made = {name: picture.get_renditions(*shape.filters(name)).values() for name in FORMATS}
    return {
        # A picture smaller than the shape gives the same size twice.
        name: list({r.width: (r.file.name, r.width, r.height) for r in renditions}.values())
        for name, renditions in made.items()
    }


def picture_element(picture: Picture | None, shape: str, **attrs: str) -> SafeString:
    """The `<picture>` of a picture in a shape, from sizes made before; else nothing.

    `attrs` are those of its `<img>`; `alt` is empty where the picture only decorates.
    """
    sizes = picture.sizes.get(shape) if picture else None
    if not sizes:
        if picture:
            logger.warning("Picture %s has no size for “%s” and is left out.", picture.pk, shape)
        return SafeString()
    offered = {
        name: {"srcset": _srcset(sizes[name]), "sizes": SHAPES[shape].width} for name in FORMATS
    }
    *modern, last = FORMATS
    others = (flatatt({"type": f"image/{name}"} | offered[name]) for name in modern)
    sources = format_html_join("", "<source{}>", zip(others))
    file, width, height = sizes[last][-1]
    about = {"src": default_storage.url(file), **offered[last], "width": width, "height": height}
    return format_html("<picture>{}<img{}></picture>", sources, flatatt(about | USUAL | attrs))


def _srcset(sizes: list[Size]) -> str:
    return ", ".join(f"{default_storage.url(file)} {width}w" for file, width, _height in sizes)
