"""The rows as the plan reads them, and the plan as the rows take it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db.models import F, Q

from members import codes
from members.directory.changes import (
    Change,
    Plan,
    Stored,
    StoredBiobank,
    StoredCollection,
    network_of,
)
from members.directory.fields import BIOBANK_FIELDS, COLLECTION_FIELDS
from members.directory.records import Code, Mark
from members.models import (
    Biobank,
    CodeLabel,
    Collection,
    Membership,
    NetworkPage,
    OldCollectionSlug,
    QualityMark,
    Trait,
)
from members.slugs import free_slug
from pages.search.words import fold

OF_MARK = ("pk", "biobank", *Mark._fields)
AT_ONCE = 500  # rows an INSERT


def stored() -> Stored:
    """All rows that an answer may concern."""
    rows = CodeLabel.objects.values_list("kind", "code", "label").iterator()
    labels = {Code(kind, code): label for kind, code, label in rows}
    return Stored(tuple(_biobanks()), tuple(_collections()), labels, NetworkPage.keys())


def _biobanks() -> Iterator[StoredBiobank]:
    quality: dict[int, set[Mark]] = defaultdict(set)
    marks = QualityMark.objects.filter(is_of_directory=True)
    for pk, *mark in marks.values_list("biobank", *Mark._fields):
        quality[pk].add(Mark(*mark))
    beside = ("pk", "directory_id", "candidate_id", "source", "withdrawn", "told_by_directory")
    for row in Biobank.objects.order_by("pk").values(*beside, *BIOBANK_FIELDS):
        yield StoredBiobank(
            pk=row["pk"],
            directory_id=row["directory_id"],
            candidate_id=row["candidate_id"],
            is_of_directory=row["source"] == Biobank.Source.DIRECTORY,
            withdrawn=row["withdrawn"],
            facts={name: row[name] for name in BIOBANK_FIELDS},
            told=frozenset(row["told_by_directory"]),
            quality=frozenset(quality[row["pk"]]),
        )


def _collections() -> Iterator[StoredCollection]:
    codes: dict[int, set[Code]] = defaultdict(set)
    traits = Trait.objects.filter(collection__isnull=False)
    for pk, kind, code in traits.values_list("collection", "kind", "code").iterator():
        codes[pk].add(Code(kind, code))
    ids = {
        "biobank_id_there": F("biobank__directory_id"),
        "parent_there": F("parent__directory_id"),
    }
    rows = Collection.objects.order_by("pk").annotate(**ids)
    beside = ("pk", "directory_id", *ids, "source", "withdrawn")
    for row in rows.values(*beside, *COLLECTION_FIELDS).iterator():
        yield StoredCollection(
            pk=row["pk"],
            directory_id=row["directory_id"],
            biobank_id=row["biobank_id_there"],
            parent_id=row["parent_there"] or "",
            is_of_directory=row["source"] == "directory",
            withdrawn=row["withdrawn"],
            facts={name: row[name] for name in COLLECTION_FIELDS},
            codes=frozenset(codes.pop(row["pk"], ())),
        )


def apply(plan: Plan) -> None:
    """Write what the plan changes and nothing else. To be called in a transaction."""
    _add_biobanks(one for one in plan.biobanks if one.pk is None)
    for change in plan.biobanks:
        if change.pk is not None:
            Biobank.objects.filter(pk=change.pk).update(**change.values)
    biobanks = dict(Biobank.objects.of_directory().values_list("directory_id", "pk"))
    _write_quality(plan.biobanks, biobanks)
    _write_collections(plan.collections, biobanks)
    _write_parents(plan.collections)
    _write_codes(plan.collections)
    _write_labels(plan.labels)
    _write_memberships()


def _add_biobanks(added: Iterable[Change]) -> None:
    taken, towns, new = Biobank.objects.taken_slugs(), codes.towns(), []
    for change in added:
        slug = free_slug(change.name, taken)
        taken.add(slug)
        # An address, or a town unknown to us, is for an editor to read.
        city = towns.get(fold(change.place), "")
        new.append(Biobank(slug=slug, city=city, **change.values))
    Biobank.objects.bulk_create(new, batch_size=AT_ONCE)
    Biobank.objects.all().make_profiles()


def _write_quality(changes: Iterable[Change], biobanks: Mapping[str, int]) -> None:
    marks = {biobanks[one.directory_id]: one.quality for one in changes if one.quality is not None}
    rows = QualityMark.objects.filter(biobank__in=marks, is_of_directory=True)
    there = {(pk, Mark(*mark)): key for key, pk, *mark in rows.values_list(*OF_MARK)}
    told = {(pk, mark) for pk, quality in marks.items() for mark in quality}
    # One that stays keeps its row, and so the date an editor wrote.
    rows.exclude(pk__in=[key for mark, key in there.items() if mark in told]).delete()
    QualityMark.objects.bulk_create(
        QualityMark(biobank_id=pk, is_of_directory=True, **mark._asdict())
        for pk, mark in sorted(told - there.keys())
    )


def _write_collections(changes: Iterable[Change], biobanks: Mapping[str, int]) -> None:
    new = []
    for change in changes:
        values = _own_fields(change.values, biobanks)
        if change.pk is None:
            new.append(Collection(**values))
            continue
        if "biobank_id" in values:
            _give_up_address(change.pk)
            values["slug"] = ""
        Collection.objects.filter(pk=change.pk).update(**values)
        if "biobank_id" in values:
            Trait.objects.filter(collection=change.pk).update(biobank_id=values["biobank_id"])
    Collection.objects.bulk_create(new, batch_size=AT_ONCE)
    Collection.objects.all().name_new()


def _give_up_address(pk: int) -> None:
    """Of a collection that another biobank takes over: it leads on."""
    row = Collection.objects.get(pk=pk)
    if row.slug:
        OldCollectionSlug.objects.create(biobank_id=row.biobank_id, slug=row.slug, collection=row)


def _own_fields(values: Mapping[str, Any], biobanks: Mapping[str, int]) -> dict[str, Any]:
    """Without the parent, which may not be there yet, and with our key of the biobank."""
    own = {name: value for name, value in values.items() if name not in {"parent", "biobank"}}
    return own | ({"biobank_id": biobanks[values["biobank"]]} if "biobank" in values else {})


def _write_parents(changes: Iterable[Change]) -> None:
    moved = {
        one.directory_id: one.values["parent"]
        for one in changes
        if "parent" in one.values and (one.pk or one.values["parent"])
    }
    if not moved:
        return
    keys = dict(Collection.objects.values_list("directory_id", "pk"))
    for directory_id, parent_id in moved.items():
        parent = keys.get(parent_id)  # none too where the parent is withdrawn and was never here
        Collection.objects.filter(directory_id=directory_id).update(parent=parent)


def _write_codes(changes: Iterable[Change]) -> None:
    changed = [one for one in changes if one.new_codes or one.lost_codes]
    if not changed:
        return
    rows = Collection.objects.values_list("directory_id", "pk", "biobank")
    keys = {directory_id: (pk, biobank) for directory_id, pk, biobank in rows.iterator()}
    for change in changed:
        lost = [Q(kind=kind, code=code) for kind, code in change.lost_codes]
        if lost:
            traits = Trait.objects.filter(collection=keys[change.directory_id][0])
            traits.filter(reduce(or_, lost)).delete()
    new = (
        Trait(collection_id=pk, biobank_id=biobank, kind=kind, code=code)
        for change in changed
        for pk, biobank in [keys[change.directory_id]]
        for kind, code in sorted(change.new_codes)
    )
    while some := list(islice(new, AT_ONCE)):  # all at once would fill the memory
        Trait.objects.bulk_create(some)


def _write_labels(labels: Mapping[Code, str]) -> None:
    """A code that is told no longer keeps its label: rows may hold it."""
    CodeLabel.objects.bulk_create(
        (CodeLabel(kind=kind, code=code, label=label) for (kind, code), label in labels.items()),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "code"],
        update_fields=["label"],
    )


def _write_memberships() -> None:
    """Of all that the Directory tells, also of those whose network has a page only now.

    One that an editor wrote stands, ended or not; a new one is made beside none.
    """
    keys = NetworkPage.keys()
    told = Biobank.objects.of_directory().values_list("pk", "told_networks")
    wanted = {
        (pk, key)
        for pk, networks in told
        for key in (network_of(network, keys) for network in networks)
        if key
    }
    rows = list(Membership.objects.values_list("pk", "biobank", "network", "is_of_directory"))
    lost = [key for key, pk, network, is_told in rows if is_told and (pk, network) not in wanted]
    if lost:
        Membership.objects.filter(pk__in=lost).delete()
    there = {(pk, network) for _key, pk, network, _is_told in rows}
    Membership.objects.bulk_create(
        Membership(biobank_id=pk, network=network, is_of_directory=True)
        for pk, network in sorted(wanted - there)
    )
