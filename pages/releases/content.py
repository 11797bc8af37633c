"""The pieces of a page or record as they stand on this site: read, compared, changed.

A field is a piece; where it is a list, of blocks or of rows like roles, each of its items is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from wagtail.fields import StreamField

from pages.initial_content import GONE, resolved
from pages.models import Offer
from pages.releases.digests import Addresses, digest

if TYPE_CHECKING:
    from wagtail.models import TranslatableMixin

Items = dict[str, dict[str, Any]]  # of a list, by their ids
NOT_SAID = {"id", "locale", "translation_key", "sort_order"}  # of a row


@dataclass(frozen=True)
class Change:
    """Of one piece; `value` is ready to be kept. `item` is empty where the field is no list."""

    act: Offer.Act
    field: str
    value: Any
    item: str = ""
    after: str = ""


def has(model: type[Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def is_list(model: type[Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return isinstance(field, StreamField) or bool(field.one_to_many)


def now(instance: Model, name: str, addresses: Addresses) -> str:
    """The digest of a field that is no list."""
    value = getattr(instance, name)
    is_number = isinstance(value, int)  # a year or an order, not a page
    return digest(value, None if is_number else addresses)


def items_now(instance: Model, name: str, addresses: Addresses) -> dict[str, str]:
    return {
        id_: digest(item, addresses if "type" in item else None)
        for id_, item in items_of(instance, name).items()
    }


def items_of(instance: Model, name: str) -> Items:
    field: Any = instance._meta.get_field(name)
    if isinstance(field, StreamField):
        blocks = field.value_from_object(instance).get_prep_value()
        return {block["id"]: block for block in blocks}
    rows = getattr(instance, name).all()
    names = [one.name for one in _said(field)]
    return {str(row.translation_key): {one: getattr(row, one) for one in names} for row in rows}


def _said(relation: Any) -> list[Any]:  # noqa: ANN401  Django has no type for it
    """The fields of a row of a list."""
    fields = relation.related_model._meta.concrete_fields
    return [one for one in fields if one != relation.field and one.name not in NOT_SAID]


def ready(
    instance: Model, name: str, value: object, ids: Mapping[str, int], item: str = ""
) -> object:
    """What a release says, as it is kept: its links lead to this site's pages. Or GONE."""
    value = resolved(value, ids)
    field: Any = instance._meta.get_field(name)
    if value is GONE:
        return GONE
    if field.one_to_many:
        return {one.name: one.get_default() for one in _said(field)} | dict(value)  # type: ignore[call-overload]  # a row
    if not isinstance(field, StreamField):
        return field.to_python(value)
    stream = field.stream_block.to_python([{**value, "id": item}])  # type: ignore[dict-item]  # a block, as all of a list
    list(stream)  # read, so that lists are stored with ids: translations hang on them
    (block,) = stream.get_prep_value()
    old = items_of(instance, name).get(item, {}).get("value")
    if _has_items(block["value"]):
        left = list(old or ()) if _has_items(old) else []
        block["value"] = _with_ids(block["value"], left, UUID(item))
    return block


def _has_items(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and "id" in one for one in value)


def _with_ids(
    value: list[dict[str, Any]], left: list[dict[str, Any]], key: UUID
) -> list[dict[str, Any]]:
    """Items of a list in a block keep their ids, on which translations hang.

    `left` has the former ones; ids of new ones are made of `key`.
    """
    kept = []
    for number, item in enumerate(value):
        same = [one for one in left if digest(one["value"]) == digest(item["value"])]
        found = same[0] if same else left[0] if len(left) >= len(value) - number else None
        if found:
            left.remove(found)
        id_ = found["id"] if found else str(uuid5(key, f"{number} {digest(item['value'])}"))
        kept.append(item | {"id": id_})
    return kept


def make(instance: Model, change: Change) -> None:
    """Make a change, as far as what it is about is there."""
    field = instance._meta.get_field(change.field)
    if not is_list(type(instance), change.field):
        setattr(instance, change.field, change.value)
        return
    items = items_of(instance, change.field)
    if change.act == Offer.Act.ADD:
        items = _added(items, change)
    elif change.item not in items:
        return
    elif change.act == Offer.Act.DROP:
        del items[change.item]
    else:
        items[change.item] = change.value
    if isinstance(field, StreamField):
        setattr(instance, change.field, field.stream_block.to_python(list(items.values())))
    else:
        _set_rows(instance, change.field, items)


def _added(items: Items, change: Change) -> Items:
    """Behind the one that it follows in the release; at the start where that is not there."""
    if change.item in items:
        return items
    added: Items = {} if change.after in items else {change.item: change.value}
    for id_, item in items.items():
        added[id_] = item
        if id_ == change.after:
            added[change.item] = change.value
    return added


def _set_rows(instance: Model, name: str, items: Items) -> None:
    rows = {str(row.translation_key): row for row in getattr(instance, name).all()}
    kept: list[TranslatableMixin] = []
    for order, (id_, said) in enumerate(items.items()):
        model: Any = instance._meta.get_field(name).related_model
        row = rows.get(id_) or model(translation_key=UUID(id_), locale_id=instance.locale_id)  # type: ignore[attr-defined]  # what has rows to translate is translatable
        for field, value in said.items():
            setattr(row, field, row._meta.get_field(field).to_python(value))
        row.sort_order = order
        kept.append(row)
    setattr(instance, name, kept)
