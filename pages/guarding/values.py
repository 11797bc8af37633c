"""What a translator may give for a piece: no hostile link, nothing that no page can hold.

wagtail-localize stores whatever comes, from its screen and from a PO file.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from tempfile import NamedTemporaryFile
from typing import Any

import polib
from bs4 import BeautifulSoup
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Field, ForeignKey, ManyToOneRel, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.blocks import Block, ChooserBlock, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail_localize.models import OverridableSegment, Translation

from pages.guarding.reach import is_key, seen_rows
from pages.guarding.refusal import refuse
from pages.tree.safe_links import safe_href
from visitors.requests import UNREADABLE

LONGEST_WORDS = 20_000  # characters of one piece
LONGEST_OVERRIDE = 2_000  # of an address, a short name, an id
LARGEST_FILE = 2 * 1024 * 1024  # bytes of a PO file
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
IS_LINK = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\?#])", re.IGNORECASE)


def refused_override(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse | None:
    if request.method != "PUT":
        return None
    translation = get_object_or_404(Translation, pk=asked["translation_id"])
    segment = get_object_or_404(
        OverridableSegment, pk=asked["overridable_segment_id"], source=translation.source
    )
    value = _value_of(request)
    if value is None:
        return _refused(request, _("One value is wanted, and nothing else."))
    return _refused(request, _wrong_override(request, translation, segment, value))


def refused_string(request: HttpRequest, _asked: dict[str, Any]) -> HttpResponse | None:
    if request.method != "PUT":
        return None
    value = _value_of(request)
    if value is None:
        return _refused(request, _("One value is wanted, and nothing else."))
    return _refused(request, _wrong_words(value))


def refused_upload(request: HttpRequest, _asked: dict[str, Any]) -> HttpResponse | None:
    if request.method != "POST":
        return None
    return _refused(request, _wrong_file(request.FILES.get("file")))


def _wrong_file(file: UploadedFile | None) -> str:
    if file is None:
        return _("Choose a PO file.")
    if (file.size or 0) > LARGEST_FILE:
        return _("This file is too large.")
    try:
        entries = _entries(file)
    except (OSError, ValueError, KeyError, IndexError):  # what polib comes to where it can't read
        return _("This is not a PO file of this translation.")
    return next(filter(None, map(_wrong_words, entries)), "")


def _refused(request: HttpRequest, sentence: str) -> HttpResponse | None:
    return refuse(request, sentence, HTTPStatus.BAD_REQUEST) if sentence else None


def _value_of(request: HttpRequest) -> str | None:
    """As the view reads it, which can still read it afterwards."""
    request.method = "POST"  # Django reads the form of no other
    try:
        sent = request.POST
    except UNREADABLE:
        return None
    finally:
        request.method = "PUT"
    return sent["value"] if set(sent) == {"value"} and len(sent.getlist("value")) == 1 else None


def _entries(file: UploadedFile) -> list[str]:
    """From a file of its own: polib takes any text that names a file for that file."""
    with NamedTemporaryFile(suffix=".po") as copy:
        copy.write(file.read())
        copy.flush()
        file.seek(0)
        catalogue = polib.pofile(copy.name)
    if "X-WagtailLocalize-TranslationID" not in catalogue.metadata:
        raise ValueError
    return [entry.msgstr for entry in catalogue]


def _wrong_words(words: str) -> str:
    """Why a piece's translation is refused; "" where it is not."""
    if len(words) > LONGEST_WORDS:
        return _("This is longer than %(most)d characters.") % {"most": LONGEST_WORDS}
    if CONTROL.search(words):
        return _("This holds a character that no page can show.")
    tags = BeautifulSoup(f"<p>{words}", "html.parser").find_all(href=True)
    return "" if all(safe_href(str(tag["href"])) for tag in tags) else _bad_link()


def _bad_link() -> str:
    return _("A link leads to a page of this site, or begins with https:, http:, mailto: or tel:.")


def _wrong_override(
    request: HttpRequest, translation: Translation, segment: OverridableSegment, value: str
) -> str:
    if len(value) > LONGEST_OVERRIDE:
        return _("This is longer than %(most)d characters.") % {"most": LONGEST_OVERRIDE}
    if CONTROL.search(value):
        return _("This holds a character that no page can show.")
    try:
        *_around, place = _places(translation.source.get_source_instance(), segment)
    except (ObjectDoesNotExist, KeyError) as error:  # what it is of is gone from the original
        raise Http404 from error
    chosen = _chosen_models(place)
    if chosen:
        return _wrong_choice(request, chosen, value)
    is_link = any(IS_LINK.match(said) for said in (str(segment.data), value))
    if is_link and not safe_href(value):
        return _bad_link()
    return _wrong_field(place, value) if isinstance(place, Field) else ""


def _places(instance: Model, segment: OverridableSegment) -> Iterator[Field | Block]:
    """The field that a piece is of, and the blocks within it."""
    name, *inner = segment.context.get_field_path(instance).split(".")
    field = instance._meta.get_field(name)
    if isinstance(field, ManyToOneRel):  # of a row beside it
        field = field.related_model._meta.get_field(inner[0])
    yield field
    block: Block | None = field.stream_block if isinstance(field, StreamField) else None
    for step in inner:
        if isinstance(block, ListBlock):
            block = block.child_block
        elif isinstance(block, StreamBlock | StructBlock):
            block = block.child_blocks[step]
        if block is not None:
            yield block


def _chosen_models(place: Field | Block) -> list[type[Model]]:
    if isinstance(place, ForeignKey):
        return [place.related_model]
    if isinstance(place, ChooserBlock):
        return list(getattr(place, "target_models", None) or [place.model_class])
    return []


def _wrong_choice(request: HttpRequest, models: list[type[Model]], value: str) -> str:
    for model in models if is_key(value) else []:
        seen = seen_rows(model, request.user).filter(pk=int(value))
        if model._default_manager.filter(pk__in=seen.values("pk")).exists():
            return ""
    return _("Choose something that there is, and that you may see.")


def _wrong_field(field: Field, value: str) -> str:
    try:
        field.clean(value, None)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
