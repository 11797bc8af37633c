"""The site's first content, from the files of `initial_content/`, into a site that has none.

A file is a page and its place in the folders is its address: `initial_content/README.md`. What a
later release brings to a site that has some is `pages.releases`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site

from pages.models import Funding, NodePage, SiteIdentity

FOLDER = settings.BASE_DIR / "initial_content"
HOME = "home"
# Sent when the pages are there: a room above loads its own first rows where it has none.
rows_wanted = Signal()
REFERENCE = re.compile(r"page:([a-z0-9/-]*)")  # a page of this site by its address below the home
LINK = re.compile(rf'<a href="{REFERENCE.pattern}">(.*?)</a>', re.DOTALL)
GONE = object()  # what leads to a page that an editor deleted


@dataclass(frozen=True)
class PageFile:
    """What one file says of one page. `address` is the path below the home, empty for the home."""

    address: str
    model: type[Page]
    order: int
    fields: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return f"pages/{self.address}"

    @property
    def parent_address(self) -> str:
        return self.address.rpartition("/")[0]

    @property
    def slug(self) -> str:
        return self.address.rpartition("/")[2] or HOME


@dataclass(frozen=True)
class RecordFile:
    """What one file says of what frames every page: a snippet."""

    name: str
    model: type[models.Model]
    fields: dict[str, Any] = field(repr=False)


def read_records(folder: Path) -> Iterator[RecordFile]:
    files: list[tuple[str, type[models.Model], Path]] = [
        ("identity", SiteIdentity, folder / "_identity.toml")
    ]
    files += (
        (f"funding/{path.stem}", Funding, path)
        for path in sorted((folder / "_funding").glob("*.toml"))
    )
    for name, model, path in files:
        yield RecordFile(name, model, tomllib.loads(path.read_text(encoding="utf-8")))


def read_pages(folder: Path) -> list[PageFile]:
    """The pages of a language, parents before children, siblings in their order."""
    files = (
        path
        for path in folder.rglob("*.toml")
        if not path.relative_to(folder).as_posix().startswith("_")
    )
    pages = [_page_file(path, folder) for path in files]
    return sorted(
        pages,
        key=lambda page: (page.address != "", page.address.count("/"), page.order, page.address),
    )


def _page_file(path: Path, folder: Path) -> PageFile:
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    address = path.relative_to(folder).with_suffix("").as_posix()
    model = apps.get_model(fields.pop("type"))
    return PageFile("" if address == HOME else address, model, fields.pop("order", 0), fields)


@transaction.atomic
def load(language: str = settings.LANGUAGE_CODE) -> int:
    """Fill a site that has no home; one that has belongs to its editors. Returns the pages made."""
    if NodePage.objects.exists():
        return 0
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    locale = Locale.objects.get(language_code=language)
    folder = FOLDER / language
    made = make_pages(read_pages(folder), locale)
    _make_home_of_site(made[""])
    ids = {address: page.pk for address, page in made.items()}
    for file in read_records(folder):
        make_record(file, locale, ids)
    return len(made)


def follow_site_url() -> None:
    """Wagtail's record of the site says what SITE_URL says."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    Site.objects.filter(is_default_site=True).exclude(hostname=address.hostname, port=port).update(
        hostname=address.hostname, port=port
    )
    Site.clear_site_root_paths_cache()


def make_pages(
    files: list[PageFile], locale: Locale, there: Mapping[str, Page] | None = None
) -> dict[str, Page]:
    """Make every page, then fill and publish them: a link needs the page it leads to.

    `there` has the pages that may stand above them or be linked to, by their addresses.
    """
    made: dict[str, Page] = {}
    known = dict(there or {})
    for file in files:
        parent = known[file.parent_address] if file.address else Page.get_first_root_node()
        plain = {name: value for name, value in file.fields.items() if _is_plain(value)}
        page = file.model(slug=_free_slug(file.slug, parent), locale=locale, live=False, **plain)
        made[file.address] = known[file.address] = parent.add_child(instance=page)
    ids = {address: page.pk for address, page in known.items()}
    for file in files:
        _fill(made[file.address], file.fields, ids)
        made[file.address].save_revision().publish()
    return made


def make_record(file: RecordFile, locale: Locale, ids: Mapping[str, int]) -> models.Model:
    record = file.model(locale=locale)
    _fill(record, file.fields, ids)
    record.save()
    return record


def _is_plain(value: object) -> bool:
    return not isinstance(value, list | dict) and "page:" not in str(value)


def _free_slug(slug: str, parent: Page) -> str:
    """Wagtail's first page is called home until it is deleted; so are other languages' homes."""
    return slug if not parent.is_root() else f"{slug}-{parent.numchild}"


def _fill(instance: models.Model, fields: dict[str, Any], ids: Mapping[str, int]) -> None:
    for name, value in fields.items():
        model_field = instance._meta.get_field(name)
        found: Any = resolved(value, ids)
        if isinstance(model_field, StreamField):
            found = model_field.stream_block.to_python(found)
            list(found)  # read, so that lists are stored with ids: translations hang on them
        elif model_field.one_to_many:
            child: Any = model_field.related_model
            found = [child(sort_order=order, **row) for order, row in enumerate(found)]
        setattr(instance, name, found)


def resolved(value: object, ids: Mapping[str, int]) -> object:
    """The value with each `page:address` replaced: by an id in a chooser, by a link in text.

    `ids` has the pages by their addresses. What stands around a choice of a page that is not
    there is GONE, out of the list it is in; a link to one keeps its words.
    """
    if isinstance(value, list):
        return [found for part in value if (found := resolved(part, ids)) is not GONE]
    if isinstance(value, dict):
        parts = {name: resolved(part, ids) for name, part in value.items()}
        return GONE if GONE in parts.values() else parts
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("<"):
        value = " ".join(value.split()).replace(
            "</p> <", "</p><"
        )  # lines are for the file's reader
    reference = REFERENCE.fullmatch(value)
    if reference:
        return ids.get(reference[1], GONE)
    return LINK.sub(lambda found: _link(found[1], found[2], ids), value)


def _link(address: str, words: str, ids: Mapping[str, int]) -> str:
    number = ids.get(address)
    return words if number is None else f'<a linktype="page" id="{number}">{words}</a>'


def _make_home_of_site(home: Page) -> None:
    Site.objects.update_or_create(
        is_default_site=True, defaults={"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
    )
    follow_site_url()
    # The welcome page of Wagtail's own migration: of no type of ours, with nothing below it.
    top = Page.objects.child_of(Page.get_first_root_node())
    top.filter(content_type__app_label="wagtailcore", numchild=0).delete()
