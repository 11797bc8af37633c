"""A picture is taken whole and plain, or refused with the reason; nothing of it stays behind."""

from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from PIL import ImageCms
from wagtail.users.models import UserProfile

from pages.models import Picture
from tests import builders

pytestmark = pytest.mark.usefixtures("home")
SMALL = (80, 60)  # each size is made all the same, and quickly
GREY16 = Pillow.new("I;16", SMALL, 40_000)
FALSE_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GPS = 0x8825


def content(picture: Pillow.Image, kind: str = "JPEG", **about: Any) -> bytes:
    picture.save(file := BytesIO(), kind, **about)
    return file.getvalue()


def cmyk(**about: Any) -> bytes:
    return content(Pillow.new("CMYK", SMALL, (0, 200, 200, 0)), **about)


def from_a_telephone(**about: Any) -> bytes:
    """Lying on its side: 600 by 400 upright, with the place and the owner's name."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    exif[0x0110] = "iPhone of Dr X"
    exif[GPS] = {1: "N", 2: (50.0, 51.0, 2.5), 3: "E", 4: (4.0, 21.0, 0.0)}
    picture = Pillow.linear_gradient("L").convert("RGB").resize((600, 400))
    return content(picture, exif=exif, comment=b"Dr X", xmp=b"<x:xmpmeta>Dr X</x:xmpmeta>", **about)


def single_form(browser: Client, name: str, file: bytes) -> str:
    fields = {"title": "New", "file": SimpleUploadedFile(name, file)}
    return browser.post(reverse("wagtailimages:add"), fields, follow=True).text


def many_at_once(browser: Client, name: str, file: bytes) -> str:
    fields = {"title": "New", "files[]": SimpleUploadedFile(name, file)}
    return (
        browser.post(reverse("wagtailimages:add_multiple"), fields).json().get("error_message", "")
    )


def chooser(browser: Client, name: str, file: bytes) -> str:
    fields = {"title": "New", "file": SimpleUploadedFile(name, file)}
    fields = {f"image-chooser-upload-{key}": value for key, value in fields.items()}
    return (
        browser.post(reverse("wagtailimages_chooser:create"), fields).json().get("htmlFragment", "")
    )


def replacing(browser: Client, name: str, file: bytes) -> str:
    picture = Picture.objects.first() or builders.picture()
    fields = {"title": "New", "file": SimpleUploadedFile(name, file)}
    return browser.post(reverse("wagtailimages:edit", args=[picture.pk]), fields, follow=True).text


Way = Callable[[Client, str, bytes], str]
ways = pytest.mark.parametrize("way", [single_form, many_at_once, chooser, replacing])


@ways
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("false.jpg", cmyk(icc_profile=FALSE_PROFILE)),
        ("broken.jpg", cmyk(icc_profile=b"no profile at all")),
        ("none.jpg", cmyk()),
        ("scan.png", content(GREY16, "PNG")),
        ("grey.png", content(Pillow.new("LA", SMALL), "PNG")),
        ("few.png", content(Pillow.new("P", SMALL), "PNG", transparency=0)),
        ("two.png", content(Pillow.new("1", SMALL), "PNG")),
        ("telephone.jpg", from_a_telephone()),
        ("telephone.webp", content(Pillow.open(BytesIO(from_a_telephone())), "WEBP", xmp=b"Dr X")),
        ("line.png", content(Pillow.new("RGB", (3, 15_000)), "PNG")),
    ],
)
def test_every_size_is_made_in_plain_colours_and_says_nothing_of_its_maker(
    publishing: Client, way: Way, name: str, file: bytes
) -> None:
    way(publishing, name, file)
    picture = Picture.objects.get()
    assert len(picture.sizes) == 4
    for kept in [picture.file, *(size.file for size in picture.renditions.all())]:
        written = Path(kept.path).read_bytes()
        assert b"Dr X" not in written
        opened = Pillow.open(BytesIO(written))
        assert opened.mode in {"RGB", "RGBA", "L", "LA", "P"}
        assert not opened.getexif()
        assert not {"icc_profile", "xmp", "exif"} & opened.info.keys()


@ways
@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (("tall.png", content(Pillow.new("RGB", (600, 20_000)), "PNG")), "too tall or too wide"),
        (("cut.jpg", builders.png(format="JPEG")[:2000]), "damaged"),
        (("cut.avif", builders.png(format="AVIF")[:-200]), "damaged"),
    ],
)
def test_a_picture_without_every_size_is_refused_and_nothing_stays(
    publishing: Client, media: Path, way: Way, file: tuple[str, bytes], reason: str
) -> None:
    before = [builders.picture().file.name] if way is replacing else []
    kept = sorted(media.glob("original_images/*"))
    answer = way(publishing, *file)
    assert reason in answer
    assert "could not be found" not in answer
    assert list(Picture.objects.values_list("file", flat=True)) == before
    assert sorted(media.glob("original_images/*")) == kept
    assert all(len(picture.sizes) == 4 for picture in Picture.objects.all())


def test_a_telephones_picture_stands_upright(publishing: Client) -> None:
    single_form(publishing, "telephone.jpg", from_a_telephone())
    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (400, 600)
    wide = Pillow.open(picture.renditions.get(filter_spec="width-640|format-jpeg").file.path)
    assert wide.size == (400, 600)


def test_a_16_bit_scan_keeps_its_grey(publishing: Client) -> None:
    single_form(publishing, "scan.png", content(GREY16, "PNG"))
    scan = Pillow.open(Picture.objects.get().file.path)
    assert scan.getpixel((1, 1)) == (40_000 >> 8,) * 3


def test_the_reason_stands_in_the_editors_language(publishing: Client) -> None:
    reader = publishing.session["_auth_user_id"]
    UserProfile.objects.create(user_id=reader, preferred_language="nl")
    tall = content(Pillow.new("RGB", (600, 20_000)), "PNG")
    assert "te hoog of te breed" in single_form(publishing, "tall.png", tall)


def test_a_picture_that_waits_for_its_title_is_made_plain(publishing: Client) -> None:
    fields = {"title": "x" * 300, "files[]": SimpleUploadedFile("a.jpg", from_a_telephone())}
    waiting = publishing.post(reverse("wagtailimages:add_multiple"), fields).json()
    pk = waiting["uploaded_file_id"]
    title = {f"uploaded-image-{pk}-title": "Short", f"uploaded-image-{pk}-tags": ""}
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[pk])
    assert publishing.post(address, title).json()["success"]
    picture = Picture.objects.get()
    assert b"Dr X" not in Path(picture.file.path).read_bytes()
    assert picture.renditions.exists()


def test_a_size_cannot_be_found_by_guessing(publishing: Client) -> None:
    sizes = {Path(size.file.name).name for size in builders.large_picture().renditions.all()}
    begins = {name.partition(".")[0] for name in sizes}
    assert len(begins) == len(sizes)
    assert all(len(begin) == 16 for begin in begins)


def test_pictures_of_before_are_cleaned_once(client: Client) -> None:
    before = builders.picture(content=from_a_telephone())
    kept = builders.picture()
    call_command("clean_pictures", stdout=(said := StringIO()))
    assert "1 pictures" in said.getvalue()
    picture = Picture.objects.get(pk=before.pk)
    assert (picture.width, picture.height) == (400, 600)
    files = [picture.file, *(size.file for size in picture.renditions.all())]
    assert len(files) > 10
    assert not any(b"Dr X" in Path(file.path).read_bytes() for file in files)
    assert all(size in {file.name for file in files} for size in names_of(picture))
    assert Picture.objects.get(pk=kept.pk).file.name == kept.file.name
    assert client.get(picture.renditions.first().url).status_code == 200
    call_command("clean_pictures", stdout=(said := StringIO()))
    assert "0 pictures" in said.getvalue()


def names_of(picture: Picture) -> list[str]:
    shapes = picture.sizes.values()
    return [name for formats in shapes for sizes in formats.values() for name, _w, _h in sizes]
