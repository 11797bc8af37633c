"""Translating a page from which a chosen picture, document or page was deleted."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from wagtail.blocks import Block, ChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail_localize.segments.ingest import StreamFieldSegmentsWriter


class WriterPastGaps(StreamFieldSegmentsWriter):
    """Leaves empty what is gone, and takes what was chosen in its place. Its parent fails."""

    def handle_block(self, block_type: Block, block_value: Any, segments: list[Any]) -> Any:  # noqa: ANN401  a block's value
        image = isinstance(block_type, ImageBlock)
        chooser = block_type.child_blocks["image"] if image else block_type
        if not isinstance(chooser, ChooserBlock):
            return super().handle_block(block_type, block_value, segments)
        blank = chooser.model_class()  # tells the kind of what was chosen
        chosen = super().handle_block(block_type, block_value or blank, segments)
        return chosen if chosen and chosen.pk else None

    def handle_related_object_block(
        self, related_object: Model, segments: list[Any]
    ) -> Model | None:
        try:
            return super().handle_related_object_block(related_object, segments)
        except ObjectDoesNotExist:
            return type(related_object)()
