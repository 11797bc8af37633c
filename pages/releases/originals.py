"""What a release changes of a page or record in the language it was written in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from pages.initial_content import GONE
from pages.models import Offer, Shipped
from pages.releases import content, plan
from pages.releases.content import Change
from pages.releases.digests import digest
from pages.releases.plan import Step
from pages.releases.site import File, Pieces, Site, items_stored, stored

SCALAR = ""  # the item of a field that is no list


@dataclass
class Comparison:
    """`offered` has each value as the release says it, `pieces` what is known then."""

    pieces: Pieces
    changes: list[Change] = field(default_factory=list)
    offered: list[tuple[str, Step, object]] = field(default_factory=list)


def compare(
    site: Site, file: File, shipped: Shipped, instance: Model, *, is_offered: bool
) -> Comparison:
    """With `is_offered`, whatever the release changes is left to somebody to decide."""
    found = Comparison(dict(shipped.pieces))
    for name in dict.fromkeys([*shipped.pieces, *file.fields]):
        if not content.has(file.model, name):
            del found.pieces[name]
            continue
        is_list = content.is_list(file.model, name)
        release = file.fields.get(name, [] if is_list else _default(file.model, name))
        if is_list:
            now = content.items_now(instance, name, site.address)
            steps = _of_list(found, name, release, now, site.keys[shipped.name])
        else:
            if name not in found.pieces:  # nobody edited a field that stands as it began
                found.pieces[name] = [digest(_default(file.model, name))]
            steps = _of_field(found, name, release, content.now(instance, name, site.address))
        for step in steps:
            value = release[step.number] if is_list and step.act != Offer.Act.DROP else release
            _sort_out(site, found, instance, (name, step, value), is_offered=is_offered)
    return found


def _default(model: type[Model], name: str) -> object:
    return model._meta.get_field(name).get_default()  # type: ignore[union-attr]  # no list, so no relation


def _of_list(
    found: Comparison, name: str, release: list[object], now: Mapping[str, str], key: UUID
) -> list[Step]:
    known = items_stored(found.pieces.get(name, []))
    steps, items = plan.plan(known, now, [digest(one) for one in release], key)
    found.pieces[name] = stored(items)
    return steps


def _of_field(found: Comparison, name: str, release: object, now: str) -> list[Step]:
    known, said = found.pieces.get(name, []), digest(release)
    gives_way = plan.is_brought(known, now, said)
    found.pieces[name] = plan.said(known, said)
    return [] if gives_way is None else [Step(Offer.Act.PUT, SCALAR, is_edited=not gives_way)]


def _sort_out(
    site: Site,
    found: Comparison,
    instance: Model,
    about: tuple[str, Step, object],
    *,
    is_offered: bool,
) -> None:
    name, step, value = about
    if is_offered or step.is_edited:
        found.offered.append(about)
        return
    offer = Offer(place=name, item=step.id, after=step.after, act=step.act, value=value)
    change = change_of(site, instance, offer)
    found.changes += [change] if change else []


def change_of(site: Site, instance: Model, offer: Offer) -> Change | None:
    """Ready to be made; None where what it is about leads to a page that was deleted."""
    value = None
    if offer.act != Offer.Act.DROP:
        value = content.ready(instance, offer.place, offer.value, site.ids, offer.item)
    act = Offer.Act(offer.act)
    return None if value is GONE else Change(act, offer.place, value, offer.item, offer.after)


def keep(shipped: Shipped, language: str, offered: Iterable[tuple[str, Step, object]]) -> None:
    for name, step, value in offered:
        said = None if step.act == Offer.Act.DROP else value
        Offer.objects.update_or_create(
            shipped=shipped,
            language=language,
            place=name,
            item=step.id,
            defaults={"act": step.act, "after": step.after, "value": said},
        )


def make(
    instance: Model, changes: list[Change], source: TranslationSource | None, user: object = None
) -> None:
    """Make the changes and show them, on a page that nobody is at.

    What its translations are made from changes likewise, and no more: what an editor changed and
    did not synchronise stays so.
    """
    is_same = source is not None and _is_same(source, instance)
    for change in changes:
        content.make(instance, change)
    if isinstance(instance, Page):
        instance.save_revision(user=user).publish(user=user)
    else:
        instance.full_clean()
        instance.save()
        instance.save_revision(user=user)  # type: ignore[attr-defined]  # each kind of record has them
    if source is None:
        return
    if is_same:
        source.update_from_db()
        return
    snapshot = source.as_instance()
    for change in changes:
        content.make(snapshot, change)
    source.content_json = _written(snapshot)
    source.save(update_fields=["content_json"])
    source.refresh_segments()


def _is_same(source: TranslationSource, instance: Model) -> bool:
    """Whether all that is published of the original was taken over into its translations."""
    if isinstance(instance, Page):
        published = instance.last_published_at
        return published is None or published <= source.last_updated_at
    return bool(json.loads(_written(instance)) == json.loads(source.content_json))


def _written(instance: Model) -> str:
    if isinstance(instance, ClusterableModel):
        return str(instance.to_json())
    return json.dumps(get_serializable_data_for_fields(instance), cls=DjangoJSONEncoder)
