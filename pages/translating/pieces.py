"""The pieces of a translation: which of them nobody has translated yet, and where they are."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import ngettext
from wagtail.models import Page, TranslatableMixin
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import StringSegment, StringTranslation, Translation

SAME = "=tick"  # the tool by which a piece was translated: somebody said it reads the same
TICKED = Q(tool_name=SAME)
DONE = TICKED | ~Q(data=F("translation_of__data"))  # equal to its original: only where ticked


def open_pieces(translation: Translation) -> list[StringSegment]:
    """In the order of the page."""
    pieces = StringSegment.objects.filter(source=translation.source_id)
    done = _translations(translation.target_locale_id).filter(DONE)
    pieces = pieces.filter(~Exists(done)).select_related("string", "context")
    return list(pieces.order_by("order"))


def left_live() -> QuerySet[StringSegment, tuple[UUID, int, str, str, str]]:
    """Pieces that visitors may still read in the words of the original, on a translation.

    Nobody translated them before each had to be, or what was translated is not published yet:
    of a snippet, which shows from the moment it is begun, that is not known and all count.
    Its key and language, the place of the piece, its words, and the language of these.
    """
    target = "source__translations__target_locale"
    pages = Page.objects.live().filter(
        alias_of=None, translation_key=OuterRef("source__object_id"), locale=OuterRef(target)
    )
    found = _translations(OuterRef(target))
    is_published = Exists(found.filter(DONE)) & Exists(pages.filter(has_unpublished_changes=False))
    left = StringSegment.objects.filter(
        Exists(pages) | _of_snippet(), ~Exists(found.filter(TICKED)), ~Q(is_published)
    )
    columns = ("context__path", "string__data", "source__locale__language_code")
    return left.order_by().values_list("source__object_id", target, *columns)


def _of_snippet() -> Q:
    """Whether a piece is of what has no draft."""
    kinds = ContentType.objects.get_for_models(*get_snippet_models()).values()
    return Q(source__specific_content_type__in=[kind.pk for kind in kinds])


def _translations(locale: object) -> QuerySet[StringTranslation]:
    """Of a piece, by whatever right they are there."""
    return StringTranslation.objects.filter(
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        locale=locale,
        has_error=False,
        data__regex=r"\S",
    )


def said_open(translation: Translation, pieces: list[StringSegment]) -> str:
    """How many are open, and where: “3 pieces are still open: Title, Body (2)”."""
    model = translation.source.specific_content_type.model_class()
    where = Counter(field_name(model, segment.context.path) for segment in pieces)
    places = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in where.items())
    told = ngettext(
        "%(count)d piece is still open: %(places)s.",
        "%(count)d pieces are still open: %(places)s.",
        len(pieces),
    )
    return told % {"count": len(pieces), "places": places}


def field_name(model: type[Model], path: str) -> str:
    """For people: of the field that a piece is in, or of a field itself."""
    field: Any = model._meta.get_field(path.partition(".")[0])
    name = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
    return str(capfirst(str(name)))


def why_not_whole(target: TranslatableMixin) -> str:
    """What keeps a translation from going live; "" where nothing does."""
    translation = translation_of(target)
    pieces = open_pieces(translation) if translation else []
    return said_open(translation, pieces) if pieces else ""


def translation_of(target: TranslatableMixin) -> Translation | None:
    """What a page or snippet is made from while its translation goes on."""
    going_on = Translation.objects.select_related("source", "target_locale")
    return going_on.filter(
        source__object_id=target.translation_key, target_locale=target.locale_id, enabled=True
    ).first()


def tick(translation: Translation, segment: StringSegment, user: object) -> None:
    """Say that a piece reads the same in the language."""
    StringTranslation.objects.update_or_create(
        translation_of_id=segment.string_id,
        locale_id=translation.target_locale_id,
        context_id=segment.context_id,
        defaults={
            "data": segment.string.data,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": SAME,
            "last_translated_by": user,
            "has_error": False,
            "field_error": "",
        },
    )
