"""Two people at one translation: the second is told, and writes nothing over."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
)

OPENED = "X-Opened"  # when the screen was that saves a piece: its script says so


def told(request: HttpRequest, translation: Translation, asked: dict[str, Any]) -> str:
    """That somebody else saved the piece since the screen was opened; "" where nobody did."""
    opened = _time(request.headers.get(OPENED, ""))
    saved = _saved(translation, asked) if opened else None
    if saved is None or saved.updated_at <= opened:
        return ""
    if saved.last_translated_by_id == request.user.pk:
        return ""
    who = saved.last_translated_by
    sentence = _(
        "%(name)s changed this piece after you opened the page. Keep a copy of your words, and load"
        " the page again."
    )
    return sentence % {"name": who.get_full_name() or who if who else _("Somebody")}


def _time(said: str) -> datetime | None:
    try:
        return parse_datetime(said)
    except ValueError:
        return None


def _saved(
    translation: Translation, asked: dict[str, Any]
) -> StringTranslation | SegmentOverride | None:
    words = StringSegment.objects.filter(pk=asked.get("string_segment_id")).first()
    piece = (
        words or OverridableSegment.objects.filter(pk=asked.get("overridable_segment_id")).first()
    )
    if piece is None:
        return None
    rows = SegmentOverride.objects.all()
    if words:
        rows = StringTranslation.objects.filter(translation_of=words.string_id)
    here = rows.filter(locale=translation.target_locale_id, context=piece.context_id)
    return here.select_related("last_translated_by").first()
