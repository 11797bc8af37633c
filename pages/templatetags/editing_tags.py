"""What the screens of editors need beside what Wagtail tells them."""

import json
from typing import Any

from django import template
from django.db import models
from django.template import Context
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages.guarding.reach import User, seen_rows
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


@register.simple_tag(takes_context=True)
def without_what_is_gone(context: Context) -> Props:
    """The translation screen's values, where what was deleted is not chosen any more.

    Its script asks the admin's API for what is chosen, and shows nothing at all after a refusal.
    So a file or page that it would be refused is left out.
    """
    props = json.loads(context["props"])
    overrides = {override["segment_id"]: override for override in props["initialOverrides"]}
    props["segments"] = [
        segment
        for segment in props["segments"]
        if not _is_unseen(segment, overrides.get(segment["id"]), context["request"].user)
    ]
    chosen = [segment for segment in props["segments"] if segment["type"] == "synchronised_value"]
    gaps = [_empty_if_gone(segment, overrides.get(segment["id"])) for segment in chosen]
    made = Props(json.dumps(props))
    made.has_gaps = any(gaps)
    return made


def _empty_if_gone(segment: dict[str, Any], override: dict[str, Any] | None) -> bool:
    """Whether the translation shows nothing here, because what it would show was deleted."""
    is_gap = _is_gone(segment, override["data"] if override else segment["value"])
    if is_gap and override:
        override["data"] = None
    if is_gap or _is_gone(segment, segment["value"]):
        segment["value"] = None
    return is_gap


def _is_unseen(segment: dict[str, Any], override: dict[str, Any] | None, user: User) -> bool:
    kind = _kind(segment)
    if kind is None:
        return False
    seen = seen_rows(kind, user)
    if kind is Page:  # of which the API gives less than choosers offer
        seen = PagePermissionPolicy().explorable_instances(user)
    keys = [key for key in (segment["value"], override and override["data"]) if key]
    there = kind._default_manager.filter(pk__in=keys)
    return there.exclude(pk__in=seen.order_by().values("pk")).exists()


def _kind(segment: dict[str, Any]) -> type[models.Model] | None:
    return CHOSEN.get((segment["location"].get("widget") or {}).get("type", ""))


def _is_gone(segment: dict[str, Any], chosen: object) -> bool:
    kind = _kind(segment)
    if kind is None or not str(chosen).isdecimal():
        return False
    return not kind._default_manager.filter(pk=chosen).exists()
