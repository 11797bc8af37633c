"""First content that is neither page nor record of this room: rows, by whoever keeps them.

A room puts its kind into `kinds`, as a mapping of keys to words: what the release says, what stands
there, and how to write. What has a publishing of its own (`write` is None) is only ever offered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst

from pages.models import Offer, Shipped
from pages.releases.digests import digest
from pages.releases.plan import Known, is_brought, said
from pages.releases.release import earlier

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Kind:
    """A key ends in its language where it has one: `events/nl`.

    `former`: what stood there before releases kept digests, where this one says something else.
    """

    model: type[Model]  # what its rows are, for readers
    permission: str  # of who decides about an offer
    screen: str  # the name of the address where it is edited
    release: Callable[[], Mapping[str, str]]
    now: Callable[[], Mapping[str, str]]
    write: Callable[[str, str], None] | None = None
    former: Callable[[], Mapping[str, str]] = dict

    @property
    def label(self) -> str:
        return str(capfirst(str(self.model._meta.verbose_name_plural)))

    @property
    def url(self) -> str:
        return reverse(self.screen)


kinds: dict[str, Kind] = {}


def language_of(key: str) -> str:
    last = key.rpartition("/")[2]
    return last if last in LANGUAGES else ""


@transaction.atomic
def bring(name: str, mark: str) -> int:
    """What nobody edited is brought, what is new added; a row that was deleted stays so.

    Returns the rows written.
    """
    kind = kinds[name]
    shipped, is_first = Shipped.objects.select_for_update().get_or_create(name=f"rows/{name}")
    if shipped.release == mark:
        return 0
    if is_first:
        shipped.pieces = _said_before(shipped.name, kind)
    release, now, written = kind.release(), kind.now(), 0
    is_adopted = is_first and not shipped.pieces  # it is as this release has it, or edited
    for key, words in release.items():
        known = shipped.pieces.get(key, [])
        gives_way = None if is_adopted else _gives_way(known, now.get(key), words)
        if gives_way and kind.write:
            kind.write(key, words)
            written += 1
        elif gives_way is not None:
            _offer(shipped, key, words)
        shipped.pieces[key] = said(known, digest(words))
    shipped.release = mark
    shipped.save()
    return written


def _said_before(name: str, kind: Kind) -> dict[str, Known]:
    """By releases after which sites kept no record."""
    former = {key: [digest(words)] for key, words in kind.former().items()}
    return earlier().get(name, {}) | former


def _gives_way(known: Known, now: str | None, words: str) -> bool | None:
    """A row that is not there is new, or was deleted."""
    if now is None:
        return None if known else True
    return is_brought(known, digest(now), digest(words))


def _offer(shipped: Shipped, key: str, words: str) -> None:
    Offer.objects.update_or_create(
        shipped=shipped,
        language=language_of(key) or settings.LANGUAGE_CODE,
        place=key,
        item="",
        defaults={"value": words},
    )
