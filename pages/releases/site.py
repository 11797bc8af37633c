"""What this site knows of releases: which of its pages and records are theirs, and since when.

A site that was loaded before records were kept learns them from what earlier releases said.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Model
from wagtail.models import Locale, Page, PageLogEntry, Revision, TranslatableMixin

from pages.initial_content import GONE, PageFile, RecordFile, resolved
from pages.models import Shipped
from pages.releases import content, plan
from pages.releases.digests import digest
from pages.releases.plan import UNSURE, Item
from pages.releases.release import LANGUAGE, Release, earlier

File = PageFile | RecordFile
Pieces = dict[str, list[Any]]


@dataclass(frozen=True)
class Site:
    """`keys`: the translation keys of what releases brought, by its name there."""

    release: Release
    mark: str
    keys: dict[str, UUID]

    @cached_property
    def locale(self) -> Locale:
        return Locale.objects.get(language_code=LANGUAGE)

    @cached_property
    def addresses(self) -> dict[int, str]:
        """Of each page, in whatever language, its address in a release."""
        names = {key: name for name, key in self.keys.items()}
        pages = Page.objects.filter(translation_key__in=names).values_list("pk", "translation_key")
        return {pk: names[key].removeprefix("pages/") for pk, key in pages}

    @cached_property
    def ids(self) -> dict[str, int]:
        """Of the pages by their addresses."""
        own = Page.objects.filter(locale=self.locale, pk__in=self.addresses)
        return {self.addresses[pk]: pk for pk in own.values_list("pk", flat=True)}

    def locale_of(self, language: str) -> Locale:
        return Locale.objects.get_or_create(language_code=language)[0]

    def address(self, pk: int) -> str:
        return self.addresses.get(pk, f"#{pk}")

    def find(self, file: File) -> Model | None:
        """What a file is about on this site; None where an editor deleted it."""
        key = self.keys.get(file.name)
        if key is None:
            return None
        rows = file.model._default_manager.filter(locale=self.locale)
        return rows.filter(translation_key=key).first()


def wait_for_others() -> None:
    """Of two processes that start at once the second goes on when the first is done."""
    Page.objects.select_for_update().filter(depth=1).first()


def known_site(release: Release, mark: str) -> Site:
    keys = dict(Shipped.objects.values_list("name", "key"))
    return Site(release, mark, {name: key for name, key in keys.items() if key})


def adopt(release: Release, mark: str, *, is_new: bool) -> Site:
    """Keep a record of what this site has of earlier releases. A new one has all of this one."""
    there = set(Shipped.objects.values_list("name", flat=True))
    site = known_site(release, mark)
    versions = {} if is_new else earlier()
    lacking = [file for file in release.files if file.name not in there]
    found = _found([file for file in lacking if is_new or file.name in versions], site.locale)
    site.keys.update({name: one.translation_key for name, one in found.items()})
    rows = []
    for file in lacking:
        if file.name in found:
            one, said = found[file.name], versions.get(file.name)
            pieces = _pieces(site, file, one, said) if said else new_pieces(file, one, site.ids)
            release_ = mark if is_new else ""
            rows.append(
                Shipped(name=file.name, key=one.translation_key, pieces=pieces, release=release_)
            )
        elif file.name in versions and _was_deleted(file, versions[file.name]):
            rows.append(Shipped(name=file.name))
    rows += _words(release, versions, there, is_new=is_new)
    Shipped.objects.bulk_create(rows)
    return known_site(release, mark)


def _was_deleted(file: File, versions: Pieces) -> bool:
    """Else the site was loaded before there was such a page."""
    if isinstance(file, RecordFile):
        return True
    deleted = PageLogEntry.objects.filter(action="wagtail.delete").values_list("label", flat=True)
    return any(digest(title) in versions["title"] for title in deleted)


def _words(
    release: Release, versions: dict[str, Pieces], there: set[str], *, is_new: bool
) -> Iterable[Shipped]:
    for language, words in release.words.items():
        name = f"words/{language}"
        if name not in there and is_new:
            pieces: Pieces = {digest(piece): [digest(said)] for piece, said in words.items()}
            yield Shipped(name=name, pieces=pieces)
        elif name not in there and name in versions:
            yield Shipped(name=name, pieces={one: _sure(of) for one, of in versions[name].items()})


def _sure(versions: Sequence[str], loaded: str = UNSURE) -> list[str]:
    """With the one that this site was loaded from last, as far as that is known."""
    if loaded in versions:
        return [*(one for one in versions if one != loaded), loaded]
    return [*versions, UNSURE] if len(versions) > 1 else list(versions)


def _pieces(site: Site, file: File, instance: TranslatableMixin, versions: Pieces) -> Pieces:
    """On a site that was loaded from one of the versions: its first revision says from which."""
    loaded = _as_loaded(instance)
    pieces: Pieces = {}
    for name, said in versions.items():
        if not content.has(file.model, name):
            continue
        if content.is_list(file.model, name):
            items = content.items_now(loaded, name, site.address)
            is_exact = isinstance(instance, Page) or instance.latest_revision_id is None
            nearest = _nearest(said, list(items.values()), is_exact=is_exact)
            pieces[name] = stored(plan.adopted(nearest, items))
        else:
            pieces[name] = _sure(said, content.now(loaded, name, site.address))
    return pieces


def _as_loaded(instance: TranslatableMixin) -> TranslatableMixin:
    """A record has no revision before its first edit."""
    if not isinstance(instance, Page):
        return instance
    first = instance.revisions.order_by("pk").first()
    return first.as_object() if first else instance


def _nearest(
    versions: Sequence[Sequence[str]], items: Sequence[str], *, is_exact: bool
) -> Sequence[str]:
    """Of those that have as much in common with a list that was edited, the last."""

    def likeness(version: Sequence[str]) -> int:
        shared = (Counter(version) & Counter(items)).total()
        return 2 * shared - len(version) if is_exact else shared

    return max(reversed(versions), key=likeness)


def new_pieces(file: File, instance: Model, ids: Mapping[str, int]) -> Pieces:
    """Of what was just made from its file; what leads to no page of this site was left out."""
    pieces: Pieces = {}
    for name, said in file.fields.items():
        if content.is_list(file.model, name):
            items = iter(content.items_of(instance, name))
            pieces[name] = [
                ["" if resolved(one, ids) is GONE else next(items), digest(one)] for one in said
            ]
        else:
            pieces[name] = [digest(said)]
    return pieces


def stored(items: Iterable[Item]) -> list[list[str]]:
    return [[item.id, *item.known] for item in items]


def items_stored(rows: Iterable[Sequence[str]]) -> list[Item]:
    return [Item(row[0], list(row[1:])) for row in rows]


# Finding what was loaded before records were kept


def _found(files: Sequence[File], locale: Locale) -> dict[str, TranslatableMixin]:
    pages = [file for file in files if isinstance(file, PageFile)]
    found: dict[str, TranslatableMixin] = {}
    there = _by_address(locale)
    for file in pages:
        page = there.get(file.address)
        if page and page.specific_class is file.model:
            found[file.name] = page.specific
    lacking = [file for file in pages if file.name not in found]
    left = [page for page in there.values() if page not in found.values()] if lacking else []
    found |= _moved(lacking, left)
    for record in (file for file in files if isinstance(file, RecordFile)):
        one = _record(record, locale, list(found.values()))
        found |= {record.name: one} if one else {}
    return found


def _by_address(locale: Locale) -> dict[str, Page]:
    """Each page by the slugs of those above it and its own, below the home."""
    slugs: dict[str, str] = {}
    for page in Page.objects.filter(locale=locale, depth__gt=1).order_by("path"):
        above = slugs.get(page.path[: -Page.steplen])
        slugs[page.path] = "" if above is None else f"{above}/{page.slug}".lstrip("/")
    pages = Page.objects.filter(path__in=slugs).in_bulk(field_name="path")
    return {address: pages[path] for path, address in slugs.items()}


def _moved(files: Iterable[PageFile], pages: Iterable[Page]) -> dict[str, TranslatableMixin]:
    """By the address that their first revision had."""
    found: dict[str, TranslatableMixin] = {}
    for page in pages:
        first = Revision.page_revisions.filter(object_id=str(page.pk)).order_by("pk").first()
        path = str(first.content["url_path"]).strip("/") if first else ""
        for file in files:
            if path.endswith(f"/{file.address}") and page.specific_class is file.model:
                found.setdefault(file.name, page.specific)
    return found


def _record(
    file: RecordFile, locale: Locale, taken: Sequence[TranslatableMixin]
) -> TranslatableMixin | None:
    """The one that has most in common with what the release says."""
    said = {name: digest(value) for name, value in file.fields.items()}

    def alike(one: Model) -> int:
        plain = [name for name in said if not content.is_list(file.model, name)]
        return sum(content.now(one, name, str) == said[name] for name in plain if name in TELLING)

    rows = [one for one in file.model._default_manager.filter(locale=locale) if one not in taken]
    best = max(rows, key=alike, default=None)
    is_only = not any(name in TELLING for name in said)
    return best if best and (is_only or alike(best)) else None


TELLING = {"project", "sentence"}  # of records of one kind, what no two have alike
