"""Pictures: sizes are made at saving, none while a visitor waits, and no file breaks a page."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from pytest_django import DjangoAssertNumQueries

from pages.models import NodePage, Picture, Rendition
from pages.pictures import FORMATS, SHAPES, picture_element
from tests import builders


def upload(browser: Client, name: str, content: bytes) -> str:
    """What the upload screen answers."""
    file = SimpleUploadedFile(name, content)
    return browser.post(
        reverse("wagtailimages:add"), {"title": "A", "file": file}, follow=True
    ).text


@pytest.mark.django_db
def test_a_saved_picture_has_every_size_in_three_formats() -> None:
    picture = builders.picture(content=builders.png(2000, 1500))
    names = {Path(r.file.name).suffix for r in picture.renditions.all()}
    assert names == {".avif", ".webp", ".jpg"}
    assert picture.renditions.count() == sum(
        len(shape.operations) * len(FORMATS) for shape in SHAPES.values()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_states_its_size_and_offers_modern_formats_first(shape: str) -> None:
    markup = str(picture_element(builders.large_picture(), shape, alt="Tubes"))
    assert markup.index("image/avif") < markup.index("image/webp") < markup.index("<img")
    assert 'alt="Tubes"' in markup
    assert "width=" in markup
    assert "height=" in markup


def test_a_visit_makes_no_size(client: Client, home: NodePage, media: Path) -> None:
    picture = builders.large_picture()
    builders.person(home, "Ada", photo=picture)
    builders.news(
        home,
        "Pictured",
        picture=picture,
        body=[
            {
                "type": "picture",
                "value": {
                    "image": {"image": picture.pk, "alt_text": "Tubes", "decorative": False},
                    "caption": "",
                },
            }
        ],
    )
    Rendition.objects.filter(filter_spec__contains="avif").delete()
    before = (Rendition.objects.count(), sorted(media.rglob("*")))
    for address in ["/en/", "/en/news/", "/en/news/pictured/", "/en/people/ada/"]:
        assert client.get(address).status_code == 200
    assert (Rendition.objects.count(), sorted(media.rglob("*"))) == before


@pytest.mark.parametrize("damage", ["truncated", "emptied", "garbage", "gone"])
def test_a_damaged_original_is_left_out_and_breaks_nothing(
    publishing: Client, home: NodePage, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = builders.png(200, 150, "JPEG")
    picture = builders.picture(content=content)
    page = builders.news(home, "Pictured", picture=picture)
    picture.renditions.all().delete()
    original = Path(picture.file.path)
    spoiled = {"truncated": content[: len(content) // 2], "emptied": b"", "garbage": b"x" * 900}
    original.unlink() if damage == "gone" else original.write_bytes(spoiled[damage])
    for address in [
        page.url,
        reverse("wagtailimages:index"),
        reverse("wagtailimages:edit", args=[picture.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
    ]:
        assert publishing.get(address).status_code == 200, address
    assert "left out" in caplog.text


def test_a_folder_that_cant_be_written_breaks_no_page(
    client: Client, home: NodePage, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    picture = builders.picture()
    picture.renditions.all().delete()
    monkeypatch.setattr(Rendition, "save", full)
    page = builders.news(home, "Pictured", picture=picture)
    picture.save()
    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_pictures_of_the_four_kinds_are_taken(
    publishing: Client, home: NodePage, kind: str
) -> None:
    upload(publishing, f"a.{kind.lower()}", builders.png(format=kind))
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "Not a supported image format"),
        ("a.gif", builders.png(format="GIF"), "Not a supported image format"),
        ("a.png", b"not a picture", "Upload a valid image"),
        ("a.jpg", builders.png(), "extension does not match"),
        ("a.jpg", builders.png(format="JPEG")[:2000], "damaged"),
        ("a.png", builders.png(6000, 5000), "too many pixels"),
        ("a.png", builders.png() + b"\0" * 11_000_000, "too big"),
    ],
)
def test_other_files_are_refused_with_the_reason(
    publishing: Client, home: NodePage, name: str, content: bytes, reason: str
) -> None:
    assert reason in upload(publishing, name, content)
    assert not Picture.objects.exists()


def test_a_replaced_file_gets_its_own_sizes(publishing: Client, home: NodePage) -> None:
    picture = builders.large_picture()
    file = SimpleUploadedFile("new.png", builders.png(900, 900))
    fields = {"title": "New", "file": file, "tags": "", "collection": picture.collection_id}
    publishing.post(reverse("wagtailimages:edit", args=[picture.pk]), fields)
    wide = picture.renditions.get(filter_spec="width-640|format-webp")
    assert (wide.width, wide.height) == (640, 640)
    assert Pillow.open(wide.file.path).size == (640, 640)


def test_originals_are_not_reachable(client: Client, home: NodePage) -> None:
    picture = builders.picture()
    size = picture.renditions.first()
    assert client.get(size.url).status_code == 200
    assert client.get(picture.file.url).status_code == 404
    for path in ["../original_images/freezer.png", "%2e%2e/original_images/freezer.png", "", "./"]:
        assert client.get(f"/media/images/{path}").status_code in {400, 404}


@pytest.mark.parametrize("path", [f"{'a' * 300}.jpg", "a/" * 1500, f"{'é' * 130}.jpg"])
def test_a_name_too_long_for_any_file_is_not_found(
    client: Client, home: NodePage, path: str
) -> None:
    builders.picture()
    assert client.get(f"/media/images/{path}").status_code == 404


def test_a_list_of_pictures_costs_the_same_for_one_and_for_ten(
    client: Client, home: NodePage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        builders.news(home, f"News {number}", picture=builders.picture())
    client.get("/en/news/")
    with django_assert_max_num_queries(15):
        client.get("/en/news/")
