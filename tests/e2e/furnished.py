"""A site that has a page of every kind, and one with every block."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.site import RunningSite

FURNISH = "from tests.e2e.furnished import furnish; furnish()"
CLEAR_AWAY = "from tests.e2e.furnished import clear_away; clear_away()"
ADDED = ("A freezer was moved", "Open day", "Past day", "Every block")
ADDRESSES = "from tests.e2e.furnished import a_page_of_each_kind as found; print(*found())"


@contextmanager
def furnished(site: RunningSite) -> Iterator[RunningSite]:
    site.shell(FURNISH)
    yield site
    site.shell(CLEAR_AWAY)


def furnish() -> None:
    """Publish what the first content has none of: English pages, shown in the other languages.

    For a process that has the site's settings, as `a_page_of_each_kind` is.
    """
    from pages.models import NodePage  # noqa: PLC0415  models are not loadable in the tests' own process before Django's start
    from tests import builders  # noqa: PLC0415  likewise

    node = NodePage.objects.get(locale__language_code="en")
    builders.news(
        node,
        "A freezer was moved",
        summary="It holds what was given since 1987.",
        picture=builders.large_picture(),
        body=builders.body("It went well."),
    )
    builders.event(node, "Past day", in_days=-30)
    builders.event(
        node, "Open day", place="Brussels", registration_url="https://bbmri.example/register"
    )
    builders.text_page(node, "Every block", body=_every_block())


def clear_away() -> None:
    """Leave the site as it was before it was furnished."""
    from wagtail.models import Page  # noqa: PLC0415  as above

    for page in Page.objects.filter(title__in=ADDED).order_by("-pk"):
        page.delete()


def _every_block() -> list[dict[str, Any]]:
    """A body of all there is, filled as the previews are."""
    from pages.blocks.content import BodyBlock  # noqa: PLC0415  as above

    blocks = BodyBlock().child_blocks
    values = {name: getattr(block.meta, "preview_value", None) for name, block in blocks.items()}
    values |= _chosen()
    return [{"type": name, "value": value} for name, value in values.items()]


def _chosen() -> dict[str, Any]:
    """The values of blocks whose previews are empty."""
    from django.core.files.base import ContentFile  # noqa: PLC0415  as above
    from wagtail.documents import get_document_model  # noqa: PLC0415  as above

    from members.models import NetworkPage  # noqa: PLC0415  as above
    from pages.models import PersonPage  # noqa: PLC0415  as above
    from tests import builders  # noqa: PLC0415  as above

    file = ContentFile(b"words", name="report.txt")
    document = get_document_model().objects.create(title="Report", file=file)
    image = {"image": builders.large_picture().pk, "alt_text": "A freezer", "decorative": False}
    return {
        "picture": {"image": image, "caption": "<p>In the cellar.</p>"},
        "people": [page.pk for page in PersonPage.objects.filter(locale__language_code="en")],
        "networks": [page.pk for page in NetworkPage.objects.filter(locale__language_code="en")],
        "downloads": [document.pk],
    }


def a_page_of_each_kind() -> list[str]:
    """Addresses in English, from the language on: of each page type the page made last."""
    from wagtail.models import Page  # noqa: PLC0415  as above

    pages = Page.objects.live().filter(locale__language_code="en", depth__gt=1).order_by("pk")
    newest = {page.content_type_id: page.url.removeprefix("/en/") for page in pages}
    # test_finder has the biobanks.
    return [path or "." for path in newest.values() if path != "biobanks/"]
