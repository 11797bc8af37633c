"""What the screens of editors need beside what Wagtail tells them."""

import json
from typing import Any

from django import template
from django.db import models
from wagtail.documents import get_document_model
from wagtail.models import Page

from pages.models import Picture

register = template.Library()

CHOSEN: dict[str, type[models.Model]] = {
    "image_chooser": Picture,
    "document_chooser": get_document_model(),
    "page_chooser": Page,
}


class Props(str):
    """What the screen's script is given, as JSON."""

    has_gaps = False


@register.simple_tag
def without_what_is_gone(given: str) -> Props:
    """The translation screen's values, where what was deleted is not chosen any more.

    Its script asks the admin's API for what is chosen, and shows nothing at all after a refusal.
    """
    props = json.loads(given)
    segments = {one["id"]: one for one in props["segments"] if one["type"] == "synchronised_value"}
    holders = [(segment, segment, "value") for segment in segments.values()]
    holders += [
        (segments[override["segment_id"]], override, "data")
        for override in props["initialOverrides"]
        if override["segment_id"] in segments
    ]
    gone = [holder for holder in holders if _is_gone(holder[0], holder[1][holder[2]])]
    for segment, holder, name in gone:
        holder[name] = segment["value"] = None
    made = Props(json.dumps(props))
    made.has_gaps = bool(gone)
    return made


def _is_gone(segment: dict[str, Any], chosen: object) -> bool:
    widget = segment["location"].get("widget") or {}
    kind = CHOSEN.get(widget.get("type", ""))
    if kind is None or not str(chosen).isdecimal():
        return False
    return not kind._default_manager.filter(pk=chosen).exists()
