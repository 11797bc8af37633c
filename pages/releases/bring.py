"""Bring a new release's first content to a site that runs: `load_initial_content` does it.

A page or record is one transaction, with its translations. What nobody edited since a release put
it there becomes what this one says; where somebody did, both are offered (`offers`).
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail_localize.models import TranslationSource

from pages.models import LegalPage, Shipped
from pages.releases import additions, offers, originals, plan, rows, words
from pages.releases.digests import digest
from pages.releases.release import LANGUAGE, Release, mark
from pages.releases.site import File, Site, adopt, known_site, wait_for_others
from pages.releases.words import Bringing, Words

DONE = "release"  # the row that says which release was worked through last


@dataclass
class Told:
    """What was done, to be printed."""

    made: int = 0
    changed: int = 0
    rows: int = 0
    refused: list[str] = field(default_factory=list)
    waiting: int = 0

    def lines(self) -> list[str]:
        where, refused = reverse("release_texts"), ", ".join(self.refused)
        said: list[tuple[Any, str]] = [
            (self.made, f"New pages made: {self.made}."),
            (self.changed, f"Pages and records brought up to date: {self.changed}."),
            (self.rows, f"Rows brought up to date: {self.rows}."),
            (refused, f"Not made, as something here stands in their way: {refused}."),
            (
                self.waiting,
                f"Texts that differ from this release: {self.waiting}, to be decided at {where}",
            ),
        ]
        return [line for count, line in said if count]


def record_loaded() -> None:
    """Of a site that was just filled: all of it is as this release says."""
    now = _mark()
    adopt(Release.read(), now, is_new=True)


def bring() -> Told | None:
    """None where this release was worked through before."""
    now = _mark()
    if Shipped.objects.filter(name=DONE, release=now).exists():
        return None
    release, told = Release.read(), Told()
    with transaction.atomic():
        wait_for_others()
        site = adopt(release, now, is_new=False)
        told.made, told.refused = additions.make_new(site)
        additions.begin_languages(site)
    site, known = known_site(release, now), words.known(release)
    for file in release.files:
        told.changed += _bring_or_offer(file, site, known)
    for name in rows.kinds:
        told.rows += rows.bring(name, now)
    _remember(release, now)
    told.waiting = offers.forget_decided()
    return told


def _mark() -> str:
    return mark(*sorted(rows.kinds))


@transaction.atomic
def _remember(release: Release, now: str) -> None:
    for language, said in release.words.items():
        row, _made = Shipped.objects.select_for_update().get_or_create(name=f"words/{language}")
        for piece, translated in said.items():
            place = digest(piece)
            row.pieces[place] = plan.said(row.pieces.get(place, []), digest(translated))
        row.save()
    Shipped.objects.update_or_create(name=DONE, defaults={"release": now})


def _bring_or_offer(file: File, site: Site, known: dict[str, Words]) -> bool:
    """What its page refuses together with what stands there is offered instead."""
    try:
        return _bring(file, site, known, is_offered=issubclass(file.model, LegalPage))
    except (ValidationError, IntegrityError):
        return _bring(file, site, known, is_offered=True)


@transaction.atomic
def _bring(file: File, site: Site, known: dict[str, Words], *, is_offered: bool) -> bool:
    """Whether the original changed. A legal page speaks in the owner's name: it is offered."""
    shipped = Shipped.objects.select_for_update().filter(name=file.name).first()
    if shipped is None or shipped.release == site.mark:
        return False
    instance = site.find(file)
    changes = []
    if instance is None:
        shipped.offers.all().delete()
    else:
        is_kept = is_offered or words.is_in_work(instance)
        source = TranslationSource.objects.get_for_instance_or_none(instance)
        before = words.pieces_of(source)
        found = originals.compare(site, file, shipped, instance, is_offered=is_kept)
        changes, shipped.pieces = found.changes, found.pieces
        if changes:
            originals.make(instance, changes, source)
        originals.keep(shipped, LANGUAGE, found.offered)
        if source:
            bringing = Bringing(shipped, source, known, before, is_offered)
            words.bring(bringing, is_changed=bool(changes))
    shipped.release = site.mark
    shipped.save()
    return bool(changes)
