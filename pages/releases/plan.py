"""What a release changes of a piece, decided on digests alone.

`Known` has the digests of what releases said of a piece, the last one last: a piece that is one
of them was not edited, and one whose last is what the release says has not changed. The sign
UNSURE after them says that it is not known which of them this site was made from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID, uuid5

from pages.models import Offer

Known = list[str]
Pair = tuple[int | None, int | None]  # the numbers of two that belong together, in two lists
UNSURE = ""
Act = Offer.Act


@dataclass(frozen=True)
class Item:
    """One of a list, by its id on this site."""

    id: str
    known: Known


@dataclass(frozen=True)
class Step:
    """`number`: of what the release says, in its list; none where the item is taken out."""

    act: Act
    id: str = ""
    number: int = 0
    after: str = ""
    is_edited: bool = False


def said(known: Known, digest: str) -> Known:
    """With what the release says now."""
    return known if known and known[-1] == digest else [*filter(None, known), digest]


def is_brought(known: Known, now: str, release: str) -> bool | None:
    """Whether what stands there gives way; None where there is nothing to do."""
    if known[-1:] == [release] or now == release:
        return None
    return now in known


def plan(
    items: Sequence[Item], now: Mapping[str, str], release: Sequence[str], key: UUID
) -> tuple[list[Step], list[Item]]:
    """For a list: what to do, and what is known of it then. New ids are made of `key`.

    `now` has the digest of each item that stands there, by its id.
    """
    steps: list[Step] = []
    known: list[Item] = []
    added = _added(items, now, release, key)
    previous = ""
    for before, number in pairs([item.known[-1] if item.known else "" for item in items], release):
        old = items[before] if before is not None else None
        if number is None:
            steps += _drop(old, now) if old else []
            continue
        item = Item(old.id, said(old.known, release[number])) if old else added[number]
        act = _act(old, item, now)
        if act is not None:
            is_edited = bool(old and now[old.id] not in old.known)
            steps.append(Step(act, item.id, number, previous, is_edited))
        known.append(item)
        if item.id in now or act == Act.ADD:
            previous = item.id
    return steps, known


def _act(old: Item | None, item: Item, now: Mapping[str, str]) -> Offer.Act | None:
    if old is None:
        return None if item.id in now else Act.ADD
    is_there = old.id in now and is_brought(old.known, now[old.id], item.known[-1]) is not None
    return Act.PUT if is_there else None


def _drop(old: Item, now: Mapping[str, str]) -> list[Step]:
    if old.id not in now:
        return []
    return [Step(Act.DROP, old.id, is_edited=now[old.id] not in old.known)]


def _added(
    items: Sequence[Item], now: Mapping[str, str], release: Sequence[str], key: UUID
) -> list[Item]:
    """Each as if it were new: with the id of what an editor put there and reads the same."""
    known = {item.id for item in items}
    own = {digest: id_ for id_, digest in now.items() if id_ not in known}
    return [
        Item(own.get(one) or str(uuid5(key, f"{one} {release[:number].count(one)}")), [one])
        for number, one in enumerate(release)
    ]


def adopted(version: Sequence[str], now: Mapping[str, str]) -> list[Item]:
    """The items of a release's version on a site that kept no record: the edited ones by place."""
    ids = list(now)
    found = {
        number: ids[place]
        for place, number in pairs(list(now.values()), version)
        if place is not None and number is not None
    }
    return [Item(found.get(number, ""), [digest]) for number, digest in enumerate(version)]


def pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Which of two lists belong together, in the order of the second, then what has no partner.

    The same, wherever it was moved; else what stands in the same place.
    """
    same, places = _same(before, after)
    for _tag, low, high, first, last in same.get_opcodes():
        olds = [one for one in range(low, high) if one not in places.values()]
        news = [one for one in range(first, last) if one not in places]
        places |= dict(zip(news, olds, strict=False))
    for number in range(len(after)):
        yield places.get(number), number
    for one in range(len(before)):
        if one not in places.values():
            yield one, None


def _same(
    before: Sequence[str], after: Sequence[str]
) -> tuple[SequenceMatcher[str], dict[int, int]]:
    """The alignment, and for each of the second list the equal one of the first."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    places = {
        block.b + step: block.a + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }
    for number, digest in enumerate(after):
        if number not in places:
            free = (one for one, other in enumerate(before) if other == digest)
            moved = next((one for one in free if one not in places.values()), None)
            if moved is not None:
                places[number] = moved
    return matcher, places
