"""A table of words, which wagtail-localize can translate."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTable, TypedTableBlock
from wagtail_localize.segments import StringSegmentValue


class TableBlock(TypedTableBlock):
    """Rows and columns, with a caption that says what the table shows."""

    def __init__(self, **kwargs: Any) -> None:
        cell = blocks.CharBlock(required=False, label=_("Text"))
        super().__init__([("text", cell)], **kwargs)

    def clean(self, value: TypedTable | None) -> TypedTable:
        if value and value.columns and not value.caption:
            raise ValidationError(_("Give the table a caption: it is read out before the rows."))
        return super().clean(value)

    def get_context(
        self, value: TypedTable | None, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Each cell with the heading of its column, which stands above it on a phone."""
        headings = [column["heading"] for column in value.columns] if value else []
        rows = [list(zip(headings, row, strict=False)) for row in value.rows] if value else []
        return super().get_context(value, parent_context=parent_context) | {"rows": rows}

    def get_translatable_segments(self, value: TypedTable) -> list[StringSegmentValue]:
        """The words of a table by their places, as wagtail-localize asks its blocks for them."""
        return [StringSegmentValue(place, words) for place, words in _words(value) if words]

    def restore_translated_segments(
        self, value: TypedTable, segments: list[StringSegmentValue]
    ) -> TypedTable:
        """The table with its words translated; a place without a translation keeps its words."""
        said: dict[str, str] = defaultdict(str, _words(value))
        said |= {segment.path: segment.render_text() for segment in segments}
        value.caption = said["caption"]
        for number, column in enumerate(value.columns):
            column["heading"] = said[f"heading.{number}"]
        for row_number, row in enumerate(value.row_data):
            row["values"] = [
                said[f"cell.{row_number}.{number}"] for number in range(len(row["values"]))
            ]
        return value

    class Meta:
        template = "blocks/table.html"
        icon = "table"
        label = _("Table")
        description = _("Rows and columns with a caption")
        preview_value = {
            "caption": "What the table shows",
            "columns": [
                {"type": "text", "heading": "Kind"},
                {"type": "text", "heading": "Kept at"},
            ],
            "rows": [{"values": ["Frozen tissue", "-80 °C"]}],
        }


def _words(value: TypedTable) -> Iterator[tuple[str, str]]:
    """Every piece of a table, with its place."""
    yield "caption", value.caption or ""
    for number, column in enumerate(value.columns):
        yield f"heading.{number}", column["heading"] or ""
    for row_number, row in enumerate(value.row_data):
        for number, cell in enumerate(row["values"]):
            yield f"cell.{row_number}.{number}", cell or ""
