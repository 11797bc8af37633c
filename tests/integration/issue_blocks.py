"""Blocks of an issue, as its editor fills them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from pages.models import NodePage, Picture
from tests import builders


def block(kind: str, value: object) -> dict[str, Any]:
    return {"type": kind, "value": value}


def text(words: str) -> dict[str, Any]:
    return block("text", f"<p>{words}</p>")


def picture_block(picture: Picture, **about: object) -> dict[str, Any]:
    image = {"image": picture.pk, "alt_text": "A cold place", "decorative": False} | about
    return block("picture", {"image": image, "caption": "<p>In Ghent</p>"})


def every_block(home: NodePage) -> list[dict[str, Any]]:
    news = builders.news(home, "A biobank opened", summary="It has freezers.")
    event = builders.event(home, "Open day", place="Ghent", summary="Come and see.")
    inner = f'see <a linktype="page" id="{news.pk}">the opening</a> <b>now</b>'
    return [
        block("heading", "From the node"),
        text(inner),
        block("text", '<ol><li>One <a href="https://www.bbmri-eric.eu">ERIC</a></li></ol>'),
        block("news", [news.pk]),
        block("events", [event.pk]),
        block("divider", None),
        picture_block(builders.picture()),
        block("button", {"label": "Open the Directory", "page": None, "url": "https://a.example"}),
        block("quote", {"text": "We share.", "attribution": "A. Person"}),
    ]


def every_block_otherwise(home: NodePage) -> list[dict[str, Any]]:
    """With no heading above them, fuller here and emptier there."""
    news = builders.news(home, "Plain news")
    abroad: dict[str, Any] = {"time_zone": "Europe/Lisbon", "is_online": True, "place": "Lisbon"}
    fair = builders.event(
        home, "A fair", end=timezone.now() + timedelta(days=9), summary="Two days.", **abroad
    )
    call = builders.event(home, "A call", is_online=True, end=None)
    caption = '<p>By <a href="https://a.example/">the example</a></p>'
    picture = {"image": builders.picture().pk, "alt_text": "", "decorative": True}
    listed = "<ul><li>One<ol><li>Two</li></ol></li></ul>"
    return [
        block("news", [news.pk]),
        block("events", [fair.pk, call.pk]),
        block("picture", {"image": picture, "caption": caption}),
        block("button", {"label": "Read the news", "page": news.pk, "url": ""}),
        block("text", f'{listed}<p><a href="mailto:desk@a.example">the desk</a> <i>soon</i></p>'),
        block("quote", {"text": "We share.\nAlways.\n\nWith all.", "attribution": ""}),
        block("divider", None),
        block("heading", "And last"),
    ]
